"""What was said at a meeting, item by item."""
