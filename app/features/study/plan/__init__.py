"""The study plan of a month: made, taken over, read, printed; nobody is listed who did not follow it."""
