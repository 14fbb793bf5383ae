"""What is done from above: an archived sheet is opened again, and a small branch has its other officer."""
