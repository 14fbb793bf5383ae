"""Reading the ledger: the totals a sheet is made of, and the facts behind each of its lines.

Who may see the member is for the caller to know: these read whatever member they are asked for.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.features.ledger.models import Fact, LedgerTotal
from app.features.ledger.rules import Total
from app.features.members.models import Member

_TOTALS: Final = (
    select(
        LedgerTotal.month,
        LedgerTotal.fact_type,
        LedgerTotal.grade,
        LedgerTotal.matter,
        LedgerTotal.count,
        LedgerTotal.quantity,
    )
    .where(
        LedgerTotal.member_id == bindparam("member_id"),
        LedgerTotal.month >= bindparam("since"),
        LedgerTotal.month <= bindparam("until"),
        LedgerTotal.count > 0,
    )
    .order_by(LedgerTotal.month, LedgerTotal.fact_type, LedgerTotal.grade, LedgerTotal.matter)
)
_Recorder, _Confirmer, _Reversal = aliased(Member), aliased(Member), aliased(Fact)
_FACTS: Final = (
    select(
        Fact.id,
        Fact.branch_id,
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
        _Recorder.name.label("recorded_by"),
        _Confirmer.name.label("confirmed_by"),
    )
    .join(_Recorder, _Recorder.id == Fact.recorded_by_id)
    .outerjoin(_Confirmer, _Confirmer.id == Fact.confirmed_by_id)
    .where(
        Fact.member_id == bindparam("member_id"),
        Fact.counts_in >= bindparam("since"),
        Fact.counts_in <= bindparam("until"),
        Fact.reversal_of.is_(None),
        ~exists().where(_Reversal.reversal_of == Fact.id),
    )
    .order_by(Fact.occurred_on, Fact.posted_at, Fact.seq)
)


def totals(session: Session, member_id: UUID, *, since: date, until: date) -> list[Total]:
    """What the member's facts come to in the months from ``since`` to ``until``, both included; nothing reversed."""
    rows = session.execute(_TOTALS, {"member_id": member_id, "since": since, "until": until})
    return [Total(*row) for row in rows]


def facts(session: Session, member_id: UUID, *, since: date, until: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The member's facts that count in the months from ``since`` to ``until``; what was taken back is left out."""
    return session.execute(_FACTS, {"member_id": member_id, "since": since, "until": until}).all()
