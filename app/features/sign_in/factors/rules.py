"""What a second factor is, who has to have one, and how often a code is good. Source: docs/domain.md §9."""

import hmac
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import pyotp

from app.core.errors import BadInputError, ConflictError, ForbiddenError, NotSignedInError
from app.core.i18n import lazy_gettext
from app.core.words import Word
from app.features.members.rules import ADMINISTRATORS, Role


class FactorNeededError(NotSignedInError):
    code = "second_factor_needed"
    message = lazy_gettext("One more step: please confirm with your second device.")
    remedy = "/sign-in/second"


class WrongCodeError(BadInputError):
    field = "code"
    message = lazy_gettext(
        "This code does not fit, or it was used already. Wait for the next one in your app and type that."
    )


class WrongPasskeyError(BadInputError):
    message = lazy_gettext("This passkey does not fit. Please try again, or type a code.")


class KnownFactorError(ConflictError):
    message = lazy_gettext("This device is on your list already. Please add another one.")


class TooManyFactorsError(ConflictError):
    message = lazy_gettext("There are %(n)s devices on your list. Remove one that you no longer use first.")


class LastFactorError(ConflictError):
    message = lazy_gettext("Administrators always keep one. Add another device first, then remove this one.")


class StaleSecretError(BadInputError):
    message = lazy_gettext("This page is too old. Open it again and scan the new picture.")


class NoFactorError(BadInputError):
    field = "login"
    message = lazy_gettext("Nobody with this number has a second factor. Please check the number.")


class NotSecondPersonError(ForbiddenError):
    """The same person twice, or the person concerned."""

    message = lazy_gettext("This takes two: another administrator confirms it, not you.")


class AlreadyProposedError(ConflictError):
    field = "login"
    message = lazy_gettext("This waits already: another administrator can confirm it below.")


AWAITED_FOR: Final = timedelta(minutes=10)
"""How long after the password the second factor may be given."""
MOST: Final = 10
"""Factors of one person. Two are right: when one is lost, the other opens."""
RECOVERY_CODES: Final = 10
RECOVERY_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that are not mistaken for each other on paper."""
RECOVERY_LENGTH: Final = 12
"""Characters of a code: 60 bits, which nobody guesses."""
RESET_LASTS: Final = timedelta(days=7)
"""How long the first administrator's word waits for the second."""
_CODE: Final = re.compile(r"\d{6}")


class FactorKind(Word):
    """What proves, beside the password, that it is the person."""

    APP = "app", lazy_gettext("Code from an app")
    PASSKEY = "passkey", lazy_gettext("Passkey")


class ResetState(StrEnum):
    """What became of the first administrator's word."""

    WAITING = "waiting"
    DONE = "done"
    ENDED = "ended"


def must_have_one(roles: frozenset[Role], *, is_demo: bool) -> bool:
    """Whether the password alone is never enough: for administrators of real people."""
    return bool(roles & ADMINISTRATORS) and not is_demo


def new_recovery_codes() -> Iterator[str]:
    """Codes that open once each, when no device is at hand."""
    for _ in range(RECOVERY_CODES):
        yield "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))


def readable(code: str) -> str:
    """A recovery code as it is written down: ``ABCD-EFGH-JKLM``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> tuple[str, bool]:
    """The code that was ``typed``, in whatever way, and whether it is one that an app shows."""
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return plain, _CODE.fullmatch(plain) is not None


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
