"""One id, one outcome: what the phone hears about an item, now and whenever it asks again. Source: docs/sync.md."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from app.core.errors import AppError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.words import Word

MAX_PAYLOAD_BYTES: Final = 8 * 1024
RETRY_SECONDS: Final = 60
"""After this an item that tripped over a fault of ours is sent again."""
HELD_FOR: Final = timedelta(days=5)
"""How long an item waits for the one it depends on before an officer looks at it without."""
KIND_LENGTH: Final = 40
DEVICE_LENGTH: Final = 80
OCCURRED_LENGTH: Final = 40
"""Characters of a phone's time; ``2026-11-22T08:12:30.123456789+08:00`` has 35."""
CODE_LENGTH: Final = 40
MESSAGE_LENGTH: Final = 300


class Verdict(Word):
    """What the phone is told about one item; the words are for an officer who takes in its file."""

    ACCEPTED = "accepted", lazy_gettext("taken in"), "ok"
    DUPLICATE = "duplicate", lazy_gettext("was here already")
    REVIEW = "review", lazy_gettext("taken in, to be looked at"), "ok"
    HELD = "held", lazy_gettext("waits for another record")
    WITHDRAWN = "withdrawn", lazy_gettext("was withdrawn before")
    CONFLICT = "conflict", lazy_gettext("contradicts another record"), "need"
    REFUSED = "refused", lazy_gettext("not possible"), "need"
    RETRY = "retry", lazy_gettext("please try again later"), "need"


class ItemState(StrEnum):
    """Where an item stands today; the first verdict stays beside it."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    HELD = "held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


TAKEN: Final = frozenset({ItemState.ACCEPTED, ItemState.REVIEW})
"""States of items that their stream has."""
TOMBSTONES: Final = frozenset({ItemState.WITHDRAWN, ItemState.ERASED})
"""States in which only the id and the hash are left."""
STORED: Final = frozenset({Verdict.ACCEPTED, Verdict.REVIEW, Verdict.REFUSED})
"""Verdicts of a stream that are remembered."""
GOES_ON: Final = frozenset({Verdict.ACCEPTED, Verdict.REVIEW})
"""Verdicts of the door with which an item is given to its stream."""
LEAVES_NOTHING: Final = frozenset({Verdict.RETRY, Verdict.CONFLICT})
"""Verdicts after which a new item never was here: it comes again, or its id belongs to something else."""


class SyncOutcome(NamedTuple):
    """A verdict with its code for machines and its sentence for the person."""

    verdict: Verdict
    code: str | None = None
    message: str | None = None
    retry_after: int | None = None
    """Seconds, with ``retry`` only."""


ACCEPTED: Final = SyncOutcome(Verdict.ACCEPTED)


class KnownItem(NamedTuple):
    """What is known of an id that came before."""

    id: UUID
    member_id: UUID
    kind: str | None
    state: ItemState
    content_hash: str | None
    """None, like the kind, if the id was withdrawn before its content ever arrived."""
    verdict: Verdict | None
    code: str | None
    message: str | None
    handed_over_by_id: UUID | None = None
    """The officer who took it in from a file, if it came so."""


def outcome_again(known: KnownItem, *, member_id: UUID, content_hash: str) -> SyncOutcome:
    """What the phone hears when an id comes that came before, whatever today's rules would say.

    A refusal is said again as a refusal: "duplicate" would let the phone forget what nobody has.
    """
    if known.member_id != member_id:
        return SyncOutcome(Verdict.CONFLICT, "not_yours", _("This record's number belongs to somebody else's record."))
    if known.state in TOMBSTONES:
        return withdrawn()
    if known.content_hash != content_hash:
        return SyncOutcome(
            Verdict.CONFLICT, "content_differs", _("Another record with this number has already arrived. Compare them.")
        )
    verdict = Verdict.REFUSED if known.verdict is Verdict.REFUSED else Verdict.DUPLICATE
    return SyncOutcome(verdict, known.code, known.message)


def held() -> SyncOutcome:
    """The outcome of an item whose predecessor has not come."""
    days = HELD_FOR // timedelta(days=1)
    message = _(
        "Waiting for another record that has to come first; after %(days)s days an officer looks at it without."
    )
    return SyncOutcome(Verdict.HELD, "predecessor_missing", message % {"days": days})


def withdrawn() -> SyncOutcome:
    """The outcome of an item whose id has a tombstone."""
    return SyncOutcome(Verdict.WITHDRAWN, "withdrawn", _("This record was withdrawn; nothing of it comes back."))


def for_review(reasons: Mapping[str, object]) -> SyncOutcome:
    """The outcome of an item that an officer should look at: reasons by code, the weightiest first.

    Without reasons the item is accepted like any other.
    """
    if not reasons:
        return ACCEPTED
    why = " ".join(str(sentence) for sentence in reasons.values())
    message = _("Recorded. An officer will look at it: %(why)s") % {"why": why}
    return SyncOutcome(Verdict.REVIEW, next(iter(reasons)), message[:MESSAGE_LENGTH])


def refused(code: str, message: str) -> SyncOutcome:
    """The outcome of an item that can never be taken in as it is."""
    return SyncOutcome(Verdict.REFUSED, code, message[:MESSAGE_LENGTH])


def refused_by(error: AppError) -> SyncOutcome:
    """The outcome of an item that its stream refuses; an id that is taken is a conflict, as it is at the door."""
    if error.code in ("content_differs", "not_yours"):
        return SyncOutcome(Verdict.CONFLICT, error.code, error.sentence)
    return refused(error.code, error.sentence)


def later() -> SyncOutcome:
    """The outcome of an item that could not be dealt with now, for no fault of its own."""
    message = _("This could not be stored just now. It stays on the phone and is sent again.")
    return SyncOutcome(Verdict.RETRY, "later", message, RETRY_SECONDS)


def state_after(verdict: Verdict) -> ItemState:
    """The state of an item that has just got ``verdict``.

    Raises:
        ValueError: a verdict that leaves no item behind (``retry``, ``duplicate``, ``conflict``).
    """
    return ItemState(verdict.value)
