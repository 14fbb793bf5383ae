"""Study: what members learnt, as they recorded it."""
