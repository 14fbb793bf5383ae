"""The numbers of signing in. Source: docs/domain.md §9."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.core.messages import is_own_path
from app.features.members.rules import ADMINISTRATORS, Role, phone_number

DEVICE_COOKIE: Final = "sanliang_device"
"""What a browser is known by to the accounts that were opened on it; it opens nothing."""
COOKIE: Final = "sanliang_session"
"""The key of a session; behind TLS its name begins with ``HOST_ONLY`` (``door.cookie_name``)."""
HERE_COOKIE: Final = "sanliang_here"
"""Who has signed in here, for scripts of pages that open from the phone: an id that every page names, and no key."""
HOST_ONLY: Final = "__Host-"
"""Browsers take a cookie of such a name from this very host alone, and only encrypted: no neighbour can plant one."""
PHONE_SESSION: Final = timedelta(days=30)
"""How long a phone stays signed in after it signed in."""
DESK_IDLE: Final = timedelta(minutes=30)
ADMINISTRATOR_IDLE: Final = timedelta(minutes=15)
TOUCH_EVERY: Final = timedelta(minutes=1)
"""How exact "idle" is: a session's last use is written at most this often."""
CONFIRMATION_LASTS: Final = timedelta(minutes=10)
"""How long after typing the password a sensitive act does not ask for it again."""


class SessionKind(StrEnum):
    """Where a session lives; a desk may be shared, a phone is somebody's own."""

    PHONE = "phone"
    DESK = "desk"


def is_alive(
    *, kind: SessionKind, created_at: datetime, used_at: datetime, roles: frozenset[Role], now: datetime
) -> bool:
    """Whether a session that was not revoked may still be used at ``now``."""
    if now - created_at > PHONE_SESSION:
        return False
    if roles & ADMINISTRATORS:
        return now - used_at <= ADMINISTRATOR_IDLE
    return kind is SessionKind.PHONE or now - used_at <= DESK_IDLE


def is_recent(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether the password was typed so lately that a sensitive act need not ask for it."""
    return confirmed_at is not None and now - confirmed_at <= CONFIRMATION_LASTS


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """So many wrong passwords ``within`` a time close the door for the time of ``lock``."""

    failures: int
    within: timedelta
    lock: timedelta


HERE_LIMIT: Final = FailureLimit(5, within=timedelta(minutes=15), lock=timedelta(minutes=15))
"""One account from one place: a device that the account was opened on before, or else an address. Source:
docs/domain.md §9."""
ACCOUNT_LIMIT: Final = FailureLimit(50, within=timedelta(hours=1), lock=timedelta(minutes=15))
"""One account from everywhere: many addresses guessing together. Others can bring it about, so it locks nobody: while
it lasts, an unknown device has one attempt where it had five (``CAREFUL_LIMIT``)."""
ADDRESS_LIMIT: Final = FailureLimit(100, within=timedelta(hours=1), lock=timedelta(minutes=15))
"""Every account from one address: one password tried on everybody. An organ often has a single address for all its
desks, so honest typing errors of a whole building must fit, and it locks nobody either."""
CAREFUL_LIMIT: Final = FailureLimit(1, within=timedelta(minutes=15), lock=timedelta(minutes=15))
"""One account from one address while somebody guesses: whoever types it right the first time is in."""
ACCOUNT_CEILING: Final = FailureLimit(500, within=timedelta(hours=1), lock=timedelta(minutes=15))
"""One account from everywhere, beyond which unknown devices wait. Known ones and slips stay open."""
ADDRESS_CEILING: Final = FailureLimit(600, within=timedelta(hours=1), lock=timedelta(minutes=15))
"""Every account from one address, likewise."""
DEVICE_KNOWN: Final = timedelta(days=400)
"""How long a browser on which an account was opened is known without being used; browsers keep no cookie longer."""
FAILURES_MATTER: Final = max(
    limit.within + limit.lock for limit in (HERE_LIMIT, ACCOUNT_LIMIT, ADDRESS_LIMIT, ACCOUNT_CEILING, ADDRESS_CEILING)
)
"""After this time a failure can lock nothing any more."""
CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""Failures further ahead were noted by a clock that was wrong and has been set right since. They lock nothing, or a
door would stay locked until that time comes."""


def locked_until(failed_at: Sequence[datetime], limit: FailureLimit) -> datetime | None:
    """When the lock that these failures (newest first) put on the door ends, or ``None`` if they are too few.

    While the door is locked nothing is tried and so nothing new is counted: the lock ends when it was said to.
    """
    newest = failed_at[: limit.failures]
    if len(newest) < limit.failures or newest[0] - newest[-1] > limit.within:
        return None
    return newest[0] + limit.lock


def landing(wanted: str) -> str:
    """Where to go after signing in: ``wanted`` if it is an address in this house, else the today page."""
    return wanted if is_own_path(wanted) else "/"


_BROWSERS: Final = (
    ("wxwork", "WeCom"),
    ("micromessenger", "WeChat"),
    ("dingtalk", "DingTalk"),
    ("lark", "Feishu"),
    ("feishu", "Feishu"),
    ("huaweibrowser", "Huawei Browser"),
    ("miuibrowser", "Mi Browser"),
    ("vivobrowser", "vivo Browser"),
    ("heytapbrowser", "OPPO Browser"),
    ("ucbrowser", "UC"),
    ("quark", "Quark"),
    ("qqbrowser", "QQ Browser"),
    ("edg", "Edge"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
"""Signs in the user agent, the telling ones first: nearly every browser also calls itself Chrome and Safari."""
_SYSTEMS: Final = (
    ("harmony", "HarmonyOS"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("kylin", "Kylin"),
    ("uos", "UOS"),
    ("windows", "Windows"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
)


def kind_of_device(user_agent: str) -> SessionKind:
    """A phone says so in its browser's name; everything else is treated as a desk."""
    return SessionKind.PHONE if "Mobile" in user_agent or "Android" in user_agent else SessionKind.DESK


def device_name(user_agent: str) -> str:
    """``WeChat · Android``: browser and system, or as much of it as can be told; empty when nothing can."""
    signs = user_agent.lower()
    names = (next((name for sign, name in table if sign in signs), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(name for name in names if name)


_NUMBER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,19}")


@dataclass(frozen=True, slots=True)
class Login:
    """One of the two, or neither when nobody can be called that."""

    phone: str | None = None
    member_number: str | None = None

    @property
    def key(self) -> str:
        """What wrong passwords for somebody unknown are counted under.

        Whatever can be no login is counted as one: it may be a password typed into the wrong field,
        of which not even a digest should be kept.
        """
        return self.phone or self.member_number or "unreadable"


def read_login(typed: str) -> Login:
    """``+86 138-0000-0011``, ``１３８…`` and the like are a phone number, other words a member number."""
    try:
        return Login(phone=phone_number(typed))
    except ValueError:
        folded = "".join(unicodedata.normalize("NFKC", typed).split())
        return Login(member_number=folded if _NUMBER.fullmatch(folded) else None)
