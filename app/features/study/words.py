"""Lengths of study in words."""

from app.core.i18n import ngettext


def length(minutes: int) -> str:
    """``30 minutes``, ``1.5 hours``; a length that is no whole quarter of an hour stays in minutes."""
    if minutes < 60 or minutes % 15:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours_said = f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
    return ngettext("%(n)s hour", "%(n)s hours", 1 if minutes == 60 else 2) % {"n": hours_said}


def hours(minutes: int) -> str:
    """Education hours of 60 minutes, rounded down to a tenth: 1919 minutes are not yet ``32``."""
    return f"{minutes * 10 // 60 / 10:.1f}".removesuffix(".0")
