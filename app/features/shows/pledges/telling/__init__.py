"""How a pledge goes, once a quarter, and how it ended."""
