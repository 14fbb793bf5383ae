"""How to reach a wisher: sealed, opened only for those who need it, each look noted, erased in time (red line 10)."""
