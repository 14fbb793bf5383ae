"""Reports that were given out: of one branch, and of all that a committee sees."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Integer, Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core.rows import IDS
from app.features.board.reports.models import StudyReport
from app.features.board.reports.rules import Numbers
from app.features.scores.publicity.rules import Period

LISTED: Final = 12
_NUMBERS: Final = TypeAdapter(Numbers)
_PERIOD: Final = (
    StudyReport.year == bindparam("year", type_=Integer()),
    StudyReport.quarter == bindparam("quarter", type_=Integer()),
)
_ONE: Final = select(StudyReport).where(StudyReport.branch_id == bindparam("branch", type_=Uuid()), *_PERIOD)
_LIST: Final = (
    select(StudyReport.year, StudyReport.quarter, StudyReport.given_at)
    .where(StudyReport.branch_id == bindparam("branch", type_=Uuid()))
    .order_by(StudyReport.year.desc(), StudyReport.quarter.desc())
    .limit(LISTED)
)
_OF_BRANCHES: Final = select(StudyReport.branch_id, StudyReport.numbers).where(StudyReport.branch_id.in_(IDS), *_PERIOD)


def report(session: Session, branch_id: UUID, asked: Period) -> StudyReport | None:
    """The report of a branch; ``None`` where none was given out. For callers that know the branch is theirs."""
    said = {"branch": branch_id, "year": asked.year, "quarter": asked.quarter}
    return session.scalars(_ONE, said).one_or_none()


def given(session: Session, branch_id: UUID) -> Sequence[Period]:
    """The quarters of which the branch has reports, the last one first."""
    return [Period(row.year, row.quarter) for row in session.execute(_LIST, {"branch": branch_id})]


def of_branches(session: Session, branch_ids: Sequence[UUID], asked: Period) -> Mapping[UUID, Numbers]:
    """What those of these branches that have given out their report said in it: one statement."""
    said = {"ids": list(branch_ids), "year": asked.year, "quarter": asked.quarter}
    return {row.branch_id: read(row.numbers) for row in session.execute(_OF_BRANCHES, said)}


def read(kept: object) -> Numbers:
    """Numbers as they were kept."""
    return _NUMBERS.validate_python(kept)


def written(numbers: Numbers) -> object:
    """Numbers as they are kept."""
    return _NUMBERS.dump_python(numbers, mode="json")
