"""Posts of members, with their terms."""
