"""What a branch or its committee decided by vote: computed, explained, and kept as it was."""
