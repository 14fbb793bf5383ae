"""What the committee can decide to count, and what its entry says. Source: domain README §6; quantified §8. Pure."""

from datetime import date
from typing import Final

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.rules import FactType
from app.features.records.rules import check_day

DOCUMENT_LENGTH: Final = 60
MOST_POINTS: Final = 2
"""What one task can bring, as the committee decides."""


class What(Word):
    """What is decided on."""

    TASK = "task", FactType.TASK_URGENT.label
    SUGGESTION = "suggestion", FactType.BONUS_SUGGESTION.label
    COMMENDATION = "commendation", FactType.BONUS_COMMENDATION.label


class OwnEntryError(ForbiddenError):
    field = "member_id"
    message = _("This is about you. Another officer enters it.")


class NotSaidError(BadInputError):
    message = _("Please fill this in: without it, it cannot be confirmed.")

    def __init__(self, field: str) -> None:
        """``field`` is what is missing."""
        super().__init__()
        self.field = field


class FutureMeetingError(BadInputError):
    """A meeting that has not been held."""

    field = "decided_on"
    message = _("This day has not come yet.")


class EnteredAlreadyError(ConflictError):
    field = "title"
    message = _("This is entered already for the same person and day. Nothing was added.")


def check_said(
    what: What,
    *,
    day: date,
    decided_on: date | None,
    points: int | None,
    level: object,
    document: str | None,
    today: date,
) -> None:
    """Let an entry pass that says what its kind wants, of days that have come.

    Raises:
        NotSaidError: the committee's day (task, suggestion), the points (task), the level or the document
            (commendation) is missing.
    """
    is_task, is_commendation = what is What.TASK, what is What.COMMENDATION
    wanted = {
        "points": points if is_task else 1,
        "level": level if is_commendation else 1,
        "document": document if is_commendation else 1,
        "decided_on": 1 if is_commendation else decided_on,
    }
    for field, said in wanted.items():
        if not said:
            raise NotSaidError(field)
    check_day(day, today=today)
    if decided_on and decided_on > today:
        raise FutureMeetingError
