"""What officers enter, for tests."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.entries.appraisals import queries
from app.features.entries.appraisals import service as appraisals
from app.features.entries.appraisals.rules import Quarter, quarters_over
from app.features.entries.appraisals.service import Given
from app.features.entries.decided import service as decided
from app.features.entries.decided.rules import What
from app.features.ledger.models import Fact
from app.features.ledger.rules import AppraisalGrade, CommendationLevel
from app.features.records import service as records
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.volunteering.stream import RECORD as VOLUNTEERING
from tests.makers import Person

FIRST = Quarter(2026, 1)
APRIL = "2026-04-10 10:00:00+08:00"


def enter_grade(
    session: Session, officer: Person, member: Person, grade: str = "good", *, quarter: Quarter = FIRST, note: str = ""
) -> int:
    """A grade that waits for another officer."""
    given = Given(member.id, quarter, AppraisalGrade(grade), note or None)
    return appraisals.enter(session, officer.actor, [given])


def make_appraisal(session: Session, officer: Person, member: Person) -> UUID:
    """A grade of the last quarter that waits; gives its id."""
    quarter = quarters_over(clock.today())[0]
    enter_grade(session, officer, member, quarter=quarter)
    return next(iter(queries.versions(session, [member.id], [quarter.year]).values())).entered[-1][0].id


def enter_decided(session: Session, officer: Person, member: Person, **said: Any) -> UUID:
    """A task of two points, unless said otherwise, that waits for another officer; gives its id."""
    task = {"what": "task", "title": "防汛值守专班", "day": clock.today(), "points": 2, "decided_on": clock.today()}
    fields = {"id": new_id(), **task, **said}
    fields["what"] = What(fields["what"])
    if "level" in fields:
        fields["level"] = CommendationLevel(fields["level"])
    return decided.enter(session, officer.actor, member_id=member.id, **fields).id


def make_half_day(session: Session, member: Person) -> UUID:
    """Half a day of today that waits; gives its id."""
    return records.record(session, member.actor, VOLUNTEERING, id=new_id(), title="", half_days=1, day=clock.today()).id


def waiting(session: Session, kind: str) -> list[UUID]:
    """What waits of a kind."""
    found = select(Review.id).where(Review.kind == kind, Review.status == ReviewStatus.PENDING).order_by(Review.id)
    return list(session.scalars(found))


def confirm(session: Session, officer: Person, kind: str) -> Any:
    """All that waits of a kind is confirmed, one after the other; gives the last outcome."""
    outcomes = [reviews.approve(session, officer.actor, [one], acknowledged=True) for one in waiting(session, kind)]
    return outcomes[-1]


def facts(session: Session, member: Person, fact_type: str) -> Sequence[tuple[str, int, bool]]:
    """Grade, quantity and whether it takes another back, of all facts of a type, in the order of the chain."""
    found = select(Fact.grade, Fact.quantity, Fact.reversal_of).where(
        Fact.member_id == member.id, Fact.fact_type == fact_type
    )
    rows = session.execute(found.order_by(Fact.seq))
    return [(row.grade, row.quantity, row.reversal_of is not None) for row in rows]
