"""The ledger of a branch by date, and the page of facts of a month or of half a year: as paper and as a file."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.clock import first_of_month
from app.core.i18n import gettext as _
from app.core.rows import is_empty
from app.core.tables import Cell, Table
from app.features.board import queries as board
from app.features.ledger.models import Fact
from app.features.ledger.rules import GRADES, FactType, shape
from app.features.meetings.asked.queries import standing
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.reviews.kinds import kind_called
from app.features.scores import fact_words

_Recorder, _Confirmer, _Reverser = aliased(Member), aliased(Member), aliased(Member)
_Reversal: Final = aliased(Fact)
_OF_BRANCH: Final = (
    bindparam("branch", type_=Fact.branch_id.type) == Fact.branch_id,
    Fact.counts_in >= bindparam("since", type_=Fact.counts_in.type),
    Fact.counts_in <= bindparam("until", type_=Fact.counts_in.type),
    is_empty(Fact.reversal_of),
)
_FACTS: Final = (
    select(
        Fact.fact_type,
        Fact.grade,
        Fact.quantity,
        Fact.occurred_on,
        Fact.matter,
        Fact.note,
        Member.name,
        _Recorder.name.label("recorded_by"),
        _Confirmer.name.label("confirmed_by"),
        _Reversal.posted_at.label("reversed_at"),
        _Reversal.note.label("reversed_because"),
        _Reverser.name.label("reversed_by"),
    )
    .join(Member, Member.id == Fact.member_id)
    .join(_Recorder, _Recorder.id == Fact.recorded_by_id)
    .outerjoin(_Confirmer, _Confirmer.id == Fact.confirmed_by_id)
    .outerjoin(_Reversal, _Reversal.reversal_of == Fact.id)
    .outerjoin(_Reverser, _Reverser.id == _Reversal.recorded_by_id)
    .where(*_OF_BRANCH)
    .order_by(Fact.occurred_on, Member.pinyin, Fact.seq)
)
_NUMBERS: Final = (
    select(Fact.fact_type, func.count(Fact.seq).cast(Integer).label("number"))
    .outerjoin(_Reversal, _Reversal.reversal_of == Fact.id)
    .where(*_OF_BRANCH, _Reversal.id.is_(None))
    .group_by(Fact.fact_type)
)


def ledger(session: Session, branch_id: UUID, first: date, last: date) -> Table:
    """支部台账: every fact of the branch from one day's month to another's, by date; no points."""
    headings = (
        _("No."),
        _("Day"),
        _("Name"),
        _("What was recorded"),
        _("Category"),
        _("Recorded by"),
        _("Confirmed by"),
        _("Remark"),
    )
    rows = session.execute(_FACTS, _span(branch_id, first, last))
    return Table(_("Ledger of the branch"), headings, [_line(number, row) for number, row in enumerate(rows, 1)])


def summary(session: Session, branch_id: UUID, first: date, last: date) -> list[Table]:
    """What was posted, what waits, and what the calendar of duties misses: facts alone, nothing to sign."""
    numbers = {row.fact_type: row.number for row in session.execute(_NUMBERS, _span(branch_id, first, last))}
    waiting = board.waiting(session, branch_id)
    stands = standing(session, branch_id, first.year, clock.today())
    asked = [one for one in stands.asked if one.first <= last and one.last >= first]
    return [
        Table(
            _("In the ledger"),
            (_("What was recorded"), _("How many")),
            [(str(fact_type.label), numbers[fact_type]) for fact_type in FactType if fact_type in numbers],
        ),
        Table(
            _("Waiting for a decision"),
            (_("Kind"), _("How many"), _("Since")),
            [(str(kind_called(row.kind).label), row.number, clock.local_day(row.since)) for row in waiting],
        ),
        Table(
            _("Three meetings, one lesson"),
            (_("Kind"), _("Period"), _("State")),
            [(str(one.kind.label), one.period, one.words) for one in asked],
        ),
    ]


def _span(branch_id: UUID, first: date, last: date) -> dict[str, Any]:
    return {"branch": branch_id, "since": first_of_month(first), "until": first_of_month(last)}


def _line(number: int, row: AnyRow) -> Sequence[Cell]:
    form = shape(row.fact_type)
    measure = form.said(row.quantity) if form.is_amount else ""
    grade = str(GRADES[row.grade].label) if row.grade else ""
    title = fact_words.title(row)
    label = str(row.fact_type.label)
    remark = [row.note if row.note != title else "", fact_words.taken_back(row) if row.reversed_at else ""]
    return (
        number,
        row.occurred_on,
        row.name,
        " · ".join(filter(None, (title, measure))),
        " · ".join(filter(None, (label, grade))),
        row.recorded_by,
        row.confirmed_by or "",
        " · ".join(filter(None, remark)),
    )
