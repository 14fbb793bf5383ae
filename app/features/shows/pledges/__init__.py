"""Pledges of the year 亮承诺: written in January, kept in sight by a tap a quarter, evaluated when the year ends."""
