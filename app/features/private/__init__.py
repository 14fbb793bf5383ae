"""How people outside are reached: sealed, agreed to, never named where others read (red line 10)."""
