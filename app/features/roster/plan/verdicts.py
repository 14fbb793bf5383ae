"""What an import would do with each row. Pure: the same rows and the same roster give the same plan."""

from collections.abc import Sequence
from dataclasses import replace

from app.features.imports.rows import Note, Problem, Verdict
from app.features.members.rules import ExemptionKind
from app.features.roster.plan.afterwards import afterwards, changes
from app.features.roster.plan.branches import BranchNames
from app.features.roster.plan.identity import identify, notes_on
from app.features.roster.plan.posts import Candidate, settle
from app.features.roster.rules import Entry, ExistingRoster, NoteCode, Plan, PlannedRow, ProblemCode, RosterRow
from app.features.roster.sheet.values import same_text


def plan_import(rows: Sequence[RosterRow], existing: ExistingRoster, *, create_branches: bool) -> Plan:
    """Sort the rows into new, changed, same and problem.

    A row that says nothing in a field leaves it alone; nobody is ever removed because a file does not name
    them. With ``create_branches`` an unknown branch is no problem but a new branch.
    """
    names = BranchNames(existing.branches, home=existing.home, create=create_branches)
    groups = _group_spellings(existing)
    entries: dict[int, Entry] = {}
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
    return PlannedRow(row, row.entry, Verdict.PROBLEM, problems=problems, notes=row.notes)


def _planned(row: RosterRow, candidate: Candidate) -> PlannedRow:
    person, entry = candidate.person, candidate.entry
    known = person.exemptions if person else frozenset()
    exempts = entry.exemption if entry.exemption not in known else None
    changed = tuple(changes(person.entry, entry)) if person else ()
    known_person_as = Verdict.CHANGED if changed or exempts else Verdict.SAME
    return PlannedRow(
        row,
        entry,
        known_person_as if person else Verdict.NEW,
        member_id=person.id if person else None,
        changes=changed,
        exempts=exempts,
        notes=(*row.notes, *candidate.notes, *_exempting(exempts)),
    )


def _exempting(kind: ExemptionKind | None) -> tuple[Note, ...]:
    return (Note(NoteCode.EXEMPT, {"kind": kind.value}),) if kind else ()
