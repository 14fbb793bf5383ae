"""Writing the ledger: facts are added to the end of their branch's chain, never changed.

Each use case holds the ends of its chains first, so that whoever comes second sees what the first one wrote.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from sqlalchemy import Connection, Select, String, Table, Uuid, bindparam, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.chain import BEGINNING, Head, Link
from app.core.db import insert_adding_up, insert_ignoring_duplicates, refusing
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.ledger.chain import Entry, extend, sums
from app.features.ledger.closings import closings
from app.features.ledger.models import Fact, LedgerHead, LedgerTotal
from app.features.ledger.new_facts import NewFact
from app.features.ledger.periods import Closing
from app.features.ledger.rules import OBJECTION, NotReversibleError, SourceTakenError
from app.features.webhooks.rules import Happening
from app.features.webhooks.telling import ToldEvent, tell

T = TypeVar("T")
REVERSAL: Final = "reversal"
"""The source of rows that take others back; what they take back is their id there."""
_PART: Final = 1000
"""Keys that are asked for in one statement; both engines limit the number of parameters."""
_FACTS, _HEADS, _TOTALS = (cast(Table, model.__table__) for model in (Fact, LedgerHead, LedgerTotal))
_COLUMNS: Final = tuple(getattr(Fact, name) for name in Entry._fields)
_OF_SOURCES: Final = select(*_COLUMNS).where(
    Fact.source == bindparam("source"), Fact.source_id.in_(bindparam("source_ids", type_=String(), expanding=True))
)
_OF_IDS: Final = select(*_COLUMNS).where(Fact.id.in_(bindparam("ids", type_=Uuid(), expanding=True)))
_REVERSALS: Final = select(*_COLUMNS).where(Fact.reversal_of.in_(bindparam("ids", type_=Uuid(), expanding=True)))
_HELD: Final = (
    select(LedgerHead.branch_id, LedgerHead.seq, LedgerHead.digest)
    .where(LedgerHead.branch_id.in_(bindparam("branches", type_=Uuid(), expanding=True)))
    .order_by(LedgerHead.branch_id)  # in one order everywhere, so that two holders never wait for each other
    .with_for_update()
)
_PUT: Final = _FACTS.insert()
_MOVE_HEAD: Final = (
    update(_HEADS)
    .where(_HEADS.c.branch_id == bindparam("of_branch"))
    .values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
)
_TAKE_OFF: Final = (
    update(_TOTALS)
    .where(*(column == bindparam(f"of_{column.name}") for column in _TOTALS.primary_key))
    .values({name: _TOTALS.c[name] + bindparam(f"of_{name}") for name in ("count", "quantity")})
)


def append(session: Session, facts: Iterable[NewFact], *, posted_at: datetime | None = None) -> list[Entry]:
    """Add ``facts``; the rows come back in the order given. A source that was posted before stays one row.

    Raises:
        FactShapeError: a grade, quantity, matter or month that the type cannot have.
        SourceTakenError: the source stands there already with other content.
    """
    moment = posted_at or clock.now()
    facts = list(facts)
    heads = _hold_heads(session, {fact.branch_id for fact in facts})
    closed = _closings(session, [fact for fact in facts if fact.is_late(moment)])  # once held: no archive comes between
    entries = [fact.entry(moment, closed.get((fact.member_id, fact.occurred_on.year))) for fact in facts]
    rows = _standing(session, entries)
    new = {}
    for fact, entry in zip(facts, entries, strict=True):
        key = _source(entry)
        if key not in rows:
            rows[key] = new[key] = entry
        elif not fact.says(rows[key]):
            raise SourceTakenError
    taken = {"uq_facts_source": SourceTakenError}  # another branch may post it at this moment
    with refusing(session, taken, rows_alone=True):
        rows |= {_source(entry): entry for entry in _add_to_chains(session, heads, list(new.values()))}
    return [rows[_source(entry)] for entry in entries]


def reverse(
    session: Session, fact_ids: Iterable[UUID], *, recorded_by_id: UUID, note: str = "", objection: UUID | None = None
) -> list[Entry]:
    """Take facts back by adding their negatives, in the months in which they count. Twice is once.

    Under the id of an ``objection`` it is for good: no stream posts again what it took back.

    Raises:
        NotReversibleError: a fact is itself a reversal.
    """
    ids = list(dict.fromkeys(fact_ids))
    facts = {row.id: row for part in _parts(ids) for row in _entries(session, _OF_IDS, ids=part)}
    if len(facts) < len(ids):
        raise NotFoundError
    if any(fact.reversal_of for fact in facts.values()):
        raise NotReversibleError
    heads = _hold_heads(session, {fact.branch_id for fact in facts.values()})
    reversals = {row.reversal_of: row for part in _parts(ids) for row in _entries(session, _REVERSALS, ids=part)}
    moment = clock.now()
    new = [
        facts[fact_id]._replace(
            id=new_id(),
            quantity=-facts[fact_id].quantity,
            source=OBJECTION if objection else REVERSAL,
            source_id=f"{objection}:{fact_id}" if objection else str(fact_id),
            recorded_by_id=recorded_by_id,
            confirmed_by_id=None,
            note=note,
            reversal_of=fact_id,
            posted_at=moment,
        )
        for fact_id in ids
        if fact_id not in reversals
    ]
    reversals |= {entry.reversal_of: entry for entry in _add_to_chains(session, heads, new)}
    return [reversals[fact_id] for fact_id in ids]


def hold(session: Session, branches: Collection[UUID]) -> None:
    """Hold where the chains of ``branches`` end until the unit of work is over: who waits sees what was written."""
    _hold_heads(session, branches)


def facts_of(session: Session, source: str, source_ids: Iterable[str]) -> list[Entry]:
    """The facts that a stream posted under ``source_ids``, also those taken back since."""
    return [
        row
        for part in _parts(list(source_ids))
        for row in _entries(session, _OF_SOURCES, source=source, source_ids=part)
    ]


def _closings(session: Session, late: Sequence[NewFact]) -> Mapping[tuple[UUID, int], Closing]:
    """What became of the years of facts that come after their end."""
    if not late:
        return {}
    members, years = {fact.member_id for fact in late}, {fact.occurred_on.year for fact in late}
    found = (closings(session, part, years) for part in _parts(sorted(members)))
    return {key: closing for part in found for key, closing in part.items()}


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


def _entries(session: Session, statement: Select[Any], **asked: Any) -> Iterator[Entry]:
    return (Entry(*row) for row in _connection(session).execute(statement, asked))


def _connection(session: Session) -> Connection:
    """For rows that no session keeps: what it keeps is written first, then it is left out, which costs less."""
    session.flush()
    return session.connection()


def _parts(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    return (keys[start : start + _PART] for start in range(0, len(keys), _PART))


def _hold_heads(session: Session, branches: Collection[UUID]) -> dict[UUID, Head]:
    """Lock and return where the chains of ``branches`` end, until the unit of work is over."""
    asked = {"branches": sorted(branches)}
    connection = _connection(session)
    heads = {row.branch_id: Head(row.seq, row.digest) for row in connection.execute(_HELD, asked)}
    if missing := sorted(set(branches) - heads.keys()):
        connection.execute(
            insert_ignoring_duplicates(session, _HEADS),
            [{"branch_id": branch_id, "seq": 0, "digest": BEGINNING} for branch_id in missing],
        )
        heads = {row.branch_id: Head(row.seq, row.digest) for row in connection.execute(_HELD, asked)}
    return heads


def _told(entry: Entry) -> ToldEvent:
    event = Happening.FACT_TAKEN_BACK if entry.reversal_of else Happening.FACT_CONFIRMED
    return ToldEvent(event, entry.id, entry.branch_id)


def _add_to_chains(session: Session, heads: Mapping[UUID, Head], entries: Sequence[Entry]) -> list[Entry]:
    """Put ``entries`` at the end of their chains, whose ``heads`` are held, and add them to the totals."""
    if not entries:
        return []
    links = list(extend(heads, entries))
    connection = _connection(session)
    connection.execute(_PUT, [_row(link) for link in links])
    tell(session, [_told(link.entry) for link in links])
    ends = {link.entry.branch_id: link for link in links}
    connection.execute(
        _MOVE_HEAD,
        [
            {"of_branch": branch_id, "new_seq": link.entry.seq, "new_digest": link.digest}
            for branch_id, link in sorted(ends.items())
        ],
    )
    placed = [link.entry for link in links]
    _add_to_totals(session, placed)
    return placed


def _row(link: Link[Entry]) -> dict[str, Any]:
    return link.entry._asdict() | {"previous_digest": link.previous_digest, "digest": link.digest}


def _add_to_totals(session: Session, entries: Iterable[Entry]) -> None:
    """Bring the totals along, sorted by key.

    What is taken off is an UPDATE of its own: PostgreSQL checks an upsert's row before it sees the one in its
    way, and a total below zero is refused.
    """
    rows = [key._asdict() | {"count": count, "quantity": quantity} for key, (count, quantity) in sums(entries)]
    if added_to := [row for row in rows if row["count"] > 0]:
        _connection(session).execute(insert_adding_up(session, _TOTALS, ("count", "quantity")), added_to)
    if taken_off := [{f"of_{name}": value for name, value in row.items()} for row in rows if row["count"] < 0]:
        _connection(session).execute(_TAKE_OFF, taken_off)
