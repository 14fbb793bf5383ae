"""Democratic reviews for tests: a meeting of Friday with the review on its agenda, the ballot, the grades."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.ballots import opinions, service, voting
from app.features.ballots.rules import Grade
from app.features.meetings.attendance.rules import Kind
from tests.features.meetings.gatherings.makers import make_meeting
from tests.makers import Person

E, Q, B, N = Grade
YEAR = 2025
FRIDAY = date(2026, 2, 6)
DURING = datetime(2026, 2, 6, 7, 0, tzinfo=UTC)
"""Friday, 15 o'clock in Shanghai; a review of last year is held until 31 March, when its sheets close."""


def prepare(session: Session, by: Person, chair: Person | None = None, year: int = YEAR, **said: Any) -> UUID:
    """A review of last year, prepared some days ago for a meeting of today."""
    today = clock.today()
    with clock.standing_at(clock.now() - timedelta(days=3)):
        event_id = make_meeting(session, by, Kind.ORG_LIFE, Kind.REVIEW, **{"day": today, **said})
    review_id = new_id()
    service.prepare(session, by.actor, id=review_id, event_id=event_id, year=year, chair_id=(chair or by).id)
    return review_id


def open_with(session: Session, by: Person, *present: Person, year: int = YEAR) -> UUID:
    """The same, and the ballot is open with these people."""
    review_id = prepare(session, by, year=year)
    service.open_ballot(session, by.actor, review_id=review_id, present_ids=[one.id for one in present])
    return review_id


def vote(session: Session, review_id: UUID, who: Person, marks: Mapping[Person, Grade]) -> None:
    """Take a ballot and hand it in."""
    token = voting.take(session, who.actor, review_id=review_id, token=f"chance-{who.id}")
    said = {person.id: grade for person, grade in marks.items()}
    assert voting.hand_in(session, who.actor, review_id=review_id, token=token, marks=said)


def counted(session: Session, by: Person, people: Sequence[Person], grade: Grade = Q, year: int = YEAR) -> UUID:
    """A review in which everybody gave everybody else this grade, closed."""
    review_id = open_with(session, by, *people, year=year)
    for who in people:
        vote(session, review_id, who, {one: grade for one in people if one is not who})
    service.close_ballot(session, by.actor, review_id=review_id)
    return review_id


def give(session: Session, by: Person, review_id: UUID, grades: Mapping[Person, Grade], **said: Any) -> None:
    """The committee's grades, entered by one; all of the branch sat in it."""
    with_reasons = {"reasons": {person.id: "会上一致意见" for person in grades}, **said}
    opinions.enter_grades(
        session,
        by.actor,
        review_id=review_id,
        **{
            "graded_on": clock.today(),
            "sat": list(said.pop("sat", ())) or list(opinions.seats(session, _found(session, review_id))),
            "consent": None,
            "grades": {person.id: grade for person, grade in grades.items()},
            **{name: value for name, value in with_reasons.items() if name != "sat"},
        },
    )


def _found(session: Session, review_id: UUID) -> Any:
    from app.features.ballots.models import DemocraticReview

    return session.get_one(DemocraticReview, review_id)
