"""What a second factor is, who has to have one, and how often a code is good. Source: docs/domain.md §9."""

import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.core.i18n import lazy_gettext
from app.core.words import Word
from app.features.members.rules import ADMINISTRATORS, Role

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
