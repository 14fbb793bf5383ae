"""What a record of volunteering says. Source: domain README §6 (D2), quantified §8: half a day from three hours on."""

from collections.abc import Mapping
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from app.core.i18n import ngettext
from app.features.records.rules import Content
from app.features.reviews.rules import plain

MOST_HALF_DAYS: Final = 2
"""A record is of one day."""


class Volunteered(Content):
    """What somebody did for others on a day."""

    half_days: Annotated[int, Field(ge=1, le=MOST_HALF_DAYS)]
    """Whole half-days: the fact's shape has no others."""


def length(half_days: int) -> str:
    """``1 half-day``."""
    return ngettext("%(n)s half-day", "%(n)s half-days", half_days) % {"n": half_days}


def alike(one: Volunteered, neighbours: Mapping[UUID, Volunteered]) -> Mapping[UUID, Volunteered]:
    """Those ``neighbours`` for which ``one`` may be recorded twice; all, where the day has not room for them all."""
    if one.half_days + sum(other.half_days for other in neighbours.values()) > MOST_HALF_DAYS:
        return neighbours
    return {id_: other for id_, other in neighbours.items() if plain(other.title) == plain(one.title)}
