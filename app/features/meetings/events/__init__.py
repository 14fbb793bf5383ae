"""Meetings as they are planned: what stands on the agenda, when, and who is expected."""
