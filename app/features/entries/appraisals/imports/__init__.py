"""Grades of quarters as a list that an officer brings in."""
