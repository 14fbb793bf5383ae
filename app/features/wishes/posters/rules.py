"""The word in the address of a community's poster. Pure."""

import re
import secrets
from typing import Final

ALPHABET: Final = "23456789abcdefghjkmnpqrstvwxyz"
"""Small letters and digits that paper and voice do not confuse: who has no camera types the address."""
TOKEN_LENGTH: Final = 16
"""Signs: 78 bits. Nobody finds a poster without having seen it."""
_TOKEN: Final = re.compile(rf"[{ALPHABET}]{{{TOKEN_LENGTH}}}")


def new_token() -> str:
    """The word of a new poster."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))


def read_token(word: str) -> str | None:
    """The word that was meant by an address: some phones make its first letter a capital."""
    meant = word.strip().lower()
    return meant if _TOKEN.fullmatch(meant) else None
