"""Votes: who is entitled, what is needed, what came of it."""
