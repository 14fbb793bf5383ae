"""The wisher's own word: the link of the slip, and taking a wish back."""
