"""A member's year of education hours, a branch's coverage, and what a committee says of online hours."""
