"""Quantities and points are whole hundredths inside; here numbers as typed become hundredths, and columns text."""

from decimal import Decimal, InvalidOperation
from typing import Final

from app.core.i18n import gettext as _

HUNDREDTHS: Final = 100
LARGEST: Final = 1_000_000 * HUNDREDTHS
"""Nothing counted in a branch comes near a million; a larger number is a slip of the keyboard."""


def parse_hundredths(number: str) -> int:
    """A decimal number as typed ("7.5") in hundredths (750).

    Raises:
        ValueError: not a plain number, more than two decimal places, or beyond ``LARGEST``; with a sentence.
    """
    try:
        value = Decimal(number.strip())
    except InvalidOperation:
        raise ValueError(_("“%s” is not a number.") % number) from None
    if not value.is_finite() or abs(value) > LARGEST // HUNDREDTHS:
        raise ValueError(_("“%s” is not a number that can be counted.") % number)
    scaled = value * HUNDREDTHS
    if scaled != int(scaled):
        raise ValueError(_("“%s” has more than two decimal places.") % number)
    return int(scaled)


def two_places(value: int) -> str:
    """Hundredths for machines and columns, always with two decimal places: 750 is "7.50"."""
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // HUNDREDTHS}.{abs(value) % HUNDREDTHS:02d}"
