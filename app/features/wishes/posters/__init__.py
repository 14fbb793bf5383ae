"""The poster in the stairwell: an address of its own for each community, as a picture for a phone's camera."""
