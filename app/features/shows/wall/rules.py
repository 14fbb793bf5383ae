"""In which forms cards go onto paper, and how much fits. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

MOST_PRINTED: Final = 100
"""Cards in one go; a branch has at most about 50 members."""
DUTIES_ON_SHEET: Final = 6
"""Duties on a sheet for the wall at most; of more, the sheet says how many."""
DUTIES_WHEN_FULL: Final = 4
"""The same where five pledges of full length leave less room."""
BADGES_ON_PAGE: Final = 10
"""Badges of 90 x 54 mm on an A4 page: two beside each other, five below each other."""


class Room(StrEnum):
    """How large the type of a sheet may be, and how many duties fit."""

    AMPLE = "ample"
    USUAL = "usual"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class _Type:
    """Sizes of ``prints.css``: points of the text, millimetres between entries and for all entries together."""

    points: float
    gap: float
    height: float


_TYPES: Final = {Room.AMPLE: _Type(16, 3.5, 140), Room.USUAL: _Type(12, 1.5, 165)}
_WIDTH: Final = 171
"""Millimetres of a line on a sheet."""
_MM: Final = 25.4 / 72
"""Millimetres in a point; a Chinese sign is as wide as its type is high."""
_LINE: Final = 1.4
_SMALL: Final = 0.8
"""Height of a line, and size of the small text, both as parts of the size of the text."""


class PrintForm(Word):
    """What is made of a card on paper. Sizes are in millimetres."""

    SHEET = "sheet", _("Sheet for the wall")
    PLATE = "plate", _("Desk plate")
    SMALL_PLATE = "small_plate", _("Small desk plate")
    BADGES = "badges", _("Badges to cut")
    BADGE = "badge", _("Single badges")


FORM_SENTENCES: Final[Mapping[PrintForm, LazyText]] = {
    PrintForm.SHEET: _("A4, one page each: who, pledges, duty list"),
    PrintForm.PLATE: _("A4, folded once, stands by itself"),
    PrintForm.SMALL_PLATE: _("A5, lying, for a holder"),
    PrintForm.BADGES: _("A4, ten of 90 × 54 mm with lines"),
    PrintForm.BADGE: _("Each on a card of 90 × 54 mm"),
}


def room(entries: Sequence[tuple[int, int]]) -> Room:
    """The largest type in which all ``entries`` fit on a sheet: signs of the text and of the small text below it."""
    for size, type_ in _TYPES.items():
        if sum(_height(text, small, type_) for text, small in entries) <= type_.height:
            return size
    return Room.FULL


def _height(text: int, small: int, type_: _Type) -> float:
    """Millimetres of one entry with the gap after it."""
    sizes = ((text, type_.points), (small, type_.points * _SMALL))
    lines = sum(ceil(signs * points * _MM / _WIDTH) * points * _MM * _LINE for signs, points in sizes)
    return lines + type_.gap
