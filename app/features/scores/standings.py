"""How a member stood at the end of a period: exempt, probationary, full. Source: domain, quantified §2."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.rows import IDS
from app.features.members.models import Exemption
from app.features.members.partial_dates import first_day
from app.features.members.queries import AnyRow
from app.features.members.rules import ExemptionKind, MemberStatus
from app.features.scores.cycle import rules
from app.features.scores.periods import Period
from app.features.scores.sheet import ScoreStanding

_SPANS: Final = (
    select(Exemption.member_id, Exemption.kind, Exemption.starts_on, Exemption.ends_on)
    .where(
        Exemption.member_id.in_(IDS),
        Exemption.starts_on <= bindparam("until", type_=Date()),
        or_(Exemption.ends_on.is_(None), Exemption.ends_on >= bindparam("since", type_=Date())),
    )
    .order_by(Exemption.starts_on, Exemption.id)
)


def exemptions(session: Session, ids: Collection[UUID], period: Period) -> Mapping[UUID, Sequence[AnyRow]]:
    """The times in which these members are exempt that lie in the year and began in the period, by member."""
    found = defaultdict(list)
    for row in session.execute(_SPANS, {"ids": list(ids), "since": period.since, "until": period.through}):
        found[row.member_id].append(row)
    return found


def exemption(period: Period, spans: Sequence[AnyRow]) -> ExemptionKind | None:
    """Why a member has no score on the last day of the period: what counts then, or what the year was mostly."""
    if not spans:
        return None
    days = [(span.starts_on, span.ends_on or date.max) for span in spans]
    if rules.scored(period.year, days, on=period.through):
        return None
    there = [span for span in spans if span.ends_on is None or span.ends_on >= period.through]
    kind: ExemptionKind = (there or spans[-1:])[0].kind
    return kind


def standing(period: Period, status: MemberStatus, confirmed: str | None) -> ScoreStanding:
    """Full or probationary on the last day of the period: who became full later was not yet so."""
    full_since = None if status is MemberStatus.PROBATIONARY else date.min
    if full_since and confirmed:
        full_since = first_day(confirmed)
    graded = rules.standing(period.year, period.through, full_since).graded
    return ScoreStanding.FULL if graded else ScoreStanding.PROBATIONARY
