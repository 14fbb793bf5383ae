"""The democratic review 民主评议: ballots, means, the third that may be excellent."""
