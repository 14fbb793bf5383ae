"""How wishes come in: entered by collectors, verified, published on the branch's day, or referred elsewhere."""
