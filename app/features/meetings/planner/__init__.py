"""A month and a year of a branch's meetings at one sight: the grid at the desk, and the two forms of a year."""
