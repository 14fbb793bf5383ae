"""Vetoes 一票否决: entered by one, confirmed by another, and lifted by two again."""
