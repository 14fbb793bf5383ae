"""One captured thing from the door to its stream: always the same value, moved on by ``replace``."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from app.core import clock, phone_time
from app.features.ledger.periods import open_from
from app.features.reviews.rules import Flag, reasons
from app.features.sync import times
from app.features.sync.rules import ACCEPTED, SyncOutcome, for_review

P = TypeVar("P", bound=BaseModel)


class ChosenDay(BaseModel):
    """The content of a kind whose day a person may choose."""

    model_config = {"str_strip_whitespace": True, "extra": "ignore"}

    day: date | None = None
    """What stood in the field, by the phone's calendar; nothing when nobody touched it. A clock can be wrong about a
    day, the person who chose it is asked: it is kept as it is, and an officer looks at it."""

    def is_said(self, on: date | None, *, today: date) -> bool:
        """Whether a chosen day is that of the act by the phone's calendar, ``on``, and not after ``today``."""
        return self.day is None or (self.day == on and times.EARLIEST.date() < self.day <= today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Generic[P]):
    """One well-formed item. The store has its first part; what it says and how it fares is found on the way."""

    id: UUID
    member_id: UUID
    branch_id: UUID
    device_id: str
    handed_over_by_id: UUID | None = None
    """The officer who took it in from a file."""
    kind: str
    content: str | None
    """Canonical JSON; None for a refused item, which stays on the phone."""
    content_hash: str
    occurred_as_sent: str
    occurred_at: datetime
    """By the phone's clock."""
    corrected_at: datetime
    """By our clock."""
    received_at: datetime
    seq: int = 0
    depends_on: UUID | None = None
    made_offline: bool = False
    would_be_refused: str | None = None
    outcome: SyncOutcome = ACCEPTED
    """What the phone hears if it is new."""

    payload: P = None  # type: ignore[assignment]  # a stream gets none without
    """The content as its kind reads it; None for a refused item."""
    about: UUID | None = None
    """The other item that it is about, if its very purpose is that one."""
    happened_at: datetime = None  # type: ignore[assignment]  # nor without this
    """When it is said to have happened: by the phone's corrected clock or, if that is impossible and nobody has chosen
    the day, on arrival.

    The branch-local day of it is the day the act belongs to. An officer looks at the latter in any case; the phone's
    own words stay beside it.
    """
    flags: frozenset[Flag] = frozenset()
    """Why an officer should look, as far as is known before the stream has looked."""

    @property
    def recorded_by_id(self) -> UUID:
        """The member, or the officer who handed the item over from a file."""
        return self.handed_over_by_id or self.member_id

    @property
    def after(self) -> UUID | None:
        """The item that has to be dealt with before this one, if that is on its way too."""
        return None if Flag.PREDECESSOR_MISSING in self.flags else self.about or self.depends_on


def at_its_turn(item: Item[P], *, predecessor_missing: bool = False) -> Item[P]:
    """The item with when it happened, why an officer should look and what its phone hears if it is new.

    All of it follows from the item's row alone, so that a held one keeps it. Source: docs/sync.md, "Time".
    """
    implausible = times.is_implausible(item.corrected_at, received_at=item.received_at)
    if isinstance(item.payload, ChosenDay) and item.payload.day:
        implausible = item.corrected_at > item.received_at + times.MOST_AHEAD
    day, today = clock.local_day(item.corrected_at), clock.local_day(item.received_at)
    before_this_cycle = not implausible and day < date(today.year, 1, 1)
    found = {
        Flag.CLOCK_SKEW: implausible or not phone_time.read(item.occurred_as_sent).has_offset,
        Flag.HANDED_OVER: item.handed_over_by_id is not None,
        Flag.LATE_UPLOAD: before_this_cycle and day >= open_from(today),
        Flag.PERIOD_CLOSED: before_this_cycle and day < open_from(today),
        Flag.PREDECESSOR_MISSING: predecessor_missing,
        Flag.WOULD_BE_REFUSED: item.would_be_refused is not None,
    }
    flags = frozenset(flag for flag, applies in found.items() if applies)
    happened_at = item.received_at if implausible else item.corrected_at
    outcome = for_review(reasons(flags)) if flags else ACCEPTED
    return replace(item, flags=flags, happened_at=happened_at, outcome=outcome)
