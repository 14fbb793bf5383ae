"""The end of the chain: hold it, add rows to it, and bring the totals along. Only the ledger's service calls this."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from app.core.db import insert_adding_up, insert_ignoring_duplicates
from app.features.ledger.chain import BEGINNING, Entry, Head, fact_digest
from app.features.ledger.models import Fact, LedgerHead, LedgerTotal
from app.features.ledger.rules import FactType, contribution

_FACTS: Final = cast(Table, Fact.__table__)
_HEADS: Final = cast(Table, LedgerHead.__table__)
_TOTALS: Final = cast(Table, LedgerTotal.__table__)
_HELD: Final = (
    select(LedgerHead.branch_id, LedgerHead.seq, LedgerHead.digest)
    .where(LedgerHead.branch_id.in_(bindparam("branches", expanding=True)))
    .order_by(LedgerHead.branch_id)  # in one order everywhere, so that two holders never wait for each other
    .with_for_update()
)
_MOVE_HEAD: Final = (
    update(_HEADS)
    .where(_HEADS.c.branch_id == bindparam("held"))
    .values(seq=bindparam("new_seq"), digest=bindparam("new_digest"))
)
_TAKE_OFF: Final = (
    update(_TOTALS)
    .where(*(column == bindparam(f"of_{column.name}") for column in _TOTALS.primary_key))
    .values({name: _TOTALS.c[name] + bindparam(f"of_{name}") for name in ("count", "quantity")})
)


class _Key(NamedTuple):
    """The primary key of a total."""

    member_id: UUID
    month: date
    fact_type: FactType
    grade: str
    matter: str


def hold_heads(session: Session, branches: Collection[UUID]) -> dict[UUID, Head]:
    """Lock and return where the chains of ``branches`` end, until the unit of work is over."""
    asked = {"branches": sorted(branches)}
    heads = {row.branch_id: Head(row.seq, row.digest) for row in session.execute(_HELD, asked)}
    if missing := sorted(set(branches) - heads.keys()):
        session.execute(
            insert_ignoring_duplicates(session, _HEADS),
            [{"branch_id": branch_id, "seq": 0, "digest": BEGINNING} for branch_id in missing],
        )
        heads = {row.branch_id: Head(row.seq, row.digest) for row in session.execute(_HELD, asked)}
    return heads


def append(session: Session, heads: Mapping[UUID, Head], entries: Sequence[Entry]) -> list[Entry]:
    """Put ``entries`` at the end of their chains, whose ``heads`` are held, and add them to the totals."""
    if not entries:
        return []
    ends = dict(heads)
    placed: list[Entry] = []
    rows = []
    for entry in entries:
        end = ends[entry.branch_id]
        row = entry._replace(seq=end.seq + 1)
        digest = fact_digest(row, end.digest)
        ends[entry.branch_id] = Head(row.seq, digest)
        rows.append(row._asdict() | {"previous_digest": end.digest, "digest": digest})
        placed.append(row)
    session.execute(_FACTS.insert(), rows)
    session.execute(
        _MOVE_HEAD,
        [
            {"held": branch_id, "new_seq": end.seq, "new_digest": end.digest}
            for branch_id, end in sorted(ends.items())
            if end != heads[branch_id]
        ],
    )
    _add_to_totals(session, placed)
    return placed


def _add_to_totals(session: Session, entries: Iterable[Entry]) -> None:
    """Bring the totals along, sorted by key.

    What is taken off is an UPDATE of its own: PostgreSQL checks an upsert's row before it sees the one in its
    way, and a total below zero is refused.
    """
    sums: dict[_Key, tuple[int, int]] = {}
    for entry in entries:
        added = contribution(
            entry.fact_type,
            grade=entry.grade,
            quantity=entry.quantity,
            counts_in=entry.counts_in,
            matter=entry.matter,
            reverses=entry.reversal_of is not None,
        )
        key = _Key(entry.member_id, added.month, added.fact_type, added.grade, added.matter)
        count, quantity = sums.get(key, (0, 0))
        sums[key] = (count + added.count, quantity + added.quantity)
    rows = [key._asdict() | {"count": count, "quantity": quantity} for key, (count, quantity) in sorted(sums.items())]
    if added_to := [row for row in rows if row["count"] > 0]:
        session.execute(insert_adding_up(session, _TOTALS, ("count", "quantity")), added_to)
    if taken_off := [{f"of_{name}": value for name, value in row.items()} for row in rows if row["count"] < 0]:
        session.execute(_TAKE_OFF, taken_off)
