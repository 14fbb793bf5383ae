"""What taking a list in would do: whose duty each row is, what is on the list already, what cannot be taken. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import gettext as _
from app.features.imports.rows import Problem, RowVerdict
from app.features.imports.values import plain
from app.features.members.rules import masked_phone
from app.features.shows.duties.imports.reading import ListRow, ProblemCode, ReadDuty

_HOLDER: Final = (ProblemCode.UNKNOWN_PERSON, ProblemCode.AMBIGUOUS_PERSON)
_HELPER: Final = (ProblemCode.UNKNOWN_HELPER, ProblemCode.AMBIGUOUS_HELPER)
"""What is wrong with a name that nobody has, and with one that several have."""


class Candidate(NamedTuple):
    """Somebody of the branch who may be meant."""

    id: UUID
    name: str
    phone: str | None
    member_number: str


class ListedDuty(NamedTuple):
    """A duty that is on the list already."""

    holder_id: UUID
    matter: str
    due_on: date


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what would be done with it."""

    row: ListRow
    verdict: RowVerdict
    holders: tuple[Candidate, ...] = ()
    """Who would have a new duty, or has it already."""
    helpers: tuple[Candidate, ...] = ()
    problems: tuple[Problem, ...] = ()


Named = Callable[[str], Collection[UUID]]
"""Whom a word such as 全体党员 means; nobody, if it names several people in no way."""


def plan(
    rows: Iterable[ListRow], people: Sequence[Candidate], known: Collection[ListedDuty], meant: Named = lambda _name: ()
) -> list[PlannedRow]:
    """What taking ``rows`` in would do, in their order; a row with a problem does not hold up the others."""
    there = {(one.holder_id, plain(one.matter), one.due_on) for one in known}
    seen: dict[tuple[UUID, str, date | None], str] = {}
    planned = []
    for row in rows:
        one = _planned(row, people, meant)
        keys = [(holder.id, plain(row.entry.matter), row.entry.due_on) for holder in one.holders]
        if one.verdict is not RowVerdict.PROBLEM and (first := next((seen[key] for key in keys if key in seen), None)):
            problem = Problem(ProblemCode.DUPLICATE_ROW, {"row": first})
            one = PlannedRow(row, RowVerdict.PROBLEM, problems=(problem,))
        elif one.verdict is RowVerdict.NEW:
            seen |= dict.fromkeys(keys, row.place)
            fresh = tuple(holder for holder, key in zip(one.holders, keys, strict=True) if key not in there)
            if not fresh:
                one = PlannedRow(row, RowVerdict.SAME, one.holders, one.helpers)
            else:
                one = PlannedRow(row, RowVerdict.NEW, fresh, one.helpers)
        planned.append(one)
    return planned


def _planned(row: ListRow, people: Sequence[Candidate], meant: Named) -> PlannedRow:
    problems = list(row.problems)
    holders = list(_holders(row.entry, people, problems, meant))
    helpers = list(_named(row.entry.helpers, people, problems, _HELPER, meant))
    if problems:
        return PlannedRow(row, RowVerdict.PROBLEM, problems=tuple(problems))
    return PlannedRow(row, RowVerdict.NEW, tuple(dict.fromkeys(holders)), tuple(dict.fromkeys(helpers)))


def _holders(row: ReadDuty, people: Sequence[Candidate], problems: list[Problem], meant: Named) -> Iterator[Candidate]:
    """Who is meant: the phone or the number say it best, and must not contradict the name."""
    told = [one for one in people if _is_told(row, one)]
    if told and len(row.holders) <= 1:
        one, *others = told
        if others or (row.holders and plain(row.holders[0]) != plain(one.name)):
            problems.append(
                Problem(ProblemCode.DIFFERENT_PERSON, {"name": _(", ").join(row.holders), "owner": one.name})
            )
        else:
            yield one
    elif row.holders:
        yield from _named(row.holders, people, problems, _HOLDER, meant)
    elif row.phone or row.member_number:
        problems.append(
            Problem(ProblemCode.UNKNOWN_PERSON, {"name": row.member_number or masked_phone(row.phone) or row.phone})
        )


def _is_told(row: ReadDuty, one: Candidate) -> bool:
    return bool(
        (row.phone and row.phone == one.phone) or (row.member_number and row.member_number == one.member_number)
    )


def _named(
    names: Iterable[str],
    people: Sequence[Candidate],
    problems: list[Problem],
    codes: tuple[ProblemCode, ProblemCode],
    meant: Named,
) -> Iterator[Candidate]:
    unknown, ambiguous = codes
    by_name: Mapping[str, list[Candidate]] = _by_name(people)
    for name in names:
        match by_name.get(plain(name), []):
            case [one]:
                yield one
            case []:
                if ids := set(meant(name)):
                    yield from (one for one in people if one.id in ids)
                else:
                    problems.append(Problem(unknown, {"name": name}))
            case several:
                problems.append(Problem(ambiguous, {"name": name, "number": str(len(several))}))


def _by_name(people: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for one in people:
        found.setdefault(plain(one.name), []).append(one)
    return found
