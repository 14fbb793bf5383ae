"""Exact points: hundredths as integers, fractions of hundredths only until a rule rounds its sum."""

from fractions import Fraction
from math import floor

from app.core.formats import hundredths

Exact = int | Fraction
"""Hundredths of a point, exact."""

_HALF = Fraction(1, 2)


def quotient(dividend: int, divisor: int) -> Exact:
    """Exact; an integer where nothing is left over, as almost always, because integers are cheaper to add."""
    whole, rest = divmod(dividend, divisor)
    return Fraction(dividend, divisor) if rest else whole


def half_up(value: Exact) -> int:
    """Rounded to whole hundredths, halves upwards."""
    return value if isinstance(value, int) else floor(value + _HALF)


def within(value: Exact, lowest: Exact, highest: Exact) -> Exact:
    """The value, or the limit it went beyond."""
    return max(lowest, min(value, highest))


def capped(value: Exact, cap: int | None) -> Exact:
    """At most ``cap`` gained or, for a deduction, at most ``cap`` lost; no cap, no limit."""
    return value if cap is None else within(value, -cap, cap)


def figure(value: Exact) -> str:
    """Points in a sentence: 750 is "7.5", −200 is "−2" with a true minus sign."""
    return hundredths(half_up(value)).replace("-", "−")
