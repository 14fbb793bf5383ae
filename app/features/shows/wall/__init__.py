"""The three shows of a whole branch: on a wall, on paper, and in the yearly sheet of pledges."""
