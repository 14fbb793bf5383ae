"""The grades of a year that two people of the committee have said, for the archived sheet."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from app.core.rows import IDS
from app.features.ballots.models import DemocraticReview, ReviewOpinion
from app.features.ballots.rules import Grade
from app.features.members.two_people import Stands

_GIVEN: Final = (
    select(ReviewOpinion.member_id, ReviewOpinion.grade)
    .join(DemocraticReview, DemocraticReview.id == ReviewOpinion.review_id)
    .where(
        ReviewOpinion.member_id.in_(IDS),
        DemocraticReview.year == bindparam("year", type_=Integer()),
        ReviewOpinion.stands == Stands.CONFIRMED,
    )
    .order_by(ReviewOpinion.decided_at)  # the last one counts
)


def grades(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, Grade]:
    """The confirmed grade of each of these members; who has none is missing."""
    return {row.member_id: row.grade for row in session.execute(_GIVEN, {"ids": sorted(member_ids), "year": year})}
