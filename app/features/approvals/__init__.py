"""The officer's desk for everything that waits to be decided."""
