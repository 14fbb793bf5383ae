"""Numbers that would speak of a person, because so few are behind them."""

from typing import Final

SMALL_CELL: Final = 5
"""Fewer people than this stand in no number that reaches whoever does not know them, nor can be found by subtraction.

Source: domain, study §4, §5 and §9, quantified §6 (``<5``).
"""
