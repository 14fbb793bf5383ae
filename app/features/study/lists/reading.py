"""What a row of such a list says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import ImpossibleError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.tables import Header, Row, cell_of, folded
from app.features.imports.rows import ReadRow, RowReader
from app.features.imports.values import cell_date, is_cut_number, person_name
from app.features.study.lists import rules
from app.features.study.lists.mapping import UNITS, Column
from app.features.study.lists.models import NUMBER_LENGTH, TITLE_LENGTH
from app.features.study.lists.rules import Broken

MONTH_LENGTH: Final = len("2026-03")
SENTENCES: Final[Mapping[str, LazyText]] = {
    **{word.value: word.label for word in Broken},
    "no_person": _("Nobody is named in this row. Write the mobile number, the staff number or the name."),
    "unknown_person": _("“%(name)s” is nobody whose hours you bring in. People of another branch are entered there."),
    "same_name": _("%(number)s people are called “%(name)s”. Choose who is meant."),
    "other_number": _("“%(name)s” is known under another mobile number. Choose them if they are meant."),
    "other_person": _("“%(name)s” and the number do not belong to one person. Correct one of them."),
    "no_day": _("No day is written. Write a day or a month."),
    "bad_day": _("“%(typed)s” is no day and no month. Write 2026-03-05 or 2026-03."),
    "future": _("This day has not come yet. Correct it."),
    "twice": _("Row %(row)s says the same already."),
    "smaller": _("The total is smaller than the last one of that year, %(last)s minutes. Ask where the list is from."),
    "waits": _("An earlier total of this person still waits for another officer. Bring this one in after that."),
    "total": _("a row of totals"),
    "nothing": _("nothing to count"),
    "history": _("of an archived year: kept, and no part of what was asked then"),
    "by_name": _("the number is not known here; found by the name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHours:
    """What a row says."""

    name: str = ""
    phone: str = ""
    is_cut: bool = False
    """Whether Excel lost the last digits of the mobile number."""
    number: str = ""
    day: str = ""
    """A day or a month; empty: the whole list is of one day."""
    title: str = ""
    minutes: int = 0
    days: int = 1
    skipped: str = ""
    """Why the row is left aside, where it is: a code of ``SENTENCES``."""


def hours_row(row: Row, header: Header[Column], today: date) -> ReadRow[ReadHours]:
    """What one row says; each problem is named."""
    reader = _Reader(row, header, today)
    return reader.read(reader.entry())


class _Reader(RowReader[Column]):
    def entry(self) -> ReadHours:
        """What the row says, as far as it can be read."""
        name = person_name(self.text(Column.NAME))
        if self._is_total(name):
            self.problems.clear()
            return ReadHours(name=name, skipped="total")
        typed = self.cell(Column.PHONE)
        phone = rules.phone(typed) or ""
        number = folded(self.text(Column.NUMBER)).removesuffix(".0")[:NUMBER_LENGTH]
        if not (name or phone or number):
            self.problem("no_person")
        day = self._day()
        found = self._amount()
        skipped = "nothing" if found.is_nothing and not self.problems else ""
        return ReadHours(
            name=name, phone=phone, is_cut=is_cut_number(typed) and "e" in folded(typed).casefold(), number=number,
            day=day, title=self.text(Column.TITLE)[:TITLE_LENGTH], minutes=found.minutes, days=found.days,
            skipped=skipped,
        )  # fmt: skip

    def _is_total(self, name: str) -> bool:
        """Whether the row sums others up; where nobody is named, any of its cells may say so."""
        if name:
            return rules.is_total(name)
        numbers = (self.cell(Column.PHONE), self.cell(Column.NUMBER))
        if any(folded(number) and not rules.is_total(number) for number in numbers):
            return False
        return any(rules.is_total(cell) for cell in self.row.cells if isinstance(cell, str))

    def _day(self) -> str:
        if Column.DAY not in self.header.columns:
            return ""
        cell = self.cell(Column.DAY)
        day = cell_date(cell, from_1904=self.header.from_1904) or ""
        if len(day) >= MONTH_LENGTH:
            return day
        typed = folded(cell)
        self.problem("bad_day" if typed else "no_day", typed=typed[:20])
        return ""

    def _amount(self) -> rules.Amount:
        column = next((one for one in UNITS if one in self.header.columns), None)
        if column is None:
            return rules.Amount(0)
        try:
            return rules.amount(cell_of(self.row, self.header, column), UNITS[column])
        except ImpossibleError as error:
            self.problem(error.code, typed=folded(self.cell(column))[:20])
            return rules.Amount(0)
