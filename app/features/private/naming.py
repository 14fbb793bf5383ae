"""Whether a text names somebody: a number that reaches a person, or the wisher of the sealed contact. Pure.

Source: docs/domain.md, red line 10. It sees what people write without thinking, not what somebody hides on purpose.
Years, days, times, prices, amounts and the codes of wishes are no such numbers.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from app.features.private.rules import Contact

_DIGITS: Final = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_GAP: Final = r"[\s._·•*,、/\\()~+\-\u2010-\u2015]"
"""What people put between the digits of one number."""
_STEP: Final = r"[\s._·()\-\u2010-\u2015]"
"""The same, where the number says nothing else of its kind: lists of small numbers are separated by commas."""
_PERSONAL: Final = re.compile(
    rf"(?<!\d)1{_GAP}{{0,3}}[3-9](?:{_GAP}{{0,3}}\d){{9}}(?!\d)"  # a mobile telephone
    rf"|(?<!\d)[1-9](?:{_STEP}{{0,2}}\d){{16}}{_STEP}{{0,2}}[\dX](?![\dX])"  # an identity number
)
_LONG: Final = re.compile(
    r"\d{7,}"
    rf"|(?<!\d)\d{{3,}}(?:{_STEP}{{1,3}}\d{{3,}})+(?!\d)"
    rf"|(?<!\d)\d\d(?:{_STEP}{{1,3}}\d\d){{3,}}(?!\d)"
    rf"|(?<!\d)\d(?:{_STEP}{{1,3}}\d){{6,}}(?!\d)"
)
_SHORTEST: Final = 7
"""Digits of the shortest landline."""
_YEAR: Final = r"(?:19|20)\d\d"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_TO: Final = r"\s*[\-~/至到\u2010-\u2015]\s*"
_NOBODY_S: Final = re.compile(
    r"WX-2\d{3}-\d{4,5}(?!\d)"  # the code of a wish
    rf"|(?<!\d){_YEAR}\s*[\-./年]\s*\d\d?\s*[\-./月]\s*\d\d?(?!\d)"  # a day
    rf"|(?<![\d\-]){_YEAR}{_MONTH}{_DAY}(?!\d)"
    rf"|(?<!\d){_YEAR}{_TO}{_YEAR}(?!\d)"  # from year to year
    rf"|(?<!\d)\d\d?[.:]\d\d{_TO}\d\d?[.:]\d\d(?!\d)"  # from hour to hour
    rf"|(?<!\d)\d{{1,4}}00{_TO}\d{{1,4}}00(?!\d)"  # an amount
    rf"|(?<!\d)(?:\d{{1,6}}{_TO})?\d[\d,]{{0,8}}(?:\.\d\d?)?\s*[元块万]"  # a price
)
_NOT_SAID: Final = re.compile(r"[\W_]+")
_NUMBER: Final = re.compile(r"\d+")


def names_somebody(text: str, contact: Contact | None = None) -> bool:
    """Whether ``text`` carries a telephone or identity number, or the wisher's own name, number or address."""
    said = unicodedata.normalize("NFKC", text).upper()
    return has_number(said) or (contact is not None and _names_wisher(said, contact))


def has_number(text: str) -> bool:
    """Whether ``text`` carries a number that reaches a person, however it is written."""
    figures = unicodedata.normalize("NFKC", text).upper().translate(_DIGITS)
    if _PERSONAL.search(figures):
        return True
    rest = _NOBODY_S.sub("□", figures)
    return any(sum(map(str.isdecimal, found[0])) >= _SHORTEST for found in _LONG.finditer(rest))


def _names_wisher(said: str, contact: Contact) -> bool:
    name = _bare(contact.name)
    if len(name) >= 2 and name in _bare(said):  # one sign stands in too many words
        return True
    figures = _figures(said)
    phone, address = _figures(contact.phone), _figures(contact.address)
    kept = [phone] if len(phone) >= 5 else []
    kept += [part for part in (address, *_doors(address)) if len(part) >= 4]
    return any(part in figures for part in kept)


def _doors(address: str) -> Iterator[str]:
    """House and door of a bare address, from each of its numbers to the last one.

    A number alone may be a year, so it takes the two signs before it along.
    """
    numbers = list(_NUMBER.finditer(address))
    for number in numbers:
        door = address[number.start() : numbers[-1].end()]
        yield address[max(0, number.start() - 2) : number.end()] if door.isdecimal() else door


def _bare(text: str) -> str:
    """Without spaces and punctuation."""
    return _NOT_SAID.sub("", unicodedata.normalize("NFKC", text)).upper()


def _figures(text: str) -> str:
    """The same, every digit an ordinary one."""
    return _bare(text).translate(_DIGITS)
