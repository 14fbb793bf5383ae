"""What came of wishes: the list and summary of a month, the picture of a year. Numbers of wishes, never of people."""
