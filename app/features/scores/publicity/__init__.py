"""The facts of a quarter or a year, shown to the branch before anybody decides on them."""
