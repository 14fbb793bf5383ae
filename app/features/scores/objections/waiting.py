"""How many objections of some branches wait for an answer or a decision, by the period that they are about."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS
from app.features.scores.objections.models import Objection
from app.features.scores.objections.queries import IS_PENDING
from app.features.scores.publicity.rules import Period

_PENDING: Final = (
    select(Objection.branch_id, Objection.year, Objection.quarter, func.count().label("number"))
    .where(
        Objection.branch_id.in_(IDS),
        Objection.year.in_((bindparam("year", type_=Integer()), bindparam("before", type_=Integer()))),
        IS_PENDING,
    )
    .group_by(Objection.branch_id, Objection.year, Objection.quarter)
)


def pending_in(session: Session, branch_ids: Collection[UUID], year: int) -> dict[UUID, dict[Period, int]]:
    """How many wait in each of these branches, of the periods of ``year`` and of the year before."""
    found: dict[UUID, dict[Period, int]] = {branch_id: {} for branch_id in branch_ids}
    asked = {"ids": sorted(branch_ids), "year": year, "before": year - 1, "day": clock.today()}
    for row in session.execute(_PENDING, asked):
        found[row.branch_id][Period(row.year, row.quarter)] = row.number
    return found
