"""Who may say from outside who somebody is, and whom that opens. Source: docs/decisions/0064. Pure."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.members.rules import PERMISSIONS, Role

TRIP_LASTS: Final = timedelta(minutes=10)
"""From the button to the way back: so long the browser's own half is kept, here and there."""
TRIPS_AN_HOUR: Final = 3000
"""Begun from one address: a whole organ at nine o'clock."""
CLOCKS_DIFFER_S: Final = 60
"""Seconds by which the clock of the one who says it may be off."""
PROVED_WITHIN: Final = timedelta(minutes=2)
"""How long ago somebody may have typed a password elsewhere, for it to count here as typed now."""
LABEL_LENGTH: Final = 60
NEXT_LENGTH: Final = 500


class Way(Word):
    """Who says it."""

    OIDC = "oidc", _("the organ's sign-in")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    GATEWAY = "gateway", _("the organ's gateway")


class Purpose(StrEnum):
    """What somebody went outside for."""

    ENTER = "enter"
    LINK = "link"
    CONFIRM = "confirm"


class MadeBy(Word):
    """How a link came about."""

    SELF = "self", _("by yourself")
    NUMBER = "number", _("by the member number")


@dataclass(frozen=True, slots=True)
class OutsideIdentity:
    """What was said outside of somebody, once it is sure that it was said there, to us and now."""

    way: Way
    place: str
    """Whose word it is: the issuer, the corporation, the application."""
    subject: str
    """Who is meant, for ever and to nobody else; case counts."""
    label: str
    """What the person is called there, for its own eyes."""
    number: str = ""
    """The member number that is claimed, where there is one."""
    proved_at: datetime | None = None
    """When the person last proved itself there, where that is said."""

    @property
    def digest(self) -> str:
        """Way, place and subject as one: what is kept of them."""
        return hashlib.sha256("\0".join((self.way.value, self.place, self.subject)).encode()).hexdigest()


class WayIn(StrEnum):
    """What somebody who is known outside finds here."""

    OPEN = "open"
    BY_NUMBER = "by_number"
    UNKNOWN = "unknown"
    NEEDS_MORE = "needs_more"


def decides(roles: Iterable[Role]) -> bool:
    """Whether one of these posts may do more than a member without a post."""
    return any(PERMISSIONS[role] for role in roles)


def entry_by_link(*, made_by: MadeBy, has_post: bool, has_factor: bool) -> WayIn:
    """What a link opens.

    Whoever runs the sign-in outside could come as anybody. So a post is never opened by that word alone, nor by a link
    that its holder has not made: who holds one gives the own second step as well.
    """
    return WayIn.NEEDS_MORE if has_post and (made_by is MadeBy.NUMBER or not has_factor) else WayIn.OPEN


def entry_by_number(*, is_believed: bool, was_opened: bool, is_linked: bool, has_post: bool) -> WayIn:
    """What a claimed number opens, once: an account that nobody has ever opened, of a member without a post."""
    return WayIn.BY_NUMBER if is_believed and not (was_opened or is_linked or has_post) else WayIn.UNKNOWN


def may_link(*, has_post: bool, has_factor: bool) -> bool:
    """Whether somebody who is in may link an account of outside: with a post only beside a second step."""
    return has_factor or not has_post


def part_of(token: str, state: str, what: str) -> str:
    """A secret of one trip (43 characters), made of what the browser alone has: here it is kept nowhere."""
    made = hmac.new(token.encode(), f"{what}:{state}".encode(), hashlib.sha256).digest()
    return made.hex()[:43]


def is_proved(said: OutsideIdentity, now: datetime) -> bool:
    """Whether the person proved itself outside so lately that it counts as done now."""
    return said.proved_at is not None and abs(now - said.proved_at) <= PROVED_WITHIN


def kept_label(called: str, subject: str) -> str:
    """What a link is called in its owner's list."""
    name = " ".join("".join(sign for sign in called if sign.isprintable()).split())
    return (name or subject)[:LABEL_LENGTH]
