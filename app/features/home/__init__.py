"""Today and me: what waits for a person, and what is kept about them."""
