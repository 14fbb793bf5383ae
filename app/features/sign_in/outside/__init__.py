"""Ways in by which somebody outside says who it is: the organ's sign-in. Slips and passwords stay."""
