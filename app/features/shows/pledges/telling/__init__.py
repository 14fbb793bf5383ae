"""What is said of an approved pledge: how it goes, and how it ended."""
