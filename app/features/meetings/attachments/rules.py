"""How somebody is attached to another branch for a time, and until when. Source: domain, meetings §1, §2."""

from datetime import date, timedelta
from typing import Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.leave.rules import LONG_STAY
from app.features.reviews.rules import ReviewStatus

REACH: Final = timedelta(days=3 * 366)
"""So far ahead it may end, and a third of it back may it have begun. Ours: a secondment takes up to three years."""
AROUND: Final = timedelta(days=31)
"""Whoever took part in the other branch so many days before or after is taken to do so instead. Ours."""


class AttachmentKind(Word):
    """Why somebody takes part elsewhere."""

    SECONDED = "seconded", _("seconded")
    FLOATING = "floating", _("floating member")
    TEMPORARY = "temporary", _("temporary Party branch")
    STUDY = "study", _("studying")


class State(Word):
    """Where it stands, by what was decided and by the day."""

    ASKED = "asked", _("waits for the other branch")
    RETURNED = "returned", _("returned"), "need"
    AHEAD = "ahead", _("agreed")
    RUNNING = "running", _("takes part there"), "ok"
    OVER = "over", _("over")


class OwnAttachmentError(ConflictError):
    message = _("This is about yourself: another officer of the branch, or the other branch, enters and ends it.")


class SameBranchError(ConflictError):
    message = _("Choose another branch: this is the member's own.")
    field = "branch"


class NobodyChosenError(BadInputError):
    message = _("Choose who it is.")
    field = "member_id"


class NobodyOfThisNameError(ConflictError):
    message = _("In that branch nobody, or more than one, has this name. Check it, or let that branch enter it.")
    field = "name"


class AttachedAlreadyError(ConflictError):
    message = _("Attached to %(host)s in these days, or waiting for it. End that first, or choose other days.")
    field = "first"


class DaysOutOfReachError(ConflictError):
    message = _("It begins within the last year or later, ends after that, and within three years. Check the days.")
    field = "first"


def check_days(first: date, last: date | None, *, today: date) -> None:
    """Let days pass that can be meant."""
    ends = last or first
    if not today - REACH / 3 <= first <= ends <= today + REACH:
        raise DaysOutOfReachError


def last_day(last: date | None, ended_on: date | None) -> date | None:
    """The last day of it: as agreed, or as it was ended before; ``None``: open."""
    return min((day for day in (last, ended_on) if day), default=None)


def state_of(status: ReviewStatus, first: date, last: date | None, *, today: date) -> State | None:
    """Where it stands; ``None`` for what was withdrawn."""
    if status is ReviewStatus.WITHDRAWN:
        return None
    if status is not ReviewStatus.APPROVED:
        return State.ASKED if status is ReviewStatus.PENDING else State.RETURNED
    if last and last < max(first, today):
        return State.OVER
    return State.RUNNING if first <= today else State.AHEAD


def asks_for_move(first: date, last: date | None, *, today: date) -> bool:
    """Whether the relation may have to move: half a year and longer at one place (JY25)."""
    return (last or today) - first >= LONG_STAY
