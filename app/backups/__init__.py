"""Backups: made, kept, tried and put in place, for both databases."""
