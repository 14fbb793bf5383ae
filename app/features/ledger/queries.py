"""Reading the ledger: what a sheet is made of, the facts behind each of its lines, and all of it for the proof.

Who may see the member is for the caller to know: these read whatever member they are asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Date,
    Row,
    Select,
    String,
    Table,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.core.chain import Head, Link
from app.core.ids import of_driver
from app.core.rows import is_empty
from app.features.ledger.chain import Entry
from app.features.ledger.models import Fact, LedgerHead, LedgerTotal
from app.features.ledger.proof import WRONG_TOTALS_SHOWN, Report, WrongTotal, prove
from app.features.ledger.rules import FactType, Total, shape
from app.features.members.models import Member, Organisation
from app.features.members.rules import OrganisationKind

FactRow = Row[*tuple[Any, ...]]
"""A fact as it is shown: its columns with the names of who recorded, confirmed and took it back."""
_AT_ONCE: Final = 1000
"""Rows of a long reading that are in memory at a time."""
_KEPT: Final = cast(Table, LedgerTotal.__table__).c
_TOTALS: Final = (
    select(
        type_coerce(_KEPT.member_id, String).label("member"),
        _KEPT.month,
        type_coerce(_KEPT.fact_type, String).label("kind"),
        *(_KEPT[name] for name in ("grade", "matter", "count", "quantity")),
    )
    .where(
        _KEPT.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        _KEPT.month >= bindparam("since"),
        _KEPT.month <= bindparam("until"),
        _KEPT["count"] > 0,
    )
    .order_by(_KEPT.member_id, _KEPT.month, _KEPT.fact_type, _KEPT.grade, _KEPT.matter)
)
"""Ids and types as the drivers give them: of most rows they are those of the row before."""
_KINDS: Final[Mapping[str, FactType]] = {kind.value: kind for kind in FactType}
_Recorder, _Confirmer, _Reverser = aliased(Member), aliased(Member), aliased(Member)
_Reversal = aliased(Fact)
_FACTS: Final = (
    select(
        Fact.id,
        Fact.branch_id,
        Organisation.name.label("branch_name"),
        Fact.seq,
        Fact.fact_type,
        Fact.grade,
        Fact.quantity,
        Fact.occurred_on,
        Fact.counts_in,
        Fact.source,
        Fact.source_id,
        Fact.matter,
        Fact.note,
        Fact.posted_at,
        Fact.recorded_by_id,
        _Recorder.name.label("recorded_by"),
        _Confirmer.name.label("confirmed_by"),
        _Reversal.posted_at.label("reversed_at"),
        _Reversal.note.label("reversed_because"),
        _Reverser.name.label("reversed_by"),
    )
    .join(Organisation, Organisation.id == Fact.branch_id)
    .join(_Recorder, _Recorder.id == Fact.recorded_by_id)
    .outerjoin(_Confirmer, _Confirmer.id == Fact.confirmed_by_id)
    .outerjoin(_Reversal, _Reversal.reversal_of == Fact.id)
    .outerjoin(_Reverser, _Reverser.id == _Reversal.recorded_by_id)
    .where(
        Fact.member_id == bindparam("member_id"),
        Fact.counts_in >= bindparam("since"),
        Fact.counts_in <= bindparam("until"),
        Fact.fact_type.in_(bindparam("kinds", type_=Fact.fact_type.type, expanding=True)),
        is_empty(Fact.reversal_of),
        or_(bindparam("with_reversed", type_=Boolean()), _Reversal.id.is_(None)),
    )
    .order_by(Fact.occurred_on, Fact.posted_at, Fact.seq)
)
_ELSEWHERE: Final = (
    select(Fact.member_id, Fact.fact_type, Organisation.name)
    .join(Member, and_(Member.id == Fact.member_id, Member.branch_id != Fact.branch_id))
    .join(Organisation, Organisation.id == Fact.branch_id)
    .where(
        Fact.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        Member.id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        Fact.counts_in.between(bindparam("since"), bindparam("until")),
    )
    .distinct()
    .order_by(Organisation.name)
)
"""Both sides of the join say whose: from one PostgreSQL does not infer the other, and walks through all members."""
_SESSIONS: Final = (
    select(Fact.member_id, Fact.occurred_on, Fact.source, Fact.note)
    .outerjoin(_Reversal, _Reversal.reversal_of == Fact.id)
    .where(
        Fact.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        Fact.occurred_on.in_(bindparam("days", type_=Date(), expanding=True)),
        Fact.fact_type == FactType.STUDY_SESSION,
        is_empty(Fact.reversal_of),
        _Reversal.id.is_(None),
    )
)


_OF_YEAR: Final = LedgerTotal.month.between(bindparam("since", type_=Date()), bindparam("until", type_=Date()))


@lru_cache
def _recorded(asked: frozenset[FactType]) -> Select[*tuple[Any, ...]]:
    """Which of the types there are: they stand in the statement itself.

    Of a parameter PostgreSQL cannot know that there is no row of it, and reads the whole table to find one.
    """
    kinds = {kind: literal(kind, LedgerTotal.fact_type.type, literal_execute=True) for kind in sorted(asked)}
    return select(
        *(
            exists().where(LedgerTotal.fact_type == said, _OF_YEAR, LedgerTotal.count > 0).label(kind.name)
            for kind, said in kinds.items()
        )
    )


def recorded_types(session: Session, asked: frozenset[FactType], year: int) -> frozenset[FactType]:
    """Of which of these types there are facts in this installation that count in ``year``, of whomever."""
    of_year = {"since": date(year, 1, 1), "until": date(year, 12, 1)}
    row = session.execute(_recorded(asked), of_year).one() if asked else ()
    return frozenset(kind for kind, is_there in zip(sorted(asked), row, strict=True) if is_there)


def totals(session: Session, members: Collection[UUID], *, since: date, until: date) -> defaultdict[UUID, list[Total]]:
    """What the facts of these members come to in the months from ``since`` to ``until``, both included, by member."""
    found: defaultdict[UUID, list[Total]] = defaultdict(list)
    rows = session.execute(_TOTALS, {"members": list(members), "since": since, "until": until}).all()
    for name, of_one in groupby(rows, itemgetter(0)):
        found[of_driver(name)] = [
            Total(month, _KINDS[kind], grade, matter, count, quantity)
            for _name, month, kind, grade, matter, count, quantity in of_one
        ]
    return found


def facts(
    session: Session,
    member_id: UUID,
    *,
    since: date,
    until: date,
    kinds: Collection[FactType] = tuple(FactType),
    with_reversed: bool = False,
) -> Sequence[FactRow]:
    """The member's facts of these ``kinds`` that count in the months from ``since`` to ``until``, by day.

    What was taken back is left out, or comes ``with_reversed``: when, why and by whom.
    """
    asked = {"member_id": member_id, "since": since, "until": until, "kinds": sorted(kinds)}
    return session.execute(_FACTS, asked | {"with_reversed": with_reversed}).all()


def elsewhere(
    session: Session, members: Collection[UUID], *, since: date, until: date
) -> Mapping[UUID, Mapping[FactType, Sequence[str]]]:
    """From which other branches than their present one facts of these members come, by member and type."""
    found: defaultdict[UUID, defaultdict[FactType, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(_ELSEWHERE, {"members": list(members), "since": since, "until": until}):
        found[row.member_id][row.fact_type].append(row.name)
    return found


def sessions(session: Session, members: Collection[UUID], days: Collection[date]) -> Sequence[FactRow]:
    """Organised study sessions of these members and days that stand: ``member_id, occurred_on, source, note``."""
    return session.execute(_SESSIONS, {"members": sorted(members), "days": sorted(days)}).all()


def verify(
    session: Session,
    *,
    branch_id: UUID | None = None,
    progress: Callable[[int], object] = lambda rows: None,
    seen: Callable[[Iterator[Link[Entry]]], Iterator[Link[Entry]]] = lambda links: links,
) -> Report:
    """Look at every row and total of one branch or of all; the first bad row of each branch is named.

    ``seen`` has a look at each row as it passes. The session must see one moment throughout (``Database.snapshot``).
    """
    return prove(seen(links(session, branch_id)), heads(session, branch_id), wrong_totals(session, branch_id), progress)


def number_of_facts(session: Session, branch_id: UUID | None = None) -> int:
    """How many rows the ledger of one branch, or of all, has."""
    return session.scalar(_of_branch(select(func.count(Fact.seq)), Fact.branch_id, branch_id)) or 0


def branches_called(session: Session, words: str) -> dict[UUID, str]:
    """The branches with this name, or the one with this id, by id."""
    named = select(Organisation.id, Organisation.name).where(Organisation.kind == OrganisationKind.BRANCH)
    return {
        row.id: row.name for row in session.execute(named) if words in ("", row.name) or words.lower() == str(row.id)
    }


def heads(session: Session, branch_id: UUID | None = None) -> dict[UUID, Head]:
    """Where the chain of one branch, or of each, should end."""
    statement = select(LedgerHead.branch_id, LedgerHead.seq, LedgerHead.digest).order_by(LedgerHead.branch_id)
    rows = session.execute(_of_branch(statement, LedgerHead.branch_id, branch_id))
    return {row.branch_id: Head(row.seq, row.digest) for row in rows}


def links(session: Session, branch_id: UUID | None = None) -> Iterator[Link[Entry]]:
    """All rows in the order of their chains. A fact type is read as plain text: an unknown one is a changed row."""
    columns = [
        type_coerce(Fact.fact_type, String).label(name) if name == "fact_type" else getattr(Fact, name)
        for name in Entry._fields
    ]
    statement = select(*columns, Fact.previous_digest, Fact.digest).order_by(Fact.branch_id, Fact.seq)
    for row in session.execute(
        _of_branch(statement, Fact.branch_id, branch_id), execution_options={"yield_per": _AT_ONCE}
    ):
        *content, previous_digest, digest = row
        yield Link(Entry(*content), previous_digest, digest)


def wrong_totals(session: Session, branch_id: UUID | None = None) -> list[WrongTotal]:
    """The first totals that are not what the facts come to; of the members of one branch, or of all.

    Facts and totals lie in one heap, each with what it says; where the two sums differ, the total is wrong.
    """
    weighed_by_matter = [kind for kind in FactType if shape(kind).by_matter]
    said = select(
        Fact.member_id,
        Fact.counts_in.label("month"),
        type_coerce(Fact.fact_type, String).label("fact_type"),
        Fact.grade,
        case((Fact.fact_type.in_(weighed_by_matter), Fact.matter), else_="").label("matter"),
        literal_column("0").label("count"),
        literal_column("0").label("quantity"),
        case((Fact.reversal_of.is_(None), 1), else_=-1).label("right_count"),
        Fact.quantity.label("right_quantity"),
    )
    kept: Select[*tuple[Any, ...]] = select(
        LedgerTotal.member_id,
        LedgerTotal.month,
        type_coerce(LedgerTotal.fact_type, String),
        LedgerTotal.grade,
        LedgerTotal.matter,
        LedgerTotal.count,
        LedgerTotal.quantity,
        literal_column("0"),
        literal_column("0"),
    )
    heap = union_all(said, kept).subquery()
    key = (heap.c.member_id, heap.c.month, heap.c.fact_type, heap.c.grade, heap.c.matter)
    count, quantity = func.sum(heap.c["count"]), func.sum(heap.c.quantity)
    right_count, right_quantity = func.sum(heap.c.right_count), func.sum(heap.c.right_quantity)
    statement = (
        select(*key, count, quantity, right_count, right_quantity)
        .group_by(*key)
        .having(or_(count != right_count, quantity != right_quantity))
        .order_by(*key)
        .limit(WRONG_TOTALS_SHOWN)
    )
    if branch_id:
        own = select(Member.id).where(Member.branch_id == branch_id)
        counted_there = select(Fact.member_id).where(Fact.branch_id == branch_id)
        statement = statement.where(or_(heap.c.member_id.in_(own), heap.c.member_id.in_(counted_there)))
    return [WrongTotal(*row[:5], *(int(number) for number in row[5:])) for row in session.execute(statement)]


def _of_branch(statement: Any, column: Any, branch_id: UUID | None) -> Any:
    return statement if branch_id is None else statement.where(column == branch_id)
