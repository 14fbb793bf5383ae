"""Wishes from a table: a community's own list in Excel, looked at first, then taken in row by row."""
