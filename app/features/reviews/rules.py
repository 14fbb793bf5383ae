"""When a record may be decided, by whom and how often. Source: docs/domain.md §1 (four eyes), §3 and §4."""

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.reviews.errors import (
    AlreadyDecidedError,
    FlaggedError,
    NotYourDecisionError,
    OwnRecordError,
    UndoOverError,
    WithdrawnError,
)

UNDO_LASTS: Final = timedelta(minutes=10)
"""How long after a decision its officer can take it back."""
REASON_LENGTH: Final = 200
"""Characters of the sentence with which a record is returned."""
BATCH: Final = 100
"""Records that can be decided in one go; the queue shows 50 on a page."""


class ReviewStatus(Word):
    """Where a record stands."""

    PENDING = "pending", _("waiting for approval")
    APPROVED = "approved", _("approved"), "ok"
    RETURNED = "returned", _("returned"), "need"
    WITHDRAWN = "withdrawn", _("withdrawn")


class ReturnReason(Word):
    """What kind of reason a record was returned for: what reports count, beside the sentence that the member reads."""

    UNCLEAR = "unclear", _("does not say enough")
    DAY_OR_LENGTH = "day_or_length", _("day or length is not right")
    KIND = "kind", _("belongs to another kind")
    TWICE = "twice", _("recorded twice")
    NOT_HERE = "not_here", _("is not for here")
    OTHER = "other", _("something else")


class Flag(Word):
    """Why a record wants a look of its own; such a record is never approved together with others."""

    CLOCK_SKEW = "clock_skew", _("The phone's clock was wrong; please check the day.")
    AFTER_END = "after_end", _("The code of the room was typed after the end.")
    CODE_EXPIRED = "code_expired", _("The code was no longer valid at that time.")
    DIFFERS = "differs", _("The organiser and the code of the room say different things.")
    HANDED_OVER = "handed_over", _("It came as a file that an officer handed in for the member.")
    ONE_DEVICE = "one_device", _("Three people or more typed the code on one phone.")
    LATE_UPLOAD = "late_upload", _("Recorded long after the day it happened.")
    OVERLAP = "overlap", _("Much like another record of the same day; perhaps it was recorded twice.")
    PERIOD_CLOSED = "period_closed", _("The year it belongs to is closed; it would count in the current month.")
    TOO_EARLY = "too_early", _("The code of the room was typed more than an hour before the beginning.")
    UNCHECKED = "unchecked", _("It came so late that the code could no longer be checked.")
    PREDECESSOR_MISSING = "predecessor_missing", _("What it builds on never arrived.")
    WOULD_BE_REFUSED = (
        "would_be_refused",
        _("The phone already said that this does not fit; it was recorded all the same."),
    )


_WEIGHTIEST_FIRST: Final = (
    Flag.WOULD_BE_REFUSED,
    Flag.PREDECESSOR_MISSING,
    Flag.DIFFERS,
    Flag.CODE_EXPIRED,
    Flag.UNCHECKED,
    Flag.TOO_EARLY,
    Flag.AFTER_END,
    Flag.ONE_DEVICE,
    Flag.CLOCK_SKEW,
    Flag.PERIOD_CLOSED,
    Flag.LATE_UPLOAD,
    Flag.OVERLAP,
    Flag.HANDED_OVER,
)


def reasons(flags: Collection[Flag]) -> dict[str, LazyText]:
    """The sentences of ``flags`` by their codes, the weightiest first."""
    return {flag.value: flag.label for flag in _WEIGHTIEST_FIRST if flag in flags}


def plain(title: str) -> str:
    """A title without what people write now this way and now that: width, case, spaces, brackets, punctuation."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def check_four_eyes(*, decider_id: UUID, member_id: UUID, recorded_by_id: UUID) -> None:
    """Let an officer decide who neither did nor recorded it (docs/domain.md §1).

    Raises:
        OwnRecordError: it is about the decider, or was recorded by the decider.
    """
    if decider_id in (member_id, recorded_by_id):
        raise OwnRecordError


def check_open(status: ReviewStatus, *, decided_by: str) -> None:
    """Let a record be decided that waits for it. ``decided_by`` is the name of who was faster.

    Raises:
        AlreadyDecidedError: another officer was faster; the sentence names who.
        WithdrawnError: the member took it back.
    """
    if status is ReviewStatus.WITHDRAWN:
        raise WithdrawnError
    if status is not ReviewStatus.PENDING:
        raise AlreadyDecidedError(name=decided_by, outcome=status.label)


def check_looked_at(flags: Collection[Flag], *, acknowledged: bool) -> None:
    """Let a flagged record be approved alone, by somebody who says to have looked.

    Raises:
        FlaggedError: it is flagged, and nobody said so.
    """
    if flags and not acknowledged:
        raise FlaggedError


def check_undo(*, decided_by_id: UUID | None, decided_at: datetime | None, actor_id: UUID, now: datetime) -> None:
    """Let the officer who decided take it back while ``UNDO_LASTS``.

    Raises:
        NotYourDecisionError: another officer decided.
        UndoOverError: the time is over.
    """
    if decided_by_id != actor_id:
        raise NotYourDecisionError
    check_in_time(decided_at, now=now)


def check_in_time(done_at: datetime | None, *, now: datetime) -> None:
    """Let what was done at ``done_at`` be taken back while ``UNDO_LASTS``."""
    if done_at is None or now - done_at > UNDO_LASTS:
        raise UndoOverError(minutes=UNDO_LASTS // timedelta(minutes=1))
