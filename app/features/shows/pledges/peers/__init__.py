"""What colleagues saw of a pledge, in branches that ask them. Words for people to read, never numbers."""
