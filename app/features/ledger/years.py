"""The rows and grades of people's years, as an archived sheet was made of them and is made anew."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core.words import Word
from app.features.ledger.chain import Entry
from app.features.ledger.models import Fact

_ROWS: Final = (
    select(*(getattr(Fact, name) for name in Entry._fields))
    .where(
        Fact.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        Fact.counts_in >= bindparam("since"),
        Fact.counts_in <= bindparam("until"),
    )
    .order_by(Fact.branch_id, Fact.seq)
)
_DIGEST: Final = select(Fact.digest).where(Fact.branch_id == bindparam("branch"), Fact.seq == bindparam("seq"))

Grader = Callable[[Session, Collection[UUID], int], Mapping[UUID, Word]]
_graders: list[Grader] = []


def rows_of_year(session: Session, members: Collection[UUID], year: int) -> defaultdict[UUID, list[Entry]]:
    """All rows of these members that count in a year, with those that take others back, by member."""
    found: defaultdict[UUID, list[Entry]] = defaultdict(list)
    asked = {"members": sorted(members), "since": date(year, 1, 1), "until": date(year, 12, 1)}
    for row in session.execute(_ROWS, asked):
        found[row.member_id].append(Entry(*row))
    return found


def digest_at(session: Session, branch_id: UUID, seq: int) -> str | None:
    """The digest of one row of a branch's chain, if it is there."""
    return session.scalar(_DIGEST, {"branch": branch_id, "seq": seq})


def know(graders: Iterable[Grader]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once."""
    _graders[:] = graders


def of(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, Word]:
    """The grade of each of these members for a year; who has none is missing."""
    return {member: grade for grader in _graders for member, grade in grader(session, member_ids, year).items()}
