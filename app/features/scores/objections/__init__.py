"""Objections 异议: what a member sees differently of the own sheet, and how it is answered."""
