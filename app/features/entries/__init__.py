"""What officers enter because it was decided elsewhere, and another officer confirms."""
