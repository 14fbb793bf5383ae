"""What an import would do with each row. Pure: the same rows and the same roster give the same plan."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.features.imports.rows import Note, Problem, RowVerdict
from app.features.members.rules import ExemptionKind, MemberStatus
from app.features.roster.plan.identity import identify, notes_on
from app.features.roster.plan.posts import Candidate, settle
from app.features.roster.rules import (
    Change,
    ExistingBranch,
    ExistingRoster,
    NoteCode,
    Plan,
    PlannedRow,
    ProblemCode,
    ReadPerson,
    RosterRow,
)
from app.features.roster.sheet.columns import Column
from app.features.roster.sheet.outgoing import words
from app.features.roster.sheet.values import same_text

_COURTESY: Final = re.compile(r"^(?:中共|中国共产党)|(?<=支部)委员会$|党(?=支部)")


class BranchNames:
    """The branches in reach, found under the name a file writes."""

    def __init__(self, branches: Iterable[ExistingBranch], *, home: str, create: bool) -> None:
        """``home`` is the branch of rows that name none; ``create`` lets unknown names pass as new branches."""
        self._home = home
        self._create = create
        self._known: dict[str, list[str]] = defaultdict(list)
        self._loosely: dict[str, list[str]] = defaultdict(list)
        self._new: dict[str, str] = {}
        for branch in branches:
            self._known[same_text(branch.name)].append(branch.name)
            self._loosely[_loosely(branch.name)].append(branch.name)

    def find(self, written: str) -> str | Problem:
        """The name as it is known, or the problem with it. A new branch has the name of its first row.

        ``办公室支部`` and ``中共办公室党支部委员会`` mean ``办公室党支部`` where only one branch fits.
        """
        if not written and self._home:
            return self._home
        if not written:
            return Problem(ProblemCode.MISSING_BRANCH)
        known = self._known.get(same_text(written)) or self._loosely.get(_loosely(written), [])
        if len(known) == 1:
            return known[0]
        if known:
            return Problem(ProblemCode.AMBIGUOUS_BRANCH, {"branch": written})
        if self._create:
            return self._new.setdefault(_loosely(written), written)
        return Problem(ProblemCode.UNKNOWN_BRANCH, {"branch": written})


def _loosely(name: str) -> str:
    return _COURTESY.sub("", same_text(name))


_DATES: Final = frozenset({Column.BORN, Column.JOINED, Column.CONFIRMED})
_KEPT: Final = tuple(column for column in Column if column is not Column.SERIAL)


def afterwards(said: ReadPerson, before: ReadPerson | None) -> ReadPerson:
    """All that is known of a member after a row that says ``said``; ``before`` is ``None`` for somebody new.

    What a row does not say stays, and so does a date that was known more exactly. Who moves to another branch
    leaves group and posts of the former one.
    """
    if before is None:
        return replace(said, status=said.status or MemberStatus.FULL, roles=said.roles or frozenset())
    moves = said.branch != before.branch
    kept = replace(before, group="", roles=frozenset()) if moves else before
    news = {column.value: getattr(said, column.value) for column in _KEPT if _is_news(said, kept, column)}
    return replace(kept, **news, exemption=said.exemption)


def changes(before: ReadPerson, after: ReadPerson) -> Iterator[Change]:
    """The fields that would read differently."""
    for column in _KEPT:
        old, new = words(before, column), words(after, column)
        if new != old:
            yield Change(column, old, new)


def _is_news(said: ReadPerson, kept: ReadPerson, column: Column) -> bool:
    if column is Column.ROLES:
        return said.roles is not None
    new = words(said, column)
    less_exact = column in _DATES and words(kept, column).startswith(new)
    return bool(new) and not less_exact


def plan_import(rows: Sequence[RosterRow], existing: ExistingRoster, *, create_branches: bool) -> Plan:
    """Sort the rows into new, changed, same and problem.

    A row that says nothing in a field leaves it alone; nobody is ever removed because a file does not name
    them. With ``create_branches`` an unknown branch is no problem but a new branch.
    """
    names = BranchNames(existing.branches, home=existing.home, create=create_branches)
    groups = _group_spellings(existing)
    entries: dict[int, ReadPerson] = {}
    problems: dict[int, tuple[Problem, ...]] = {}
    for position, row in enumerate(rows):  # several sheets have the same numbers of rows
        branch = names.find(row.entry.branch)
        if isinstance(branch, Problem):
            said = (branch,) if branch not in row.problems else ()  # a long list knows it from its whole plan
            problems[position] = (*row.problems, *said)
        elif row.problems:
            problems[position] = row.problems
        else:
            group = groups.setdefault((branch, same_text(row.entry.group)), row.entry.group)
            entries[position] = replace(row.entry, branch=branch, group=group)
    candidates: dict[int, Candidate] = {}
    for position, person in identify(entries, [row.place for row in rows], existing).items():
        entry = entries[position]
        if isinstance(person, Problem):
            problems[position] = (person,)
        elif person and person.has_left:
            problems[position] = (Problem(ProblemCode.HAS_LEFT, {"name": entry.name}),)
        else:
            notes = tuple(notes_on(person, entry))
            candidates[position] = Candidate(person, afterwards(entry, person.entry if person else None), notes)
    candidates = settle(candidates, existing)
    planned = tuple(
        _planned(row, candidates[position]) if position in candidates else _refused(row, problems[position])
        for position, row in enumerate(rows)
    )
    known = {branch.name for branch in existing.branches}
    branches = (candidate.entry.branch for candidate in candidates.values())
    return Plan(planned, tuple(dict.fromkeys(branch for branch in branches if branch not in known)))


def _group_spellings(existing: ExistingRoster) -> dict[tuple[str, str], str]:
    return {(branch.name, same_text(group)): group for branch in existing.branches for group in branch.groups}


def _refused(row: RosterRow, problems: tuple[Problem, ...]) -> PlannedRow:
    return PlannedRow(row, row.entry, RowVerdict.PROBLEM, problems=problems, notes=row.notes)


def _planned(row: RosterRow, candidate: Candidate) -> PlannedRow:
    person, entry = candidate.person, candidate.entry
    known = person.exemptions if person else frozenset()
    exempts = entry.exemption if entry.exemption not in known else None
    changed = tuple(changes(person.entry, entry)) if person else ()
    known_person_as = RowVerdict.CHANGED if changed or exempts else RowVerdict.SAME
    return PlannedRow(
        row,
        entry,
        known_person_as if person else RowVerdict.NEW,
        member_id=person.id if person else None,
        changes=changed,
        exempts=exempts,
        notes=(*row.notes, *candidate.notes, *_exempting(exempts)),
    )


def _exempting(kind: ExemptionKind | None) -> tuple[Note, ...]:
    return (Note(NoteCode.EXEMPT, {"kind": kind.value}),) if kind else ()
