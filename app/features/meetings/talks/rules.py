"""Which talks there are, and what about one cannot be. Voluntary: never a fact, never points. Source: meetings §9."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _
from app.features.meetings.calendar.rules import Category
from app.features.meetings.events.rules import TooLongAgoError

YEARS_BACK: Final = 1


class WithOneselfError(ConflictError):
    code = "talk_with_oneself"
    message = _("A talk is between two people. Choose somebody else.")
    field = "partner_id"


class NotYetHeldError(ConflictError):
    code = "talk_not_yet_held"
    message = _("This day is still to come. A talk is noted when it was held.")
    field = "day"


class SaidNotSoError(ConflictError):
    code = "talk_said_not_so"
    message = _("%(name)s has said that this was not so. Ask there: who said it can take it back.")


def check_talk(one: UUID, other: UUID, day: date, today: date) -> None:
    """Let a talk be noted."""
    if one == other:
        raise WithOneselfError
    if day > today:
        raise NotYetHeldError
    if day.year < today.year - YEARS_BACK:
        raise TooLongAgoError(first=date(today.year - YEARS_BACK, 1, 1))


def talk_id(one: UUID, other: UUID, day: date) -> UUID:
    """Two people talk once a day, whoever notes it: the key says so."""
    low, high = sorted((one, other))
    return uuid5(low, f"talk/{high}/{day}")


def category_of(one: UUID, other: UUID, committee: Collection[UUID]) -> Category:
    """Which of the three lines of the calendar a talk is for."""
    return (Category.MEMBERS, Category.WITH_COMMITTEE, Category.COMMITTEE)[(one in committee) + (other in committee)]
