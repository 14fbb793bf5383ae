"""The proof that facts stand in the ledger exactly for what is approved: each way round, in portions."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import String, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import AppError
from app.core.i18n import lazy_gettext as _
from app.core.rows import IDS, is_empty
from app.core.words import Word
from app.features.ledger.models import Fact
from app.features.ledger.rules import OBJECTION
from app.features.reviews.kinds import ReviewKind, kinds, source_id
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_COUNTED: Final = "fact-"
AT_ONCE: Final = 1000
"""Rows that are in memory at a time."""


class MismatchKind(Word):
    """How a decision and the ledger can differ."""

    NO_FACT = "no_fact", _("Record %(record)s is approved, but has no fact that stands.")
    NOT_APPROVED = "not_approved", _("Row %(seq)s stands for record %(record)s, which is not approved so.")
    OTHER_PEOPLE = "other_people", _("Row %(seq)s names other people than the decision on record %(record)s.")


class Mismatch(NamedTuple):
    """A decision and the ledger that do not say the same."""

    branch_id: UUID
    kind: MismatchKind
    record: str
    """The id of the record, or what the fact says it is."""
    seq: int = 0
    """The row of the ledger; 0 where there is none."""

    @property
    def sentence(self) -> str:
        """What differs, for the person who checks."""
        return self.kind.label % {"record": self.record, "seq": self.seq}


_Reversal = aliased(Fact)
_OF_KINDS: Final = (
    select(Fact.branch_id, Fact.seq, Fact.source, Fact.source_id, Fact.member_id, Fact.confirmed_by_id)
    .outerjoin(_Reversal, _Reversal.reversal_of == Fact.id)
    .where(Fact.source.in_(bindparam("kinds", type_=String(), expanding=True)), is_empty(Fact.reversal_of))
)
_STANDING: Final = _OF_KINDS.where(_Reversal.id.is_(None))
_OF_SOURCES: Final = _OF_KINDS.where(
    Fact.source_id.in_(bindparam("sources", type_=String(), expanding=True)),
    or_(_Reversal.id.is_(None), _Reversal.source == OBJECTION),
)
"""Those that stand, and those that the answer to an objection took back: the decision on the record is not undone."""
_DECIDED: Final = select(
    Review.id,
    Review.kind,
    Review.status,
    Review.round,
    Review.counts_in_id.label("branch_id"),
    Review.member_id,
    Review.decided_by_id,
).where(Review.id.in_(IDS))
_APPROVED: Final = select(Review.id, Review.kind, Review.round, Review.counts_in_id.label("branch_id")).where(
    Review.status == ReviewStatus.APPROVED
)
_WHOLE: Final = select(Review).where(Review.id.in_(IDS))


def number_of_approved(session: Session, branch_id: UUID | None = None) -> int:
    """How many records are approved, of those that count in one branch or of all."""
    statement = select(func.count()).select_from(Review).where(Review.status == ReviewStatus.APPROVED)
    return session.scalar(_of(statement, Review.counts_in_id, branch_id)) or 0


def mismatches(
    session: Session, *, branch_id: UUID | None = None, progress: Callable[[int], object] = lambda rows: None
) -> Iterator[Mismatch]:
    """Where facts and decisions differ: every approved record has the one fact of its round, and no other has one.

    Of kinds whose stream brings their facts itself (``fact-1``): that none stands for what is not approved.

    The session must see one moment throughout (``Database.snapshot``). ``progress`` is told of the approved records
    that were looked at since it was told before.
    """
    by_name = {kind.name: kind for kind in kinds()}
    standing = _of(_STANDING.order_by(Fact.branch_id, Fact.seq), Fact.branch_id, branch_id)
    for facts in session.execute(standing, {"kinds": sorted(by_name)}).yield_per(AT_ONCE).partitions():
        yield from _not_decided_so(session, facts)
    approved = _of(_APPROVED.order_by(Review.id), Review.counts_in_id, branch_id)
    for records in session.execute(approved).yield_per(AT_ONCE).partitions():
        for name in sorted({record.kind for record in records} & by_name.keys()):
            yield from _without_fact(session, by_name[name], [record for record in records if record.kind == name])
        progress(len(records))


def _not_decided_so(session: Session, facts: Collection[Any]) -> Iterator[Mismatch]:
    records = {fact.source_id: _record(fact.source_id) for fact in facts}
    asked = {"ids": sorted({record for record, _round in records.values() if record})}
    decided = {row.id: row for row in session.execute(_DECIDED, asked)}
    for fact in facts:
        record, decision = records[fact.source_id]
        row = decided.get(record) if record else None
        if (
            row is None
            or (row.kind, row.status) != (fact.source, ReviewStatus.APPROVED)
            or decision not in (row.round, None)
        ):
            yield Mismatch(fact.branch_id, MismatchKind.NOT_APPROVED, str(record or fact.source_id), fact.seq)
        elif (row.branch_id, row.member_id, row.decided_by_id) != (
            fact.branch_id,
            fact.member_id,
            fact.confirmed_by_id,
        ):
            yield Mismatch(fact.branch_id, MismatchKind.OTHER_PEOPLE, str(record), fact.seq)


def _without_fact(session: Session, kind: ReviewKind, records: Sequence[Any]) -> Iterator[Mismatch]:
    asked = {"kinds": [kind.name], "sources": [source_id(record) for record in records]}
    there = {fact.source_id for fact in session.execute(_OF_SOURCES, asked)}
    missing = {record.id: record for record in records if source_id(record) not in there}
    if missing:  # perhaps the stream brings no fact for them: it is asked as when they were approved
        try:
            wanted = set(kind.facts(session, session.scalars(_WHOLE, {"ids": sorted(missing)}).all()))
        except AppError:  # it would not let them be approved today
            wanted = set(missing)
        for record_id in sorted(wanted):
            yield Mismatch(missing[record_id].branch_id, MismatchKind.NO_FACT, str(record_id))


def _record(source: str) -> tuple[UUID | None, int | None]:
    """The record and the round that ``source`` names (see ``kinds.source_id``); no record if it names none.

    A stream that brings its facts itself counts them instead, ``fact-1``: such a one names no round.
    """
    name, _colon, decision = source.partition(":")
    try:
        number = int(decision.removeprefix(_COUNTED))
        return UUID(name), None if decision.startswith(_COUNTED) else number
    except ValueError:
        return None, 0


def _of(statement: Any, column: Any, branch_id: UUID | None) -> Any:
    return statement if branch_id is None else statement.where(column == branch_id)
