"""Who somebody says to be: a phone number or a member number, in any of the forms people type. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.features.members.rules import phone_number

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
