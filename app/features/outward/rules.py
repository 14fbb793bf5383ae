"""By which ways a notice may leave the house, to which addresses, and how often. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.notices.rules import EVERY, KEPT

BETWEEN: Final = EVERY
"""At least this lies between two notices of one person on one way, however much is due. Source: red line 7."""
KEPT_FOR: Final = KEPT
"""How long it is kept what was sent: as long as the reminder it spoke of."""
RETRIES: Final = (timedelta(hours=1), timedelta(hours=3), timedelta(hours=9))
"""How long after each attempt that failed the next one comes; then it ends."""
MOST_ATTEMPTS: Final = len(RETRIES) + 1
OPEN_FOR: Final = timedelta(days=1)
"""An older notice is not tried again: another one comes while there is something to do."""
LOST_AFTER: Final = timedelta(minutes=10)
"""Longer than any attempt takes: whoever began it was ended meanwhile, and whether it arrived nobody knows."""
CODE_GOOD_FOR: Final = timedelta(minutes=15)
CODE_TRIES: Final = 5
ASKED_A_DAY: Final = 10
"""Codes and trials of one person in 24 hours: nobody is written to at will."""
MOST_BROWSERS: Final = 5
TO_LENGTH: Final = 1000


class ChannelKind(Word):
    """The ways. A robot is one that a person has made in a chat of the own.

    The house has none in a group: it would say before everybody who has something to do.
    """

    PUSH = "push", _("Browser")
    MAIL = "mail", _("E-mail")
    WECOM = "wecom", _("WeCom")
    WECOM_ROBOT = "wecom_robot", _("WeCom, a robot of your own")
    DINGTALK = "dingtalk", _("DingTalk, a robot of your own")
    FEISHU = "feishu", _("Feishu, a robot of your own")


class ChannelState(Word):
    """How a person's way stands."""

    UNPROVEN = "unproven", _("waits for your code"), "need"
    ON = "on", _("on"), "ok"
    MUTED = "muted", _("paused")
    BROKEN = "broken", _("did not arrive"), "need"
    ENDED = "ended", _("switched off")


class Purpose(Word):
    """What a notice is sent for."""

    REMINDER = "reminder", _("Reminder")
    CODE = "code", _("Code")
    TRIAL = "trial", _("Trial")


class NoticeState(Word):
    """What became of a notice."""

    UNDERWAY = "underway", _("being sent")
    WAITING = "waiting", _("failed, is tried again")
    SENT = "sent", _("handed over"), "ok"
    GIVEN_UP = "given_up", _("failed, given up"), "need"
    UNKNOWN = "unknown", _("not known whether it arrived")
    DROPPED = "dropped", _("no longer needed")


class ServiceAnswer(Word):
    """What the service on the other side has said."""

    TAKEN = "taken", _("The service has taken it.")
    NO_SUCH_ADDRESS = (
        "no_such_address",
        _("The service does not know this address any more. Remove it here and set it up again."),
    )
    REFUSED = (
        "refused",
        _("The service refused it. It is tried again; if that goes on, tell the system administrator."),
    )
    UNREACHABLE = (
        "unreachable",
        _("The service cannot be reached from here just now. Please try again later, or choose another way."),
    )
    UNKNOWN = ("unknown", _("The service gave no answer. Look whether it has arrived; it is not sent twice."))


class Delivered(NamedTuple):
    """An answer, with what the service said of it for whoever looks after the installation: numbers and no names."""

    answer: ServiceAnswer
    detail: str = ""
    retry_after: timedelta | None = None


SUBJECT: Final = _("A reminder from Sanliang")
SAID: Final[Mapping[Purpose, LazyText]] = {
    Purpose.REMINDER: _("Sanliang: you have something to do. Open Sanliang to see what it is."),
    Purpose.CODE: _(
        "Sanliang: your code is %(code)s. Type it within 15 minutes on the page where you asked for it. "
        "If that was not you, there is nothing to do."
    ),
    Purpose.TRIAL: _("Sanliang: this is how you will be reminded. This one was a trial, there is nothing to do."),
}
"""All that ever leaves: no names, no titles, no numbers of things."""


class WayForm(NamedTuple):
    """What a person types for a way: how it is called, a hint, and whether a second secret goes with it."""

    label: LazyText
    hint: LazyText
    pattern: re.Pattern[str]
    wrong: LazyText
    secret: LazyText | None = None


ASKED: Final[Mapping[ChannelKind, WayForm]] = {
    ChannelKind.MAIL: WayForm(
        _("Your mail address"),
        _("Only fixed words are sent there, never what it is about."),
        re.compile(r"([\w.+-]{1,64}@(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24})", re.ASCII | re.IGNORECASE),
        _("This is no mail address. It looks like name@example.org."),
    ),
    ChannelKind.WECOM: WayForm(
        _("Your account name in WeCom"),
        _("As your organ's address book in WeCom has it; whoever looks after WeCom can tell you."),
        re.compile(r"((?!all$)[a-z\d][\w.@-]{0,63})", re.ASCII | re.IGNORECASE),
        _("Account names in WeCom are letters and digits, also . _ - and @."),
    ),
    ChannelKind.WECOM_ROBOT: WayForm(
        _("Address of your robot (webhook)"),
        _("Make a robot in a WeCom chat that you alone read, and copy its address here."),
        re.compile(r"(?:https?://\S*[?&]key=)?([\da-f-]{36})", re.ASCII | re.IGNORECASE),
        _("Copy the whole address of the robot. It ends with key= and 36 signs."),
    ),
    ChannelKind.DINGTALK: WayForm(
        _("Address of your robot (webhook)"),
        _("Make a robot in a DingTalk chat that you alone read, with a signature, and copy its address here."),
        re.compile(r"(?:https?://\S*[?&]access_token=)?([\da-f]{64})", re.ASCII | re.IGNORECASE),
        _("Copy the whole address of the robot. It ends with access_token= and 64 signs."),
        _("Its secret for signatures"),
    ),
    ChannelKind.FEISHU: WayForm(
        _("Address of your robot (webhook)"),
        _("Make a robot in a Feishu chat that you alone read, with a signature check, and copy its address here."),
        re.compile(r"(?:https?://\S*/hook/)?([\da-z-]{36})/?", re.ASCII | re.IGNORECASE),
        _("Copy the whole address of the robot. It ends with 36 signs."),
        _("Its secret for signatures"),
    ),
}
SECRET: Final = re.compile(r"[A-Za-z\d]{8,128}|", re.ASCII)
PUSH_SERVICES: Final = ("fcm.googleapis.com", ".push.apple.com", ".push.services.mozilla.com", ".notify.windows.com")
"""Hosts to which browsers are known to subscribe; with a dot in front, names below it."""


def address_of(kind: ChannelKind, typed: str) -> str | None:
    """What a way needs of what was typed, never a host: that one is the installation's. ``None``: it is none."""
    found = ASKED[kind].pattern.fullmatch(typed.strip())
    return found[1] if found else None


def is_push_service(endpoint: str, more: Collection[str] = ()) -> bool:
    """Whether ``endpoint`` is of a push service that is known, or that the installation has named in ``more``.

    Nobody lets this server call another address: only https, only these hosts, no user and no other port.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme != "https" or "@" in parts.netloc or "\\" in endpoint or len(endpoint) > TO_LENGTH:
        return False
    if f"https://{host}" + (f":{port}" if port else "") in more:
        return True
    return port in {None, 443} and any(
        host == name or (name.startswith(".") and host.endswith(name)) for name in PUSH_SERVICES
    )


def next_attempt(verdict: Delivered, *, attempts: int, begun_at: datetime, now: datetime) -> datetime | None:
    """When a notice is tried again that the service has certainly not taken; ``None``: never.

    An attempt without an answer is not repeated: it may have arrived, and nobody is told twice.
    """
    if verdict.answer not in {ServiceAnswer.REFUSED, ServiceAnswer.UNREACHABLE} or attempts >= MOST_ATTEMPTS:
        return None
    at = now + max(RETRIES[attempts - 1], verdict.retry_after or timedelta())
    return at if at - begun_at <= OPEN_FOR else None
