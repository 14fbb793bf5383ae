"""Writing the ledger: facts are added to the end of their branch's chain, never changed.

Each use case holds the heads of its branches first, so that whoever comes second sees what the first one wrote.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.ledger import appending
from app.features.ledger.chain import Entry
from app.features.ledger.errors import NotReversibleError, SourceTakenError
from app.features.ledger.models import Fact
from app.features.ledger.periods import month_counted_in
from app.features.ledger.rules import ONE, FactType, check_fact

T = TypeVar("T")
REVERSAL: Final = "reversal"
"""The source of rows that take others back; what they take back is their id there."""
_SAID: Final = (
    "branch_id",
    "member_id",
    "fact_type",
    "grade",
    "quantity",
    "occurred_on",
    "matter",
    "recorded_by_id",
    "note",
)
"""What makes two facts of one source the same. Who confirmed is left out: two officers may confirm one thing."""
_PART: Final = 1000
"""Keys that are asked for in one statement; both engines limit the number of parameters."""
_COLUMNS: Final = tuple(getattr(Fact, name) for name in Entry._fields)
_OF_SOURCES: Final = select(*_COLUMNS).where(
    Fact.source == bindparam("source"), Fact.source_id.in_(bindparam("source_ids", expanding=True))
)
_OF_IDS: Final = select(*_COLUMNS).where(Fact.id.in_(bindparam("ids", expanding=True)))
_REVERSALS: Final = select(*_COLUMNS).where(Fact.reversal_of.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact as a stream reports it, before it has a place in the chain."""

    branch_id: UUID
    member_id: UUID
    fact_type: FactType
    occurred_on: date
    source: str
    """The stream; unique together with ``source_id``."""
    source_id: str
    recorded_by_id: UUID
    confirmed_by_id: UUID | None = None
    counts_in: date | None = None
    """First day of a month; None means the month of the day, or the present one where that is archived."""
    grade: str = ""
    quantity: int = ONE
    """Hundredths."""
    matter: str = ""
    note: str = ""


def post(session: Session, facts: Iterable[NewFact], *, posted_at: datetime | None = None) -> list[Entry]:
    """Add ``facts``; the rows come back in the order given. A source that was posted before stays one row.

    Raises:
        FactShapeError: a grade, quantity, matter or month that the type cannot have.
        SourceTakenError: the source stands there already with other content.
    """
    moment = posted_at or clock.now()
    facts = list(facts)
    entries = [_entry(fact, moment) for fact in facts]
    heads = appending.hold_heads(session, {fact.branch_id for fact in facts})
    rows = _standing(session, entries)
    new = {}
    for fact, entry in zip(facts, entries, strict=True):
        key = _source(entry)
        if key not in rows:
            rows[key] = new[key] = entry
        elif not _says_the_same(fact, rows[key]):
            raise SourceTakenError
    with refusing(session, {"uq_facts_source": SourceTakenError}):  # another branch may post it at this moment
        rows |= {_source(entry): entry for entry in appending.append(session, heads, list(new.values()))}
    return [rows[_source(entry)] for entry in entries]


def reverse(session: Session, fact_ids: Iterable[UUID], *, recorded_by_id: UUID, note: str = "") -> list[Entry]:
    """Take facts back by adding their negatives, in the months in which they count. Twice is once.

    Raises:
        NotFoundError: there is no such fact.
        NotReversibleError: a fact is itself a reversal.
    """
    ids = list(dict.fromkeys(fact_ids))
    facts = {row.id: row for part in _parts(ids) for row in _entries(session, _OF_IDS, ids=part)}
    if len(facts) < len(ids):
        raise NotFoundError
    if any(fact.reversal_of for fact in facts.values()):
        raise NotReversibleError
    heads = appending.hold_heads(session, {fact.branch_id for fact in facts.values()})
    reversals = {row.reversal_of: row for part in _parts(ids) for row in _entries(session, _REVERSALS, ids=part)}
    moment = clock.now()
    new = [
        facts[fact_id]._replace(
            id=new_id(),
            quantity=-facts[fact_id].quantity,
            source=REVERSAL,
            source_id=str(fact_id),
            recorded_by_id=recorded_by_id,
            confirmed_by_id=None,
            note=note,
            reversal_of=fact_id,
            posted_at=moment,
        )
        for fact_id in ids
        if fact_id not in reversals
    ]
    reversals |= {entry.reversal_of: entry for entry in appending.append(session, heads, new)}
    return [reversals[fact_id] for fact_id in ids]


def facts_of(session: Session, source: str, source_ids: Iterable[str]) -> list[Entry]:
    """The facts that a stream posted under ``source_ids``, also those taken back since."""
    return [
        row
        for part in _parts(list(source_ids))
        for row in _entries(session, _OF_SOURCES, source=source, source_ids=part)
    ]


def _entry(fact: NewFact, moment: datetime) -> Entry:
    """The row of ``fact``, still without a place in the chain.

    Raises:
        FactShapeError: see ``check_fact``.
    """
    counts_in = fact.counts_in or month_counted_in(fact.occurred_on, clock.local_day(moment))
    check_fact(
        fact.fact_type,
        grade=fact.grade,
        quantity=fact.quantity,
        occurred_on=fact.occurred_on,
        counts_in=counts_in,
        matter=fact.matter,
    )
    return Entry(
        branch_id=fact.branch_id,
        seq=0,
        id=new_id(),
        member_id=fact.member_id,
        fact_type=fact.fact_type,
        grade=fact.grade,
        quantity=fact.quantity,
        occurred_on=fact.occurred_on,
        counts_in=counts_in,
        source=fact.source,
        source_id=fact.source_id,
        matter=fact.matter,
        recorded_by_id=fact.recorded_by_id,
        confirmed_by_id=fact.confirmed_by_id,
        note=fact.note,
        reversal_of=None,
        posted_at=moment,
    )


def _standing(session: Session, entries: Sequence[Entry]) -> dict[tuple[str, str], Entry]:
    """The rows that already stand there for the sources of ``entries``."""
    sources = sorted({entry.source for entry in entries})
    return {
        _source(entry): entry
        for source in sources
        for entry in facts_of(session, source, [entry.source_id for entry in entries if entry.source == source])
    }


def _source(entry: Entry) -> tuple[str, str]:
    return entry.source, entry.source_id


def _says_the_same(fact: NewFact, row: Entry) -> bool:
    if fact.counts_in not in (None, row.counts_in):
        return False
    return all(getattr(fact, name) == getattr(row, name) for name in _SAID)


def _entries(session: Session, statement: Select[Any], **asked: Any) -> Iterator[Entry]:
    return (Entry(*row) for row in session.execute(statement, asked))


def _parts(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    return (keys[start : start + _PART] for start in range(0, len(keys), _PART))
