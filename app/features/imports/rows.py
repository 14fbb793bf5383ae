"""What a row of a list says, what is wrong with it, and what becomes of it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar

from app.core.i18n import LazyText, gettext, language
from app.core.i18n import lazy_gettext as _
from app.core.tables import Cell, FlawKind, Header, Row, cell_of, one_line
from app.core.words import Word
from app.features.imports.values import said

E = TypeVar("E")
K = TypeVar("K")


class RowVerdict(Word):
    """What becomes of a row, in the order in which they want to be looked at."""

    PROBLEM = "problem", _("Problems")
    CHANGED = "changed", _("Changed")
    NEW = "new", _("New")
    SAME = "same", _("There already")
    SKIPPED = "skipped", _("Skipped")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row waits while the others are taken in; ``values`` fill the sentence of its code."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """What is worth a look in a row that is taken in; ``values`` fill the sentence of its code."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)  # with slots, ReadRow[Entry](…) fails (python/cpython#115165)
class ReadRow(Generic[E]):
    """A row of a file and what it says. ``number`` is the row's number in the sheet."""

    number: int
    cells: tuple[Cell, ...]
    """All cells as they were, to hand the row back."""
    entry: E
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    table: str = ""
    """The sheet it stands on, where the file has several."""

    @property
    def place(self) -> str:
        """Where to find it in the file: ``12``, or ``监察处 12``."""
        return f"{self.table} {self.number}".strip()


class Planned(Protocol):
    """A row and what would be done with it."""

    @property
    def row(self) -> ReadRow[Any]:
        """The row as it was read."""

    @property
    def verdict(self) -> RowVerdict:
        """What becomes of it."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why it is not taken in."""


P = TypeVar("P", bound=Planned)


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row that was not taken in, as it was, with the reason."""

    number: int
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    table: str = ""

    @property
    def place(self) -> str:
        """Where to find it in the file."""
        return f"{self.table} {self.number}".strip()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What taking a list in did."""

    new: int
    changed: int
    same: int
    returned: tuple[ReturnedRow, ...] = ()
    skipped: int = 0


def outcome(rows: Iterable[Planned], *, new: int | None = None) -> ImportResult:
    """What carrying out a plan comes to; ``new`` where a row brings more or less than one thing."""
    by_verdict: dict[RowVerdict, list[Planned]] = {verdict: [] for verdict in RowVerdict}
    for row in rows:
        by_verdict[row.verdict].append(row)
    return ImportResult(
        new=len(by_verdict[RowVerdict.NEW]) if new is None else new,
        changed=len(by_verdict[RowVerdict.CHANGED]),
        same=len(by_verdict[RowVerdict.SAME]),
        returned=tuple(
            ReturnedRow(one.row.number, one.row.cells, one.problems, one.row.table)
            for one in by_verdict[RowVerdict.PROBLEM]
        ),
        skipped=len(by_verdict[RowVerdict.SKIPPED]),
    )


SENTENCES: Final[Mapping[str, LazyText]] = MappingProxyType(
    {
        FlawKind.HIDDEN: _(
            "This row is hidden in the file, perhaps by a filter. Show it and bring it in again, or leave it out."
        ),
        FlawKind.STRUCK: _(
            "In the file a line goes through %(columns)s. Delete what no longer holds, or take the line away."
        ),
        FlawKind.FORMULA: _(
            "Under %(columns)s stands a formula without its result. Open the file in Excel or WPS, save it, and bring "
            "it in again."
        ),
        FlawKind.ERROR: _("The formula under %(columns)s failed. Write in what is meant."),
        "planned_otherwise": _(
            "While the list was taken in, this row came to mean something else than you were shown. Bring it in again "
            "and look at it."
        ),
        "too_long": _("The text under %(column)s is longer than %(most)s characters. Shorten it."),
    }
)
"""What can be wrong with a row of any list."""
_SOMEBODY_ELSE: Final = _("a member of a branch you do not look after")


def reason(problems: Iterable[Problem], sentences: Mapping[str, LazyText]) -> str:
    """All that is wrong with a row, so that it is corrected in one go."""
    between = "" if language() == "zh_CN" else " "
    return between.join(
        (sentences.get(problem.code) or SENTENCES[problem.code]) % {"owner": _SOMEBODY_ELSE, **problem.values}
        for problem in problems
    )


class RowReader(Generic[K]):
    """Reads one row column by column and collects what is wrong or worth a look; never raising for a row."""

    def __init__(self, row: Row, header: Header[K], today: date) -> None:
        """Begin with what stands in the way of the row as a whole."""
        self.row = row
        self.header = header
        self.today = today
        self.problems: list[Problem] = []
        self.notes: list[Note] = []
        self._flaws()

    def read(self, entry: E, notes: Iterable[Note] = ()) -> ReadRow[E]:
        """The row with what it says."""
        return ReadRow(
            self.row.number, self.row.cells, entry, tuple(self.problems), (*self.notes, *notes), self.row.table
        )

    def cell(self, column: K) -> Cell:
        """What stands in ``column``."""
        return cell_of(self.row, self.header, column)

    def text(self, column: K, most: int | None = None) -> str:
        """The same as clean text of one line; nothing where it only says that there is nothing."""
        return self.within(column, said(self.cell(column)), most)

    def within(self, column: K, text: str, most: int | None) -> str:
        """``text``, with a problem where it has more than ``most`` characters."""
        if most is not None and len(text) > most:
            self.problem("too_long", column=self.heading(column), most=str(most))
        return text

    def heading(self, column: K) -> str:
        """The column's name as this file writes it."""
        index = self.header.columns.get(column)
        return str(column) if index is None else self.header.headings[index]

    def problem(self, code: str, **values: str) -> None:
        """Something for which the row waits."""
        self.problems.append(Problem(code, values))

    def note(self, code: str, **values: str) -> None:
        """Something that is worth a look."""
        self.notes.append(Note(code, values))

    def _flaws(self) -> None:
        read = {index: column for column, index in self.header.columns.items()}
        for kind in FlawKind:
            columns = [flaw.column for flaw in self.row.flaws if flaw.kind is kind]
            named = [self.header.headings[index] for index in columns if index is not None and index in read]
            if kind is FlawKind.HIDDEN and columns:
                self.problem(kind)
            elif named:
                self.problem(kind, columns=gettext(", ").join(map(one_line, named)))
