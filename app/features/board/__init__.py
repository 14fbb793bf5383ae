"""The committee's board: one row a branch, in the order of names; where help is needed, and whom to ring."""
