"""The door for phones: one batch in, one verdict per item out, after the commit."""
