"""The calendar of what the regulations ask of a branch."""
