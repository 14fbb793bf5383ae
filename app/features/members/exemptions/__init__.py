"""Times in which members are not scored."""
