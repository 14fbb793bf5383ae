"""What is told, how it is signed and how often it is tried. Pure.

Signature and headers are those of Standard Webhooks 1.0 (standardwebhooks.com), which receivers verify with a library.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult

from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

NAME_LENGTH: Final = 60
ADDRESS_LENGTH: Final = 300
SECRET_BYTES: Final = 32
SECRET_FORM: Final = rf"^whsec_[A-Za-z0-9+/]{{{(SECRET_BYTES + 2) // 3 * 4 - 1}}}=$"
MOST: Final = 20
"""Webhooks of an installation: each fact is written down once for each of them."""
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""How long after each attempt that failed the next one comes; after the last it is given up, three days in all."""
UNDER_WAY: Final = timedelta(minutes=2)
"""How long whoever sends one keeps it from the others; who dies meanwhile leaves it to be sent again."""
KEPT: Final = timedelta(days=30)
"""How long it is remembered what was delivered and what was given up."""


class Happening(Word):
    """What a webhook may be told of."""

    FACT_CONFIRMED = "fact.confirmed", _("A fact was confirmed")
    FACT_TAKEN_BACK = "fact.taken_back", _("A fact was taken back")
    PLEDGE_ENDED = "pledge.ended", _("The end of a pledge was confirmed")
    MEETING_PLANNED = "meeting.planned", _("A meeting was planned")
    MEETING_CHANGED = "meeting.changed", _("A meeting was changed")
    MEETING_POSTPONED = "meeting.postponed", _("A meeting was put on another day or hour")
    MEETING_CANCELLED = "meeting.cancelled", _("A meeting was cancelled")
    MEETING_RECORDED = "meeting.recorded", _("Attendance of a meeting was recorded")
    TEST = "test", _("A test")


OFFERED: Final = tuple(kind for kind in Happening if kind is not Happening.TEST)


class Trouble(Word):
    """Why an attempt failed."""

    STATUS = "status", _("answered otherwise than with success")
    UNREACHABLE = "unreachable", _("not reached, or no answer in time")
    NOT_TRUSTED = "not_trusted", _("its certificate is not trusted")
    NOT_ALLOWED = "not_allowed", _("its address is one that webhooks do not reach")
    NO_KEY = "no_key", _("the server does not find its key")


class WhyNot(Word):
    """Why an address cannot be told."""

    FORM = "form", _("Write the whole address, like https://host/path, without a name or password in it.")
    PLAIN = "plain", _("An address outside your own network needs https://.")
    INNER = (
        "inner",
        _(
            "This address leads to this machine itself, or to none. Whoever looks after the server may allow it with "
            "SANLIANG_WEBHOOK_NETWORKS."
        ),
    )
    UNKNOWN = "unknown", _("This name cannot be found in the network. Please check it.")
    TOO_MANY = "too_many", _("There are %(most)s already: end one first.")
    NOTHING = "nothing", _("Please choose at least one.")


def check_form(parts: SplitResult) -> None:
    """Let an address pass that can be one."""
    try:
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.username is not None or parts.password is not None or parts.fragment:
        raise ImpossibleError(WhyNot.FORM, at="url")


def check_reached(scheme: str, addresses: Collection[str], allowed: Iterable[str]) -> None:
    """Let pass what may be asked: receivers are often inside the own network, and never this machine.

    This machine, its link (where clouds keep their keys) and addresses of nobody are refused, as far as no network of
    ``allowed`` has them. Without encryption only private addresses are asked.

    Raises:
        ImpossibleError: one of the ``addresses`` of the name may not.
    """
    networks = [ip_network(name) for name in allowed]
    if not addresses:
        raise ImpossibleError(WhyNot.UNKNOWN, at="url")
    for name in addresses:
        address = _plain(ip_address(name))
        if any(address in network for network in networks):
            continue
        if (
            address.is_loopback
            or address.is_link_local
            or address.is_multicast
            or address.is_unspecified
            or address.is_reserved
        ):
            raise ImpossibleError(WhyNot.INNER, at="url")
        if scheme != "https" and not address.is_private:
            raise ImpossibleError(WhyNot.PLAIN, at="url")


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address that is meant: an IPv4 one may be dressed as IPv6."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address


def new_secret() -> str:
    """A secret of 256 random bits, as the standard writes one."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,…``: the HMAC-SHA256 of id, moment (Unix seconds) and body with the bytes behind ``whsec_``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; ``None``: it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
