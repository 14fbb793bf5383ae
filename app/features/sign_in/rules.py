"""The numbers of signing in. Source: domain README §9."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.features.members.rules import ADMINISTRATORS, Role

COOKIE: Final = "sanliang_session"
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


def kind_of_device(user_agent: str) -> SessionKind:
    """A phone says so in its browser's name; everything else is treated as a desk."""
    return SessionKind.PHONE if "Mobile" in user_agent or "Android" in user_agent else SessionKind.DESK
