"""The order of names, and how a name is found by what people type. Lists sort by these, never by a number."""

import re
from collections.abc import Mapping
from typing import Final

from app.core import pinyin

SURNAME_READINGS: Final[Mapping[str, str]] = {
    "单": "shan4",
    "曾": "zeng1",
    "仇": "qiu2",
    "解": "xie4",
    "区": "ou1",
    "任": "ren2",
    "查": "zha1",
    "朴": "piao2",
    "翟": "zhai2",
    "华": "hua4",
    "盖": "ge3",
    "覃": "qin2",
    "乐": "yue4",
    "缪": "miao4",
    "召": "shao4",
    "尉": "yu4",
    "种": "chong2",
    "纪": "ji3",
}
"""Characters that are read otherwise when they are a surname; dictionaries of words do not know that."""

_ORDINAL: Final = re.compile(r"第([零一二三四五六七八九十百]+|\d+)")
_DIGITS: Final = "零一二三四五六七八九"
_UNITS: Final[Mapping[str, int]] = {"十": 10, "百": 100}


def pinyin_key(name: str) -> str:
    """The key by which lists of people are sorted: pinyin with tones, syllable by syllable.

    Lists sort by group and this, never by any number (red line 1).
    """
    syllables = pinyin.syllables(name, tones=True)
    if name[:1] in SURNAME_READINGS and syllables:
        syllables[0] = SURNAME_READINGS[name[0]]
    return " ".join(syllables).lower()[:120]


def place_key(name: str) -> str:
    """The key by which organisations are sorted: pinyin, but 第二党支部 comes after 第一 and before 第三."""
    counted = _ORDINAL.sub(lambda ordinal: f"第{_numeral(ordinal[1]):03}", name)
    return " ".join(pinyin.syllables(counted, tones=True)).lower()[:240]


def is_meant(typed: str, *, name: str, pinyin: str, phone: str | None = None) -> bool:
    """Whether ``typed`` means this person: part of the name, its pinyin or initials, or the phone's last digits.

    ``zxl``, ``zhaoxl``, ``xiaolan`` and ``晓岚`` all mean 赵晓岚; a phone number needs its last three digits.
    """
    wanted = typed.replace(" ", "").casefold()
    if wanted.isdecimal():
        return len(wanted) >= 3 and phone is not None and phone.endswith(wanted)
    if wanted in name.replace(" ", "").casefold():
        return True
    syllables = re.sub(r"\d", "", pinyin).split()
    return any(_spells(wanted, syllables[start:]) for start in range(len(syllables)))


def _spells(letters: str, syllables: list[str]) -> bool:
    """Whether ``letters`` are beginnings of these syllables, one after the other, none left out."""
    reached = {0}  # places in ``letters`` up to which the syllables so far can spell them
    for syllable in syllables:
        reached = {
            place + length
            for place in reached
            for length in range(1, len(syllable) + 1)
            if letters.startswith(syllable[:length], place)
        }
        if len(letters) in reached:
            return True
    return False


def _numeral(text: str) -> int:
    """``7`` and ``七`` → 7, ``十二`` → 12, ``二十`` → 20, ``一百零三`` → 103."""
    if text.isdecimal():
        return int(text)
    number, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            number += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS.index(sign)
    return number + digit
