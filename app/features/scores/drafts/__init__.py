"""Rule sets that are being changed: copied, edited, tried, published by two people."""
