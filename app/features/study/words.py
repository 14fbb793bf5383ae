"""Lengths of study in words."""

from app.core.i18n import gettext as _


def length(minutes: int) -> str:
    """``30 minutes``, ``1.5 hours``; a length that is no whole quarter of an hour stays in minutes."""
    if minutes < 60 or minutes % 15:
        return _("%(n)s minutes") % {"n": minutes}
    return _("%(n)s hours") % {"n": f"{minutes / 60:.2f}".rstrip("0").rstrip(".")}


def hours(minutes: int) -> str:
    """Education hours of 60 minutes, rounded down to a tenth: 1919 minutes are not yet ``32``."""
    return f"{minutes * 10 // 60 / 10:.1f}".removesuffix(".0")
