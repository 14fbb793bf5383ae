"""What a publicity shows: name, fact, day and number, by group and pinyin; never points, reasons or grades.

Absence is 缺席, whatever it was absence from, and leave only 请假. The results of reviews stay out, appraisals stand
without their grade, and nobody is marked as exempt. Source: domain, quantified §3.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import String, Uuid, and_, bindparam, case, select, type_coerce
from sqlalchemy.orm import Session, aliased

from app.core import formats
from app.core.clock import first_of_month
from app.core.i18n import LazyText, gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.ids import of_driver
from app.core.rows import is_empty
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType, shape
from app.features.members import homes
from app.features.members.queries import AnyRow
from app.features.reviews import kinds
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import Period

ABSENT: Final = _("Absent")
ON_LEAVE: Final = _("On leave")
_ABSENCES: Final = frozenset({FactType.ATTENDANCE_ABSENT, FactType.ATTENDANCE_ABSENT_KEY})
_LEAVES: Final = frozenset({FactType.LEAVE_UNREPORTED, FactType.LEAVE_UNCLOSED, FactType.LEAVE_OVERDUE})
LEFT_OUT: Final = frozenset({FactType.REVIEW_RESULT, FactType.ATTENDANCE_PRIVATE_LEAVE})
"""Votes; and what would tell private leave from sick leave: both stand among those excused."""
_TYPES: Final = {fact_type.value: fact_type for fact_type in FactType}
_PLACES: Final = {fact_type: place for place, fact_type in enumerate(FactType)}
_NO_END: Final = 2**62
_Reversal: Final = aliased(Fact)
_SEQ: Final = bindparam("seq", type_=Fact.seq.type)
_BY: Final = bindparam("by", type_=Fact.posted_at.type)
_HERE: Final = bindparam("branch", type_=Uuid())
_KNOWN: Final = (
    select(type_coerce(Fact.member_id, String), type_coerce(Fact.fact_type, String), Fact.quantity, Fact.occurred_on)
    .outerjoin(
        _Reversal,
        and_(
            _Reversal.reversal_of == Fact.id,
            case((_Reversal.branch_id == _HERE, _Reversal.seq <= _SEQ), else_=_Reversal.posted_at <= _BY),
        ),
    )
    .where(
        Fact.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
        Fact.counts_in >= bindparam("since", type_=Fact.counts_in.type),
        Fact.counts_in <= bindparam("until", type_=Fact.counts_in.type),
        Fact.fact_type.not_in(sorted(LEFT_OUT)),
        is_empty(Fact.reversal_of),
        case((Fact.branch_id == _HERE, Fact.seq <= _SEQ), else_=Fact.posted_at <= _BY),
        _Reversal.id.is_(None),
    )
    .order_by(Fact.occurred_on, Fact.posted_at, Fact.seq)
)


def word_for(fact_type: FactType) -> LazyText | None:
    """What a fact is called where everybody reads it; ``None``: it is not shown."""
    if fact_type in LEFT_OUT:
        return None
    if fact_type in _ABSENCES:
        return ABSENT
    return ON_LEAVE if fact_type in _LEAVES else fact_type.label


class ShownFact(NamedTuple):
    """One thing about one person: what it is called, on which days, and how often or how much."""

    fact: LazyText | str
    days: Sequence[date]
    number: int
    measure: str
    """The quantity with its unit; empty where things are counted."""

    @property
    def amount(self) -> str:
        """How much or how often, with its unit: ``2个半天``, ``2次``."""
        return self.measure or ngettext("%(n)s time", "%(n)s times", self.number) % {"n": self.number}

    def said(self, year: int) -> str:
        """``缺席 · 3月6日, 5月8日 · 2次``, of the ``year`` that is spoken of."""
        return f"{self.fact} · {dates(self.days, year)} · {self.amount}"


class ShownPerson(NamedTuple):
    """One member with what is shown; nothing where nothing was recorded."""

    id: UUID
    name: str
    group: str | None
    lines: Sequence[ShownFact]


def dates(days: Sequence[date], year: int) -> str:
    """These days, of the ``year`` that is spoken of."""
    return gettext(", ").join(formats.short_day(day, year) for day in days)


def content(session: Session, branch_id: UUID, asked: Period, published: Publicity | None) -> list[ShownPerson]:
    """What is publicised of a period, as the ledger had it when it was published; before that, as it has it now.

    Who belongs to the branch on the last day of the period (or today, before it has come) is shown with all facts of
    the period, whichever branch they were posted in.
    """
    seq, by = _NO_END, datetime.max.replace(tzinfo=UTC)
    day = asked.last
    if published and published.published_at and published.opened_on:
        seq, by = published.head.seq, published.published_at
        day = min(day, published.opened_on)
    people = homes.belonging(session, branch_id, day)
    ids = sorted(row.id for row in people)
    facts = session.execute(
        _KNOWN,
        {
            "members": ids,
            "since": first_of_month(asked.first),
            "until": first_of_month(asked.last),
            "branch": branch_id,
            "seq": seq,
            "by": by,
        },
    ).all()
    excused = kinds.on_leave(session, ids, asked.first, asked.last, by)
    return _people(people, facts, excused)


def _people(
    people: Sequence[homes.Belonged], facts: Collection[AnyRow], excused: Mapping[UUID, Sequence[date]]
) -> list[ShownPerson]:
    found: dict[UUID, dict[FactType | LazyText, list[tuple[date, int]]]] = defaultdict(lambda: defaultdict(list))
    leaves = {member_id: list(days) for member_id, days in excused.items()}
    for name, written, quantity, day in facts:
        member_id, fact_type = of_driver(name), _TYPES[written]
        if fact_type in _LEAVES:
            leaves.setdefault(member_id, []).append(day)
        else:
            found[member_id][ABSENT if fact_type in _ABSENCES else fact_type].append((day, quantity))
    return [
        ShownPerson(row.id, row.name, row.group_name, list(_lines(found[row.id], sorted(leaves.get(row.id, ())))))
        for row in people
    ]


def _lines(
    found: Mapping[FactType | LazyText, Sequence[tuple[date, int]]], leaves: Sequence[date]
) -> Iterator[ShownFact]:
    if absences := found.get(ABSENT):
        yield ShownFact(ABSENT, [day for day, _quantity in absences], len(absences), "")
    if leaves:
        yield ShownFact(ON_LEAVE, leaves, len(leaves), "")
    kinds_found = [kind for kind in found if isinstance(kind, FactType)]
    for fact_type in sorted(kinds_found, key=_PLACES.__getitem__):
        facts = found[fact_type]
        measure = ""
        if shape(fact_type).is_amount:
            measure = shape(fact_type).said(sum(quantity for _day, quantity in facts))
        yield ShownFact(fact_type.label, [day for day, _quantity in facts], len(facts), measure)
