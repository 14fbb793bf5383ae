"""What a row of a list says, what is wrong with it, and whether the wish is there already. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.imports.rows import Problem, ReadRow, RowVerdict
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.rules import Category

MOST_ROWS: Final = 500


class ProblemCode(Word):
    """Why a row comes back."""

    NO_WISH = "no_wish", _("The wish is missing. Write in what would help.")
    BAD_PHONE = "bad_phone", _("The phone number cannot be dialled. Write its digits.")
    BAD_YUAN = "bad_yuan", _("The estimate is no whole number of yuan up to 99999.")
    BAD_DAY = "bad_day", _("The day cannot be read. Write it like 2026-11-22.")
    DAY_PASSED = "day_passed", _("The day by which it is wanted has passed. Ask by when it still helps.")
    NOT_AGREED = (
        "not_agreed",
        _("Contact details are kept only if the wisher agrees. Ask, and write 是 under 本人同意."),
    )
    NOT_AGREED_SENSITIVE = (
        "not_agreed_sensitive",
        _(
            "The words tell of health, disability, hardship or religion. Ask for a separate consent and write 是 under "
            "敏感信息同意, or leave those words out."
        ),
    )
    NO_GUARDIAN = "no_guardian", _("For a child under 14 the guardian agrees. Ask, and write 是 under 监护人同意.")
    NAMES_SOMEBODY = "names_somebody", _("The wish names a person or a number; members will read it. Take that out.")
    UNKNOWN_CATEGORY = (
        "unknown_category",
        _(
            "No category has the name under %(column)s. Write 助老, 助学, 助残, 助困, 家政维修, 陪伴走访, 政策咨询 "
            "or 其他."
        ),
    )
    NEITHER_YES_NOR_NO = "neither_yes_nor_no", _("Under %(column)s stands neither yes nor no. Write 是 or 否.")


SENTENCES: Final = dict(ProblemCode.choices())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWish:
    """What a row says."""

    title: str
    need: str
    category: Category
    yuan: int | None
    wanted_by: date | None
    name: str
    phone: str
    address: str
    agreed: tuple[ConsentKind, ...]

    @property
    def contact(self) -> Contact:
        """How to reach the wisher."""
        return Contact(name=self.name, phone=self.phone, address=self.address)


ImportRow = ReadRow[ReadWish]
"""A row of the list."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A wish of the community with the same words as a row; ``contact`` is ``None`` where none is kept."""

    title: str
    need: str
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what happens to it."""

    row: ImportRow
    verdict: RowVerdict

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why it comes back; the sentences repeat nothing of what was typed."""
        return self.row.problems


def planned(rows: Iterable[ImportRow], neighbours: Sequence[Neighbour]) -> list[PlannedRow]:
    """What happens to each row: a wish is there already if the same words stand there for the same person.

    The words alone decide where no contact is kept of the other one. A row that stands in the list twice is new once.
    """
    known = list(neighbours)
    found = []
    for row in rows:
        if row.problems:
            found.append(PlannedRow(row, RowVerdict.PROBLEM))
            continue
        is_same = any(_same(row.entry, other) for other in known)
        found.append(PlannedRow(row, RowVerdict.SAME if is_same else RowVerdict.NEW))
        known.append(Neighbour(row.entry.title, row.entry.need, row.entry.contact))
    return found


def _same(entry: ReadWish, other: Neighbour) -> bool:
    if (entry.title, entry.need) != (other.title, other.need):
        return False
    if other.contact is None:
        return True
    return (entry.name, entry.phone) == (other.contact.name, other.contact.phone)
