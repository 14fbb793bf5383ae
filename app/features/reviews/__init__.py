"""Reviews: what waits for an officer's word, whatever stream it comes from, and what became of it."""
