"""How the branch's list is cut and ordered."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

from app.features.shows.duties.rules import SOON
from app.features.shows.duties.view import ShownDuty

LEAST_YEAR: Final = 2000


class View(StrEnum):
    """How much of the list is shown."""

    DUE = "due"  # due within a week, overdue, or waiting for an officer
    ALL = "all"  # everything that has not ended


def until(view: View, today: date) -> date | None:
    """Up to which due day a view goes; ``None`` for no end."""
    return today + SOON if view is View.DUE else None


def by_person(duties: Iterable[ShownDuty], order: Sequence[UUID]) -> list[tuple[str, list[ShownDuty]]]:
    """Names with their duties, in the given ``order`` of members; who is not in it comes last.

    The order is the one of all lists of people, by group and pinyin: how many duties somebody has changes nothing.
    """
    places = {member_id: place for place, member_id in enumerate(order)}
    in_order = sorted(duties, key=lambda duty: (places.get(duty.responsible_id, len(places)), duty.responsible_id))
    return [
        (name, list(theirs))
        for (_, name), theirs in groupby(in_order, key=lambda duty: (duty.responsible_id, duty.responsible))
    ]
