"""The codes of an app: six digits that change every 30 seconds (RFC 6238), as every such app shows them. Pure."""

import hmac
from datetime import datetime
from typing import Final

import pyotp

STEP_S: Final = 30
STEPS_AROUND: Final = 1
"""Steps before and after the present one whose code is taken: clocks of phones differ."""


def new_secret() -> str:
    """160 random bits, as an app takes them."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step around ``now`` whose code this is, the latest first; ``None`` if it is none of them.

    Who takes a code notes its step: neither it nor an earlier one is good again.
    """
    totp = pyotp.TOTP(secret, interval=STEP_S)
    present = int(now.timestamp()) // STEP_S
    for step in range(present + STEPS_AROUND, present - STEPS_AROUND - 1, -1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def address_for(secret: str, *, name: str, issuer: str) -> str:
    """What the picture code says to the app."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=name, issuer_name=issuer)


def spelled(secret: str) -> str:
    """The secret for people who type it: in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
