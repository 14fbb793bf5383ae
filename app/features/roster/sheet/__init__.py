"""What stands in the file of a roster: its columns, and what each cell says."""
