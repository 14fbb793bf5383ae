"""The order of names, and how a name is found by what people type. Lists sort by these, never by a number."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from app.core import pinyin

SURNAME_READINGS: Final[Mapping[str, str]] = {
    "单于": "chan2 yu2",
    "尉迟": "yu4 chi2",
    "万俟": "mo4 qi2",
    "长孙": "zhang3 sun1",
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
    "尉": "wei4",
    "种": "chong2",
    "纪": "ji3",
    "卜": "bu3",
    "都": "du1",
    "员": "yun4",
    "贠": "yun4",
    "折": "she2",
    "乜": "nie4",
    "佴": "nai4",
    "那": "na1",
    "葛": "ge3",
    "宁": "ning4",
    "甯": "ning4",
    "哈": "ha3",
    "撒": "sa4",
    "繁": "po2",
    "秘": "bi4",
    "能": "nai4",
    "么": "yao1",
    "洗": "xian3",
    "句": "gou1",
    "阚": "kan4",
    "炅": "gui4",
    "黑": "he4",
    "祭": "zhai4",
    "粘": "nian2",
    "隗": "wei3",
    "重": "chong2",
}
"""Characters that are read otherwise when they are a surname; dictionaries of words do not know that."""
_LONGEST_SURNAME: Final = 2
ESCAPE: Final = "/"
"""What takes their meaning from the signs of a LIKE pattern."""
TYPED_AT_MOST: Final = 80
"""Signs of what is typed that are looked for; no field takes more, and a database refuses long patterns."""

_BETWEEN: Final = re.compile(r"[\s\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff·•‧・∙․.()\-]+")
"""What stands between the signs of names and numbers, and is not looked for."""
_ABROAD: Final = re.compile(r"^(?:\+|00)?86(?=1[0-9]{10}$)")
_ORDINAL: Final = re.compile(r"第([零一二三四五六七八九十百]+|\d+)")
_DIGITS: Final = "零一二三四五六七八九"
_UNITS: Final[Mapping[str, int]] = {"十": 10, "百": 100}


def pinyin_key(name: str) -> str:
    """The key by which lists of people are sorted: pinyin with tones, syllable by syllable.

    Lists sort by group and this, never by any number (red line 1).
    """
    syllables = pinyin.syllables(name, tones=True)
    for length in range(_LONGEST_SURNAME, 0, -1):
        if reading := SURNAME_READINGS.get(name[:length]):
            syllables[:length] = reading.split()
            break
    return " ".join(syllables).lower()[:120]


def place_key(name: str) -> str:
    """The key by which organisations are sorted: pinyin, but 第二党支部 comes after 第一 and before 第三."""
    counted = _ORDINAL.sub(lambda ordinal: f"第{_numeral(ordinal[1]):03}", name)
    return " ".join(pinyin.syllables(counted, tones=True)).lower()[:240]


def is_meant(typed: str, *, name: str, pinyin: str, phone: str | None = None, number: str | None = None) -> bool:
    """Whether ``typed`` means this person: part of the name, its pinyin or initials, the phone's last digits.

    ``zxl``, ``zhaoxl``, ``xiaolan`` and ``晓岚`` all mean 赵晓岚; a phone number needs its last three digits, a member
    number (``number``) all its signs. Full-width signs, spaces, the dots of long names and ``+86`` are read as signing
    in reads them.
    """
    wanted = plain(typed)
    if not wanted:
        return False
    if number is not None and wanted == plain(number):
        return True
    if wanted in plain(name):
        return True
    if wanted.isdecimal():
        return len(wanted) >= 3 and phone is not None and phone.endswith(wanted)
    syllables = re.sub(r"[^a-z ]", "", pinyin).split()
    return any(_spells(wanted, syllables[start:]) for start in range(len(syllables)))


def plain(typed: str) -> str:
    """What is typed or called as it is compared: without spaces, dots and ``+86``, and one form of each sign."""
    return _ABROAD.sub("", _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).casefold())


def contains(typed: str) -> str:
    """The LIKE pattern, for ``escape=ESCAPE``, of names that contain what was ``typed``."""
    return f"%{_escaped(typed[:TYPED_AT_MOST])}%"


def in_order(typed: str) -> str:
    """The LIKE pattern, for ``escape=ESCAPE``, of names and pinyin that have these letters in this order."""
    return f"%{'%'.join(_escaped(letter) for letter in plain(typed)[: TYPED_AT_MOST // 2])}%"


def _escaped(typed: str) -> str:
    return typed.replace("/", "//").replace("%", "/%").replace("_", "/_")


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
