"""In which order the desk shows what is to be done, and who does it. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.wishes.rules import HELD, Status


class Pile(StrEnum):
    """What a wish waits for, in the order of the desk: what the desk itself can do stands first."""

    COMPLETE = "complete"
    VERIFY = "verify"
    PUBLISH = "publish"
    CONFIRM = "confirm"
    REVISIT = "revisit"
    UNCLAIMED = "unclaimed"
    ROUND = "round"
    OUT = "out"
    HELD = "held"


TITLES: Final[Mapping[Pile, LazyText]] = MappingProxyType(
    {
        Pile.COMPLETE: _("To complete and hand in"),
        Pile.VERIFY: _("To verify"),
        Pile.PUBLISH: _("Verified, to be published"),
        Pile.CONFIRM: _("Handed over: has it arrived?"),
        Pile.REVISIT: _("Realised: did it help?"),
        Pile.UNCLAIMED: _("Nobody claimed them"),
        Pile.ROUND: _("Waiting for the next round"),
        Pile.OUT: _("On the board"),
        Pile.HELD: _("In the hands of members"),
    }
)
TO_DO: Final = frozenset({Pile.COMPLETE, Pile.VERIFY, Pile.PUBLISH, Pile.CONFIRM, Pile.REVISIT, Pile.UNCLAIMED})
"""Where the desk has to do something; the rest is for knowing."""
_OF_STATUS: Final[Mapping[Status, Pile]] = MappingProxyType(
    {
        Status.DRAFT: Pile.COMPLETE,
        Status.RETURNED: Pile.COMPLETE,
        Status.PUBLISHED: Pile.OUT,
        **dict.fromkeys(HELD, Pile.HELD),
        Status.TO_CONFIRM: Pile.CONFIRM,
        Status.REALISED: Pile.REVISIT,
        Status.EXPIRED: Pile.UNCLAIMED,
        Status.NEXT_ROUND: Pile.UNCLAIMED,
    }
)


def pile_of(status: Status, *, is_verified: bool, is_planned: bool) -> Pile:
    """Where a wish in hand lies.

    Raises:
        KeyError: it has come to its end, and lies on no desk.
    """
    if is_planned:
        return Pile.ROUND
    if status is Status.TO_VERIFY:
        return Pile.PUBLISH if is_verified else Pile.VERIFY
    return _OF_STATUS[status]
