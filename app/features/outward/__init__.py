"""Reminders that leave the house: to whom, by which way, at most once; never more than "you have something to do"."""
