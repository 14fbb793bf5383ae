"""Why an officer should look at an item, as far as the door for phones can know. Source: docs/sync.md, "Time"."""

from datetime import date, datetime
from typing import Final

from app.core import clock, phone_time
from app.core.errors import AppError
from app.core.i18n import gettext as _
from app.features.inbox.arrivals import Arrival
from app.features.inbox.rules import Outcome, Verdict, refused
from app.features.ledger.periods import open_from
from app.features.reviews.rules import Flag
from app.features.sync import times

MAX_PAYLOAD_BYTES: Final = 8 * 1024
RETRY_SECONDS: Final = 60
"""After this an item that tripped over a fault of ours is sent again."""
STORED: Final = frozenset({Verdict.ACCEPTED, Verdict.REVIEW, Verdict.REFUSED})
"""Verdicts of a stream that the inbox remembers."""
LEAVES_NOTHING: Final = frozenset({Verdict.RETRY, Verdict.CONFLICT})
"""Verdicts after which a new item never was here: it comes again, or its id belongs to something else."""


def flags_at_the_door(item: Arrival, *, predecessor_missing: bool = False) -> frozenset[Flag]:
    """The flags of an item. They follow from its row alone, so that a held one keeps them."""
    implausible = times.is_implausible(item.corrected_at, received_at=item.received_at)
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
    return frozenset(flag for flag, applies in found.items() if applies)


def later() -> Outcome:
    """The outcome of an item that could not be dealt with now, for no fault of its own."""
    message = _("This could not be stored just now. It stays on the phone and is sent again.")
    return Outcome(Verdict.RETRY, "later", message, RETRY_SECONDS)


def refused_by(error: AppError) -> Outcome:
    """The outcome of an item that its stream refuses; a taken id is a conflict, as it is in the inbox."""
    if error.code in ("content_differs", "not_yours"):
        return Outcome(Verdict.CONFLICT, error.code, error.sentence)
    return refused(error.code, error.sentence)


def believed_time(item: Arrival) -> datetime:
    """When an act is said to have happened: by the phone's corrected clock or, if that is impossible, on arrival.

    An officer looks at the latter in any case; the phone's own words stay beside it.
    """
    implausible = times.is_implausible(item.corrected_at, received_at=item.received_at)
    return item.received_at if implausible else item.corrected_at
