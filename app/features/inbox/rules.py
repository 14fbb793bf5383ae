"""One id, one outcome: what the phone hears about an item, now and whenever it asks again. Source: docs/sync.md."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import gettext as _

HELD_FOR: Final = timedelta(days=5)
"""How long an item waits for the one it depends on before an officer looks at it without."""
KIND_LENGTH: Final = 40
DEVICE_LENGTH: Final = 80
OCCURRED_LENGTH: Final = 40
"""Characters of a phone's time; ``2026-11-22T08:12:30.123456789+08:00`` has 35."""
CODE_LENGTH: Final = 40
MESSAGE_LENGTH: Final = 300


class Verdict(StrEnum):
    """What the phone is told about one item."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REVIEW = "review"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    CONFLICT = "conflict"
    REFUSED = "refused"
    RETRY = "retry"


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
BURIED: Final = frozenset({ItemState.WITHDRAWN, ItemState.ERASED})
"""States in which only the id and the hash are left."""


class Outcome(NamedTuple):
    """A verdict with its code for machines and its sentence for the person."""

    verdict: Verdict
    code: str | None = None
    message: str | None = None
    retry_after: int | None = None
    """Seconds, with ``retry`` only."""


ACCEPTED: Final = Outcome(Verdict.ACCEPTED)


class First(NamedTuple):
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


def outcome_again(first: First, *, member_id: UUID, content_hash: str) -> Outcome:
    """What the phone hears when an id comes that came before, whatever today's rules would say.

    A refusal is said again as a refusal: "duplicate" would let the phone forget what nobody has.
    """
    if first.member_id != member_id:
        return Outcome(Verdict.CONFLICT, "not_yours", _("This record's number belongs to somebody else's record."))
    if first.state in BURIED:
        return withdrawn()
    if first.content_hash != content_hash:
        return Outcome(
            Verdict.CONFLICT, "content_differs", _("Another record with this number has already arrived. Compare them.")
        )
    verdict = Verdict.REFUSED if first.verdict is Verdict.REFUSED else Verdict.DUPLICATE
    return Outcome(verdict, first.code, first.message)


def held() -> Outcome:
    """The outcome of an item whose predecessor has not come."""
    days = HELD_FOR // timedelta(days=1)
    message = _(
        "Waiting for another record that has to come first; after %(days)s days an officer looks at it without."
    )
    return Outcome(Verdict.HELD, "predecessor_missing", message % {"days": days})


def withdrawn() -> Outcome:
    """The outcome of an item whose id lies in its grave."""
    return Outcome(Verdict.WITHDRAWN, "withdrawn", _("This record was withdrawn; nothing of it comes back."))


def for_review(reasons: Mapping[str, object]) -> Outcome:
    """The outcome of an item that an officer should look at: reasons by code, the weightiest first.

    Without reasons the item is accepted like any other.
    """
    if not reasons:
        return ACCEPTED
    why = " ".join(str(sentence) for sentence in reasons.values())
    message = _("Recorded. An officer will look at it: %(why)s") % {"why": why}
    return Outcome(Verdict.REVIEW, next(iter(reasons)), message[:MESSAGE_LENGTH])


def refused(code: str, message: str) -> Outcome:
    """The outcome of an item that can never be taken in as it is."""
    return Outcome(Verdict.REFUSED, code, message[:MESSAGE_LENGTH])


def state_after(verdict: Verdict) -> ItemState:
    """The state of an item that has just got ``verdict``.

    Raises:
        ValueError: a verdict that leaves no item behind (``retry``, ``duplicate``, ``conflict``).
    """
    return ItemState(verdict.value)
