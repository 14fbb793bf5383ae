"""What is still asked of a branch, out of what was held: the calendar of duties in one line."""
