"""When a round is, and where else somebody can turn. Pure."""

from datetime import date, timedelta
from typing import Final

from app.core.i18n import lazy_gettext as _

LAST_DAY: Final = 28
"""The last day that every month has."""
A_DAY: Final = timedelta(days=1)
SENTENCE_LENGTH: Final = 200
CHANNELS: Final = (
    _("12345 government hotline"),
    _("Community service station"),
    _("Civil affairs: relief and assistance"),
    _("Disabled persons' federation"),
    _("Women's federation"),
    _("Trade union"),
    _("Legal aid 12348"),
    _("Housing and property service"),
)
"""Where wishes are often in better hands; an officer may write another one."""


def next_round(day: int, today: date) -> date:
    """The next date that is the ``day`` of its month (1 to 28), today included."""
    this_month = today.replace(day=day)
    if this_month >= today:
        return this_month
    return (today.replace(day=1) + timedelta(days=31)).replace(day=day)
