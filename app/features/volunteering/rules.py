"""What a record of volunteering says. Source: domain README §6 (D2), quantified §8: half a day from three hours on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from app.core.i18n import lazy_gettext as _
from app.core.i18n import ngettext
from app.features.records.rules import NewRecord
from app.features.reviews.rules import plain

TITLE_LENGTH: Final = 120
MOST_HALF_DAYS: Final = 2
"""A record is of one day."""
UNTITLED: Final = _("Volunteering")
"""What it is called where nobody has said more (no form asks for words, red line 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVolunteering(NewRecord):
    """What somebody did, as it was captured."""

    half_days: int


class Volunteered(Protocol):
    """What is compared of two records of the same member and day, new or stored."""

    @property
    def title(self) -> str:
        """What it was."""

    @property
    def half_days(self) -> int:
        """How much of the day it took."""


def length(half_days: int) -> str:
    """``1 half-day``."""
    return ngettext("%(n)s half-day", "%(n)s half-days", half_days) % {"n": half_days}


def alike(one: Volunteered, neighbours: Mapping[UUID, Volunteered]) -> Mapping[UUID, Volunteered]:
    """Those ``neighbours`` for which ``one`` may be recorded twice; all, where the day has not room for them all."""
    if one.half_days + sum(other.half_days for other in neighbours.values()) > MOST_HALF_DAYS:
        return neighbours
    return {id_: other for id_, other in neighbours.items() if plain(other.title) == plain(one.title)}
