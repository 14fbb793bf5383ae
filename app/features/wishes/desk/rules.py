"""In which order the desk shows what is to be done, when a round is, and where else somebody can turn. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.wishes.carrying.rules import revisit_from, revisit_until
from app.features.wishes.rules import ACTIVE, Status


class NoDayError(BadInputError):
    field = "day"
    message = _("Choose the day of the month first on which your branch publishes.")


class NeedsContactError(ConflictError):
    message = _(
        "This wish is %(state)s: whoever holds it has to reach the wisher. If the wisher wants the contact erased now, "
        "take the wish back."
    )


class Pile(Word):
    """What a wish waits for, in the order of the desk: what the desk itself can do stands first."""

    COMPLETE = "complete", _("To complete and hand in")
    VERIFY = "verify", _("To verify")
    PUBLISH = "publish", _("Verified, to be published")
    CONFIRM = "confirm", _("Handed over: has it arrived?")
    REVISIT = "revisit", _("Realised: did it help?")
    UNCLAIMED = "unclaimed", _("Nobody claimed them")
    ROUND = "round", _("Waiting for the next round")
    OUT = "out", _("On the board")
    ACTIVE = "held", _("In the hands of members")
    LATER = "later", _("Realised: too early to look back, or somebody does")


TO_DO: Final = frozenset({Pile.COMPLETE, Pile.VERIFY, Pile.PUBLISH, Pile.CONFIRM, Pile.REVISIT, Pile.UNCLAIMED})
"""Where the desk has to do something; the rest is for knowing."""
_PILES: Final[Mapping[Status, Pile]] = MappingProxyType(
    {
        Status.DRAFT: Pile.COMPLETE,
        Status.RETURNED: Pile.COMPLETE,
        Status.PUBLISHED: Pile.OUT,
        **dict.fromkeys(ACTIVE, Pile.ACTIVE),
        Status.TO_CONFIRM: Pile.CONFIRM,
        Status.EXPIRED: Pile.UNCLAIMED,
        Status.NEXT_ROUND: Pile.UNCLAIMED,
    }
)


def pile_of(
    status: Status,
    *,
    is_verified: bool,
    is_planned: bool,
    fulfilled_on: date | None,
    is_looked_back_at: bool,
    today: date,
) -> Pile:
    """Where a wish in hand lies. Looking back is to be done from its first day on, unless somebody has taken it over.

    Raises:
        KeyError: it has come to its end, and lies on no desk.
    """
    if is_planned:
        return Pile.ROUND
    if status is Status.TO_VERIFY:
        return Pile.PUBLISH if is_verified else Pile.VERIFY
    if status is Status.REALISED:
        is_early = fulfilled_on is not None and today < revisit_from(fulfilled_on)
        return Pile.LATER if is_early or is_looked_back_at else Pile.REVISIT
    return _PILES[status]


def next_day(
    status: Status,
    *,
    goes_out_on: date | None,
    wanted_by: date | None,
    fulfil_by: date | None,
    fulfilled_on: date | None,
) -> date | None:
    """The one day that matters next for a wish in hand: its round, its promise, or the end of the time to look back.

    What was handed over and waits to be confirmed has the day on which that was; ``None``: no day is known.
    """
    if goes_out_on is not None:
        return goes_out_on
    if status in ACTIVE:
        return fulfil_by
    if status is Status.TO_CONFIRM:
        return fulfilled_on
    if status is Status.REALISED and fulfilled_on is not None:
        return revisit_until(fulfilled_on)
    return wanted_by


LAST_DAY: Final = 28
"""The last day that every month has."""
A_DAY: Final = timedelta(days=1)
CHANNELS: Final = (
    _("12345 government hotline"),
    _("Community service station"),
    _("Civil affairs: relief and assistance"),
    _("Disabled persons' federation"),
    _("Women's federation"),
    _("Trade union"),
    _("Legal aid 12348"),
    _("Housing and property service"),
)
"""Where wishes are often in better hands; an officer may write another one."""


def next_round(day: int, today: date) -> date:
    """The next date that is the ``day`` of its month (1 to 28), today included."""
    this_month = today.replace(day=day)
    if this_month >= today:
        return this_month
    return (today.replace(day=1) + timedelta(days=31)).replace(day=day)
