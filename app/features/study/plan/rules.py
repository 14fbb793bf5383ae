"""What the study plan of a month may say, and which months are open. Pure. Source: domain, study §2 and §8."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.months import months_later
from app.core.words import Word
from app.features.study.rules import StudyKind

SPEAKER_LENGTH: Final = 40
AHEAD: Final = 12
"""Months that a plan reaches ahead."""
ROWS: Final = 5
"""Items that one form takes."""


class Expected(Word):
    """Whom an item is for."""

    ALL = "all", _("All members")
    GROUP = "group", _("Each group")
    COMMITTEE = "committee", _("The branch committee")


class MonthOverError(ConflictError):
    """The plan of a month that is over, or one too far ahead."""

    code = "month_over"
    message = _("The plan of a month that is over stays as it was; a new one reaches a year ahead at most.")


class NoItemError(BadInputError):
    """A form without anything in it."""

    code = "no_item"
    field = "title_1"
    message = _("Please write at least one title.")


class NothingChosenError(BadInputError):
    """Nothing is ticked."""

    code = "nothing_chosen"
    field = "ids"
    message = _("Please choose at least one.")


class MeetingElsewhereError(BadInputError):
    """A meeting of another month or branch, or one for what everybody studies alone."""

    code = "meeting_elsewhere"
    field = "event_id"
    message = _("Choose a meeting of this month; what everybody studies alone has none.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item of a plan as it is written."""

    title: str
    kind: StudyKind
    expected: Expected = Expected.ALL
    speaker: str | None = None
    event_id: UUID | None = None
    """The meeting at which it is studied; ``None``: in the course of the month."""


def is_open(month: date, today: date) -> bool:
    """Whether the plan of ``month`` (its first day) may still be changed: from this month to a year ahead."""
    this = today.replace(day=1)
    return month.day == 1 and this <= month <= months_later(this, AHEAD)


def is_done_alone(kind: StudyKind, event_id: UUID | None) -> bool:
    """Whether members say themselves that they studied it: what is studied at a meeting is ticked there."""
    return event_id is None and kind is not StudyKind.ORGANISED
