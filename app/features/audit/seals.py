"""The chain of the audit log: entries are sealed after they were written, and forgotten from the beginning.

Whoever writes an entry holds nothing; only sealing takes turns. Until an entry is sealed its removal leaves no trace,
afterwards it shows (docs/decisions/0027).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import String, Table, bindparam, delete, select, type_coerce, update
from sqlalchemy.orm import Session

from app.core.chain import Head, Link, linked
from app.core.db import Database
from app.core.rows import locked
from app.features.audit.rules import KEPT_FOR
from app.features.members.models import AuditChain, AuditEntry

SEALED_AT_ONCE: Final = 1000
"""Entries that get their place, or are forgotten, in one unit of work."""
_ENTRIES: Final = cast(Table, AuditEntry.__table__)


class Entry(NamedTuple):
    """One entry of the log: every column but the two digests. A column added here is covered by itself."""

    seq: int
    id: UUID
    at: datetime
    actor_id: UUID | None
    action: str
    subject_id: UUID | None
    subject: str
    place_id: UUID | None
    changes: dict[str, list[str | None]]


_COLUMNS: Final = [
    type_coerce(_ENTRIES.c[name], String).label(name) if name == "action" else _ENTRIES.c[name]
    for name in Entry._fields
]
_CHAIN: Final = locked(select(AuditChain))
_UNSEALED: Final = select(*_COLUMNS).where(_ENTRIES.c.seq.is_(None)).order_by(_ENTRIES.c.id).limit(SEALED_AT_ONCE)
_SEAL: Final = (
    update(_ENTRIES)
    .where(_ENTRIES.c.id == bindparam("of_id"))
    .values({name: bindparam(f"its_{name}") for name in ("seq", "previous_digest", "digest")})
)
_LINKS: Final = (
    select(*_COLUMNS, _ENTRIES.c.previous_digest, _ENTRIES.c.digest)
    .where(_ENTRIES.c.seq.is_not(None))
    .order_by(_ENTRIES.c.seq)
)
_OLDEST: Final = (
    select(_ENTRIES.c.seq, _ENTRIES.c.at, _ENTRIES.c.digest)
    .where(_ENTRIES.c.seq.is_not(None))
    .order_by(_ENTRIES.c.seq)
    .limit(SEALED_AT_ONCE)
)


def seal_all(database: Database) -> int:
    """Give every entry its place that has none, in units of ``SEALED_AT_ONCE``; gives their number."""
    sealed = 0
    while True:
        with database.write() as session:
            portion = seal(session)
        sealed += portion
        if portion < SEALED_AT_ONCE:
            return sealed


def seal(session: Session) -> int:
    """Give up to ``SEALED_AT_ONCE`` entries their place in the chain, in the order of time; gives their number.

    One that is written at this moment and not committed yet gets its place the next time.
    """
    chain = session.scalars(_CHAIN).one()
    end = Head(chain.seq, chain.digest)
    sealed = []
    for row in session.execute(_UNSEALED):
        link = linked(Entry(*row)._replace(seq=end.seq + 1), end)
        end = Head(link.entry.seq, link.digest)
        sealed.append(
            {
                "of_id": link.entry.id,
                "its_seq": end.seq,
                "its_previous_digest": link.previous_digest,
                "its_digest": end.digest,
            }
        )
    if sealed:
        session.connection().execute(_SEAL, sealed)
        chain.seq, chain.digest = end
        session.flush()
    return len(sealed)


def ends(session: Session) -> tuple[Head, Head]:
    """The last entry that was forgotten, and the last one that is sealed."""
    chain = session.scalars(select(AuditChain)).one()
    return Head(chain.start_seq, chain.start_digest), Head(chain.seq, chain.digest)


def links(session: Session) -> Iterator[Link[Entry]]:
    """All sealed entries in the order of the chain."""
    for row in session.execute(_LINKS, execution_options={"yield_per": SEALED_AT_ONCE}):
        *content, previous_digest, digest = row
        yield Link(Entry(*content), previous_digest, digest)


def number(session: Session) -> int:
    """How many entries are sealed and kept."""
    start, end = ends(session)
    return end.seq - start.seq


def forget(session: Session, now: datetime) -> int:
    """Forget the oldest entries if they are older than ``KEPT_FOR``, ``SEALED_AT_ONCE`` at most; gives their number.

    Only the beginning of the chain goes, and the chain remembers the last row before what is left.
    """
    chain = session.scalars(_CHAIN).one()
    past = []
    for row in session.execute(_OLDEST):
        if row.at >= now - KEPT_FOR:
            break
        past.append(row)
    if past:
        chain.start_seq, chain.start_digest = past[-1].seq, past[-1].digest
        session.flush()
        session.execute(delete(_ENTRIES).where(_ENTRIES.c.seq <= chain.start_seq))
    return len(past)
