"""The whole proof: chains and totals of the ledger, what was decided against what stands there, the log's own chain."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.chain import ChainFault, Head, first_fault
from app.core.db import Database
from app.features.audit import day_anchors, seals
from app.features.audit.known_heads import Comparison, Difference, KnownHead
from app.features.audit.rules import LOG
from app.features.ledger import queries as ledger
from app.features.ledger.proof import Report, told_of
from app.features.members import audit
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.reviews.proof import Mismatch, mismatches, number_of_approved

T = TypeVar("T")
log = logging.getLogger("sanliang")
MISMATCHES_SHOWN: Final = 20
"""More than these are not listed: the first ones tell where to look."""
VERIFIED_EVERY: Final = timedelta(days=1)
"""How often the sweep verifies by itself."""
_LAST: Final = (
    select(AuditEntry.at)
    .where(AuditEntry.action == AuditAction.VERIFIED, AuditEntry.place_id.is_(None))
    .order_by(AuditEntry.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was looked at at one moment, and what is not as it was written."""

    at: datetime
    ledger: Report
    heads: dict[UUID, Head]
    """Where the chain of each branch ends."""
    mismatches: tuple[Mismatch, ...]
    """The first ``MISMATCHES_SHOWN``."""
    log: Head
    """Where the chain of the audit log ends."""
    log_start: Head
    """The last entry of it that was forgotten."""
    log_fault: ChainFault | None
    differences: tuple[Difference, ...]
    """From heads that were known before."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was touched."""
        return (
            self.ledger.is_clean
            and not self.mismatches
            and not self.log_fault
            and not any(difference.is_fault for difference in self.differences)
        )


def size(session: Session, branch_id: UUID | None = None) -> int:
    """How many steps of progress ``verify`` will tell of."""
    log = 0 if branch_id else seals.number(session)
    return ledger.number_of_facts(session, branch_id) + number_of_approved(session, branch_id) + log


def verify(
    session: Session,
    *,
    branch_id: UUID | None = None,
    known: Iterable[KnownHead] = (),
    progress: Callable[[int], object] = lambda rows: None,
) -> Verification:
    """Look at everything of one branch, or at everything; in portions, so that memory does not grow with the ledger.

    The session must see one moment throughout (``Database.snapshot``). ``known`` are heads that were printed or
    exported before, or the digest of a day, which stands for all its heads; those that are kept here are looked for as
    well. The audit log belongs to no branch: it is left out where one is asked for.
    """
    named = day_anchors.names(session)
    comparison = Comparison(_sought(session, known, branch_id, named))
    heads = ledger.heads(session, branch_id)
    report = ledger.verify(session, branch_id=branch_id, progress=progress, seen=comparison.watching)
    found = mismatches(session, branch_id=branch_id, progress=progress)
    start, end = seals.ends(session)
    comparison.see(start)
    log_fault = None
    if branch_id is None:
        entries = told_of(comparison.watching(seals.links(session)), progress)
        log_fault = first_fault(entries, end, start)
        _first(entries, 0)  # what is known from outside may stand behind the fault
    ends = {key: head.seq for branch, head in heads.items() for key in (named[str(branch)], str(branch))}
    now = clock.now()
    return Verification(
        at=now,
        ledger=report,
        heads=heads,
        mismatches=_first(found, MISMATCHES_SHOWN),
        log=end,
        log_start=start,
        log_fault=log_fault,
        differences=tuple(comparison.differences(ends=ends | {LOG: end.seq}, forgotten=start.seq, now=now)),
    )


def _sought(
    session: Session, known: Iterable[KnownHead], branch_id: UUID | None, names: Mapping[str, str]
) -> list[KnownHead]:
    """``known``, a day's digest as its heads, and what is kept of earlier days; of one branch or of all."""
    found = []
    for head in known:
        day = day_anchors.of_digest(session, head.digest) if head.seq is None else None
        found += day_anchors.known(day, names) if day else [head]
    for anchor in day_anchors.compared(session):
        found += day_anchors.known(anchor, names)
    if branch_id is None:
        return found
    own = {"", str(branch_id), names[str(branch_id)]}
    return [
        head if head.chain else head._replace(chain=names[str(branch_id)], chain_id=str(branch_id))
        for head in found
        if (head.chain_id or head.chain) in own
    ]


def _first(rows: Iterable[T], most: int) -> tuple[T, ...]:
    """The first ``most`` rows; all of them are read."""
    return tuple(row for number, row in enumerate(rows) if number < most)


def note(session: Session, found: Verification, *, branch_id: UUID | None = None) -> None:
    """Keep in the audit log that this was verified, and what came of it."""
    said = {
        "clean": "yes" if found.is_clean else "no",
        "branches": len(found.heads),
        "facts": found.ledger.facts,
        "entries": found.log.seq - found.log_start.seq,
    }
    audit.record(session, None, AuditAction.VERIFIED, audit.Subject("", None, branch_id), audit.changed({}, said))


def verify_daily(database: Database, now: datetime) -> int:
    """Verify everything, if that has not been done for ``VERIFIED_EVERY``; gives the number of branches looked at.

    What is not as it was written goes to the log of the server as an error: whoever watches it is told.
    """
    with database.read() as session:
        last = session.scalar(_LAST)
    if last is not None and now - last < VERIFIED_EVERY:
        return 0
    with database.snapshot() as session:
        found = verify(session)
    with database.write() as session:
        note(session, found)
    if not found.is_clean:
        log.error("the ledger or the audit log is not as it was written; run: sanliang ledger verify")
    return len(found.heads)
