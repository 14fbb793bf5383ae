"""What a trial counts, and what of it may be shown: no number below five, also not by subtraction. Source: §6.

Who sees numbers of several branches sees no people; whoever could work out a single sheet from them would.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.core.cells import SMALL_CELL
from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _
from app.features.scores.sheet import LineResult, Sheet

WHOLE: Final = ""
"""The name of a change that lies in no rule: in maxima of sections, lines of advice or of the double good."""


class TrialOverError(ConflictError):
    message = _("This trial is over, or the rules have changed since. Please begin it again.")


class Cell(NamedTuple):
    """A number as it may be shown."""

    number: int | None
    """``None`` where it is not shown."""
    is_small: bool = False
    """Below ``SMALL_CELL``; else all but fewer than ``SMALL_CELL``."""


def cell(number: int, of: int) -> Cell:
    """``number`` out of ``of``, or that it is too close to nothing or to all of them to be shown."""
    if number < SMALL_CELL:
        return Cell(None, is_small=True)
    return Cell(None) if of - number < SMALL_CELL else Cell(number)


@dataclass(slots=True)
class Counts:
    """What was counted in one branch."""

    sheets: int = 0
    changed: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        """Take the counts of another one along."""
        self.sheets += other.sheets
        self.changed += other.changed
        self.rules += other.rules
        self.moves += other.moves


def lines_of(sheet: Sheet) -> dict[str, LineResult]:
    """The lines of a sheet by their rule."""
    return {line.rule_id: line for section in sheet.sections for line in section.lines}


def changed_rules(before: Sheet, after: Sheet) -> list[str]:
    """The rules that give a person other points; ``WHOLE`` where only what holds for the whole makes a difference."""
    old, new = lines_of(before), lines_of(after)
    names = [
        name
        for name in dict.fromkeys((*old, *new))
        if (old[name].points if name in old else None) != (new[name].points if name in new else None)
    ]
    same = (before.total, before.advice, before.double_good) == (after.total, after.advice, after.double_good)
    return names or ([] if same else [WHOLE])


def count(into: Counts, before: Sheet, after: Sheet) -> None:
    """Add one person's two sheets; an exempt person has none."""
    if before.total is None:
        return
    into.sheets += 1
    if not (names := changed_rules(before, after)):
        return
    into.changed += 1
    into.rules.update(names)
    if before.advice != after.advice:
        into.moves[before.advice or "", after.advice or ""] += 1


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A trial as numbers that may be shown."""

    changed: Cell
    sheets: int
    """Of the branches that are counted in the numbers of all."""
    branches: Sequence[tuple[UUID, Cell, int]]
    """Each branch with the sheets that change and all its sheets."""
    left_out: int
    """Branches that the numbers of all leave out, because theirs could be found by subtraction."""
    rules: Sequence[tuple[str, Cell]]
    moves: Sequence[tuple[str, str, Cell]]


def result(counted: Mapping[UUID, Counts]) -> TrialResult:
    """The numbers that may be shown.

    The numbers of all count the branches whose own number is not shown only if each of these may still be any of the
    five that it can be; else they leave them out.
    """
    cells = {branch: cell(one.changed, one.sheets) for branch, one in counted.items()}
    hidden = [counted[branch] for branch, shown in cells.items() if shown.number is None]
    over, room = (sum(column) for column in zip((0, 0), *map(_hidden, hidden), strict=True))
    is_safe = not hidden or SMALL_CELL <= over <= room - SMALL_CELL
    every = Counts()
    for branch, one in counted.items():
        if is_safe or cells[branch].number is not None:
            every.add(one)
    alone = len(every.rules) == 1
    return TrialResult(
        changed=cell(every.changed, every.sheets),
        sheets=every.sheets,
        branches=[(branch, shown, counted[branch].sheets) for branch, shown in cells.items()],
        left_out=0 if is_safe else len(hidden),
        rules=[
            (name, cell(number, every.sheets if alone else every.changed))
            for name, number in sorted(every.rules.items())
        ],
        moves=[(old, new, cell(number, every.sheets)) for (old, new), number in sorted(every.moves.items())],
    )


def _hidden(one: Counts) -> tuple[int, int]:
    """How far a number that is not shown lies over the least it can be, and how far at the most."""
    if one.changed < SMALL_CELL:
        return one.changed, min(SMALL_CELL - 1, one.sheets)
    least = max(SMALL_CELL, one.sheets - SMALL_CELL + 1)
    return one.changed - least, one.sheets - least


def packed(counted: Mapping[UUID, Counts]) -> dict[str, Any]:
    """The counts for a row of progress."""
    return {
        branch.hex: [one.sheets, one.changed, one.rules, [[*move, number] for move, number in one.moves.items()]]
        for branch, one in counted.items()
    }


def unpacked(found: Mapping[str, Any]) -> dict[UUID, Counts]:
    """The same back."""
    return {UUID(branch): _counts(*one) for branch, one in found.items()}


def _counts(sheets: int, changed: int, rules: Mapping[str, int], moves: Iterable[tuple[str, str, int]]) -> Counts:
    return Counts(sheets, changed, Counter(rules), Counter({(old, new): number for old, new, number in moves}))
