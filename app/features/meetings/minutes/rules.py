"""Minutes: one text for each item of an agenda, and who reads it. Source: domain, meetings §1, §11, §12."""

from typing import Final

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.rules import Capacity

TEXT_LENGTH: Final = 4000
TOPIC_LENGTH: Final = 120


class WrittenMeanwhileError(ConflictError):
    message = _(
        "%(name)s saved these minutes after you opened them. What stands now is shown above your text: put the two "
        "together, then save again."
    )


class NotHeldError(ConflictError):
    message = _("This meeting was cancelled: there are no minutes of it.")


def may_read(kind: Kind, *, is_officer: bool, capacity: Capacity | None) -> bool:
    """Whether somebody reads the minutes of an item: officers of the branch, and who is expected.

    Those of the committee are read by its members alone. Every officer of a branch sits in its committee.
    """
    return is_officer or (capacity is Capacity.COMMITTEE if kind is Kind.COMMITTEE else capacity is not None)
