"""Duties for tests."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.shows.duties import assigning, outcomes
from app.features.shows.duties.assigning import NewDuty
from app.features.shows.duties.rules import DutyKind, DutyResult, DutySource, Repeat
from tests.makers import Person

TODAY = date(2026, 3, 9)
MORNING = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
"""Monday, 10 o'clock in Shanghai: what these tests call today."""


def make_duty(session: Session, holder: Person, **said: Any) -> UUID:
    """A duty that ``holder`` was given by the branch's first officer in the test, or took."""
    by: Person = said.pop("by", holder)
    duty = NewDuty(
        **{
            "id": new_id(),
            "branch_id": holder.branch_id,
            "member_id": holder.id,
            "kind": DutyKind.WORK,
            "matter": "归档上年度文书档案",
            "basis": None,
            "due_on": date(2026, 3, 20),
            "source": DutySource.TAKEN if by is holder else DutySource.ASSIGNED,
            "repeat": Repeat.NONE,
            "made_by_id": by.id,
            **said,
        }
    )
    assigning.make_duties(session, [duty])
    session.flush()
    return duty.id


def report(session: Session, who: Person, duty_id: UUID, result: DutyResult = DutyResult.DONE, **said: Any) -> Review:
    """The end of a duty as ``who`` reports it."""
    said = {"id": new_id(), "sentence": None, **said}
    return outcomes.report_outcome(session, who.actor, duty_id=duty_id, result=result, **said)


def decide(session: Session, officer: Person, review: Review, *, reason: str = "") -> None:
    """Let ``officer`` approve a reported end, or return it for a reason; a refusal is raised."""
    if reason:
        outcome = reviews.return_to_member(session, officer.actor, [review.id], reason=reason)
    else:
        outcome = reviews.approve(session, officer.actor, [review.id])
    for refused in outcome.refused:
        raise refused.error


def facts_of(session: Session, person: Person) -> list[tuple[str, date]]:
    """The duty facts of a member that stand, in the order of the ledger."""
    rows = session.query(Fact).where(Fact.member_id == person.id).order_by(Fact.seq).all()
    taken_back = {row.reversal_of for row in rows}
    return [(row.fact_type.value, row.occurred_on) for row in rows if not row.reversal_of and row.id not in taken_back]
