"""What an import would do with each row. Pure: the same rows and the same roster give the same plan."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from app.features.members.rules import ExemptionKind, Role
from app.features.roster.plan.branches import BranchNames
from app.features.roster.plan.identity import Person, identify, notes_on
from app.features.roster.rules import (
    Change,
    Entry,
    ExistingRoster,
    Note,
    NoteCode,
    Plan,
    PlannedRow,
    Problem,
    ProblemCode,
    RosterRow,
    Verdict,
)
from app.features.roster.sheet.columns import Column
from app.features.roster.sheet.values import same_text
from app.features.roster.sheet.words import words

_DATES: Final = frozenset({Column.BORN, Column.JOINED, Column.CONFIRMED})
_COMPARED: Final = tuple(column for column in Column if column is not Column.SERIAL)


def plan_import(rows: Sequence[RosterRow], existing: ExistingRoster, *, create_branches: bool) -> Plan:
    """Sort the rows into new, changed, same and problem.

    A row that says nothing in a field leaves it alone; nobody is ever removed because a file does not name
    them. With ``create_branches`` an unknown branch is no problem but a new branch.
    """
    names = BranchNames(existing.branches, home=existing.home, create=create_branches)
    groups = _group_spellings(existing)
    entries: dict[int, Entry] = {}
    problems: dict[int, tuple[Problem, ...]] = {}
    for row in rows:
        branch = names.find(row.entry.branch)
        if isinstance(branch, Problem):
            problems[row.number] = (*row.problems, branch)
        elif row.problems:
            problems[row.number] = row.problems
        else:
            group = groups.setdefault((branch, same_text(row.entry.group)), row.entry.group)
            entries[row.number] = replace(row.entry, branch=branch, group=group)
    people = identify(entries, existing)
    planned = [
        _refused(row, problems[row.number])
        if row.number in problems
        else _planned(row, entries[row.number], people[row.number])
        for row in rows
    ]
    planned = list(_with_secretaries_noted(planned, existing))
    known = {branch.name for branch in existing.branches}
    good = (row.entry.branch for row in planned if row.verdict is not Verdict.PROBLEM)
    return Plan(tuple(planned), tuple(dict.fromkeys(branch for branch in good if branch not in known)))


def _group_spellings(existing: ExistingRoster) -> dict[tuple[str, str], str]:
    return {(member.entry.branch, same_text(member.entry.group)): member.entry.group for member in existing.members}


def _refused(row: RosterRow, problems: tuple[Problem, ...]) -> PlannedRow:
    return PlannedRow(row, row.entry, Verdict.PROBLEM, problems=problems, notes=row.notes)


def _planned(row: RosterRow, entry: Entry, person: Person) -> PlannedRow:
    if isinstance(person, Problem):
        return _refused(row, (person,))
    if person is None:
        return PlannedRow(
            row, entry, Verdict.NEW, exempts=entry.exemption, notes=(*row.notes, *_exempting(entry.exemption))
        )
    if person.has_left:
        return _refused(row, (Problem(ProblemCode.HAS_LEFT, {"name": entry.name}),))
    moves = entry.branch != person.entry.branch
    if entry.roles is None:  # posts stay, except those of a branch that is left
        entry = replace(entry, roles=frozenset() if moves else person.entry.roles)
    changes = tuple(_changes(person.entry, entry, moves=moves))
    exempts = entry.exemption if entry.exemption not in person.exemptions else None
    return PlannedRow(
        row,
        entry,
        Verdict.CHANGED if changes or exempts else Verdict.SAME,
        member_id=person.id,
        changes=changes,
        exempts=exempts,
        notes=(*row.notes, *notes_on(person, entry), *_exempting(exempts)),
    )


def _changes(before: Entry, after: Entry, *, moves: bool) -> Iterable[Change]:
    for column in _COMPARED:
        old, new = words(before, column), words(after, column)
        said = _says(after, column) or (moves and column is Column.GROUP)
        less_exact = column in _DATES and old.startswith(new)
        if said and new != old and not less_exact:
            yield Change(column, old, new)


def _says(entry: Entry, column: Column) -> bool:
    return entry.roles is not None if column is Column.ROLES else bool(words(entry, column))


def _exempting(kind: ExemptionKind | None) -> tuple[Note, ...]:
    return (Note(NoteCode.EXEMPT, {"kind": kind.value}),) if kind else ()


def _with_secretaries_noted(planned: Sequence[PlannedRow], existing: ExistingRoster) -> Iterable[PlannedRow]:
    """Branches change their secretary; two at once is possible for a day, and worth a look."""
    good = [row for row in planned if row.verdict is not Verdict.PROBLEM]
    imported = {row.member_id for row in good}
    entries = [row.entry for row in good] + [
        member.entry for member in existing.members if member.id not in imported and not member.has_left
    ]
    secretaries = Counter(entry.branch for entry in entries if Role.SECRETARY in (entry.roles or ()))
    note = Note(NoteCode.SEVERAL_SECRETARIES)
    for row in planned:
        one_of_several = Role.SECRETARY in (row.entry.roles or ()) and secretaries[row.entry.branch] > 1
        noted = one_of_several and row.verdict is not Verdict.PROBLEM
        yield replace(row, notes=(*row.notes, note)) if noted else row
