"""How long a slip is good, how its code looks, what is said and refused. Pure. Who may print: ``members.standing``."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext
from app.core.words import Word

VALID_FOR: Final = timedelta(days=14)
"""A slip is good until the end of the day this long after its printing."""
MOST_AT_ONCE: Final = 300
"""Slips of one printing; the largest branch has far fewer members."""
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which paper and voice confuse with others; five bits a sign."""
CODE_LENGTH: Final = 12
"""Signs: 60 bits. At the hundred attempts an hour that an address has, guessing one of a million slips takes longer
than a hundred years."""
GROUP: Final = 4


class UnknownCodeError(BadInputError):
    field = "code"
    message = lazy_gettext("This code is not right. Please compare it with your slip, sign by sign.")


class ExpiredSlipError(BadInputError):
    field = "code"
    message = lazy_gettext("This slip was valid until %(day)s. Your secretary can print you a new one.")


class SpentSlipError(BadInputError):
    field = "code"
    message = lazy_gettext("This slip has been used, or there is a newer one. Your secretary can print you a new one.")


class OverruledSlipError(BadInputError):
    """Since it was printed its holder was given a post, or who printed it no longer may."""

    field = "code"
    message = lazy_gettext(
        "This slip is no longer good, because posts have changed since it was printed. Please ask for a new one."
    )


class FoundedAlreadyError(ConflictError):
    message = lazy_gettext(
        "There are organisations already. New slips for administrators: sanliang slip with their phone number."
    )


class SamePersonError(BadInputError):
    message = lazy_gettext("The system and the business administrator are different people with a phone each.")


class UnknownMemberError(BadInputError):
    message = lazy_gettext("No member has this phone or member number.")


class SlipState(Word):
    """What became of the last slip that was printed for somebody."""

    NEVER = "never", lazy_gettext("not printed yet")
    VALID = "valid", lazy_gettext("valid")
    USED = "used", lazy_gettext("used")
    EXPIRED = "expired", lazy_gettext("expired")


@dataclass(frozen=True, slots=True)
class LastSlip:
    """The last slip of somebody."""

    id: UUID
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def state(self, now: datetime) -> SlipState:
        """What it is good for at ``now``."""
        if self.used_at is not None:
            return SlipState.USED
        return SlipState.VALID if self.expires_at > now else SlipState.EXPIRED


_READ_AS: Final = str.maketrans("ILO", "110")


def new_code() -> str:
    """A fresh code without its dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def code_of(secret: str) -> str:
    """The code that belongs to ``secret``, which nobody can guess: the same one each time."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in hashlib.sha256(secret.encode()).digest()[:CODE_LENGTH])


def readable(code: str) -> str:
    """``K7QM2XNB9DFH`` → ``K7QM-2XNB-9DFH``."""
    return "-".join(code[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def read_code(typed: str) -> str | None:
    """The code that was meant: small letters, spaces, dashes, full-width signs and O for 0 are understood."""
    folded = unicodedata.normalize("NFKC", typed).upper().translate(_READ_AS)
    code = "".join(sign for sign in folded if sign.isalnum())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None
