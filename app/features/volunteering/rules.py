"""What a record of volunteering says. Source: domain README §6 (D2), quantified §8: half a day from three hours on."""

from typing import Annotated, Final

from pydantic import Field

from app.core.i18n import ngettext
from app.features.records.rules import Content

MOST_HALF_DAYS: Final = 2
"""A record is of one day."""


class Volunteered(Content):
    """What somebody did for others on a day."""

    OF_A_DAY = ("half_days", MOST_HALF_DAYS)

    half_days: Annotated[int, Field(ge=1, le=MOST_HALF_DAYS)]
    """Whole half-days: the fact's shape has no others."""


def length(half_days: int) -> str:
    """``1 half-day``."""
    return ngettext("%(n)s half-day", "%(n)s half-days", half_days) % {"n": half_days}
