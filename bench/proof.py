"""What must be true after a soak, looked up in the database itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from app.core import clock
from app.features.ledger.models import LedgerTotal
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import BATCH, ReviewStatus
from app.features.study.models import StudyRecord
from app.features.sync.models import InboxItem
from app.features.sync.rules import HELD_FOR, TAKEN, ItemState
from app.sweep import release_overdue
from bench.installation import Installation
from bench.phones import Act, Phone

CLOCKS: Final = timedelta(seconds=5)
"""How far a corrected time may be from the true one: the way of a request through a slow network."""
HEARD: Final = frozenset({"accepted", "duplicate", "review", "held", "withdrawn"})
"""Nothing here deserves another verdict."""


def violations(here: Installation, phones: Sequence[Phone]) -> list[str]:
    """Everything that is not as it must be, in words; nothing if all is well."""
    found = [line for phone in phones for line in _unheard(phone)]
    release_overdue(here.database, now=clock.now() + HELD_FOR)
    found += _rows(here, phones)
    found += _approved(here)
    return found


def _unheard(phone: Phone) -> Iterator[str]:
    if phone.waiting:
        yield f"{phone.waiting} items of {phone.member.name} were never named by the server"
    for act in phone.acts.values():
        if strange := set(act.verdicts) - HEARD:
            yield f"{act.id}: verdicts {sorted(strange)}"
        if act.verdicts.count("accepted") + act.verdicts.count("review") + act.verdicts.count("held") > 1:
            yield f"{act.id}: taken in twice, it heard {act.verdicts}"


def _rows(here: Installation, phones: Sequence[Phone]) -> Iterator[str]:
    """Each item is in the inbox once, under its member, at its true time; its stream has what it should have."""
    acts = {act.id: (act, phone.member.id) for phone in phones for act in phone.acts.values()}
    withdrawn = {act.withdraws for act, _member in acts.values() if act.withdraws}
    with here.database.read() as session:
        rows = {row.id: row for row in session.scalars(select(InboxItem))}
        waiting = dict(session.execute(select(Review.id, Review.status)).all())
        titles = dict(session.execute(select(StudyRecord.id, StudyRecord.title)).all())
    if rows.keys() != acts.keys():
        yield f"{len(acts.keys() - rows.keys())} items lost, {len(rows.keys() - acts.keys())} from nowhere"
    if waiting.keys() != titles.keys():
        yield f"{len(waiting.keys() ^ titles.keys())} reviews without record, or records without review"
    for name in rows.keys() & acts.keys():
        act, member_id = acts[name]
        if rows[name].member_id != member_id:
            yield f"{name}: under another person"
        elif name in withdrawn:
            if rows[name].state is not ItemState.WITHDRAWN or waiting.get(name, "") not in ("", "withdrawn"):
                yield f"{name}: withdrawn, and still there"
        elif act.withdraws is None:
            yield from _taken(act, rows[name], waiting.get(name), titles.get(name))


def _taken(act: Act, row: InboxItem, status: ReviewStatus | None, title: str | None) -> Iterator[str]:
    if row.state not in TAKEN or status is not ReviewStatus.PENDING:
        yield f"{act.id}: {row.state} in the inbox, {status} for the officers"
    if title != act.item["payload"]["title"]:
        yield f"{act.id}: recorded with other content"
    if row.corrected_at is None or abs(row.corrected_at - act.happened_at) > CLOCKS:
        yield f"{act.id}: happened {act.happened_at}, recorded {row.corrected_at}"


def _approved(here: Installation) -> Iterator[str]:
    """Approve everything; the totals are the numbers of records then, and the ledger is as it was written."""
    with here.database.read() as session:
        pending = select(Review.id, Review.member_id, Review.flags).where(Review.status == ReviewStatus.PENDING)
        rows = session.execute(pending).all()
    flagged = [[row.id] for row in rows if row.flags]
    plain = [row.id for row in rows if not row.flags]
    for ids in flagged + [plain[start : start + BATCH] for start in range(0, len(plain), BATCH)]:
        yield from _approve(here, ids)
    expected = Counter(row.member_id for row in rows)
    with here.database.read() as session:
        sums = select(LedgerTotal.member_id, func.sum(LedgerTotal.count)).group_by(LedgerTotal.member_id)
        counted = dict(session.execute(sums).all())
    if counted != expected:
        yield f"the totals say {sum(counted.values())}, approved were {expected.total()}"
    try:
        here.server.run("ledger", "verify")
    except AssertionError as report:
        yield str(report)


def _approve(here: Installation, ids: list[UUID]) -> Iterator[str]:
    with here.database.write() as session:
        outcome = reviews.approve(session, here.people.sam.actor, ids, acknowledged=True)
    yield from (f"{refused.id}: not approved, {refused.error.code}" for refused in outcome.refused)
