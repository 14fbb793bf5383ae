"""What is entered of the branch's people, by themselves or by an officer, and confirmed by another the same evening."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import id_at, new_id
from app.demo.calendar import working_day
from app.demo.happenings import Happening
from app.demo.people import Branch, Person
from app.features.entries.appraisals import service as appraisals
from app.features.entries.appraisals.rules import Quarter
from app.features.entries.appraisals.service import Given
from app.features.entries.decided import service as decided
from app.features.entries.decided.rules import What
from app.features.ledger.rules import ONE, AppraisalGrade, CommendationLevel
from app.features.meetings.minutes.lecture import KIND as LECTURE
from app.features.members.rules import Permission
from app.features.records import service as records
from app.features.records.rules import NewRecord
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import BATCH, ReviewStatus
from app.features.study.record import RECORD as STUDY
from app.features.study.rules import Studied, StudyKind
from app.features.volunteering.rules import Volunteered
from app.features.volunteering.stream import RECORD as VOLUNTEERING

WRITTEN_AT: Final = time(17, 5)
TRAINING_MINUTES: Final = 480
SETTLED: Final = 15
"""Days of a year before which no training has begun."""
DECIDED: Final = {"task": What.TASK, "suggestion": What.SUGGESTION, "commendation": What.COMMENDATION}
_WAITING: Final = (
    select(Review.id, Review.member_id, Review.recorded_by_id)
    .where(
        Review.branch_id == bindparam("branch"),
        Review.kind.in_((appraisals.KIND, decided.KIND, LECTURE)),
        Review.status == ReviewStatus.PENDING,
    )
    .order_by(Review.id)
)


def enter(session: Session, branch: Branch, happenings: Sequence[Happening]) -> None:
    """Enter what happened through the services that everybody uses, and let other officers confirm it."""
    recorded: list[tuple[UUID, Person]] = []
    for stream, same in _by(happenings, lambda one: one.stream).items():
        match stream:
            case "appraisal":
                _appraise(session, branch, same)
            case "service":
                helped = [_volunteered(branch, one) for one in same]
                records.record_all(session, VOLUNTEERING, helped)
                recorded += [(new.id, one.person) for new, one in zip(helped, same, strict=True)]
            case "training":
                trained = [(new, one.person) for one in same for new in _trained(branch, one)]
                records.record_all(session, STUDY, [new for new, _person in trained])
                recorded += [(new.id, person) for new, person in trained]
            case _:
                for one in same:
                    _decide(session, branch, one)
    by_officer: dict[Person, list[UUID]] = defaultdict(list)
    for review_id, person in recorded:
        by_officer[branch.confirmer_of(person)].append(review_id)
    for row in session.execute(_WAITING, {"branch": branch.id}):
        by_officer[branch.deciders_on(row.member_id, row.recorded_by_id)[0]].append(row.id)
    for officer, ids in by_officer.items():
        for start in range(0, len(ids), BATCH):
            reviews.approve(session, branch.actor(officer), ids[start : start + BATCH])


def _by(happenings: Iterable[Happening], key: Any) -> dict[Any, list[Happening]]:
    found: dict[Any, list[Happening]] = defaultdict(list)
    for one in happenings:
        found[key(one)].append(one)
    return found


def _appraise(session: Session, branch: Branch, happenings: Iterable[Happening]) -> None:
    """The unit's list of a quarter, as officers take it over; of two officers alone nobody can enter the grades."""
    for recorder, same in _by(happenings, lambda one: branch.recorder_of(one.person)).items():
        if not branch.actor(recorder).may(Permission.RECORD_FOR_OTHERS):
            continue
        given = [
            Given(one.person.id, Quarter(one.day.year, (one.day.month + 2) // 3), AppraisalGrade(one.grade))
            for one in same
        ]
        appraisals.enter(session, branch.actor(recorder), given)


def _decide(session: Session, branch: Branch, one: Happening) -> None:
    what = DECIDED[one.stream]
    is_commended = what is What.COMMENDATION
    decided.enter(
        session,
        branch.actor(branch.recorder_of(one.person)),
        id=new_id(),
        member_id=one.person.id,
        what=what,
        title=one.matter or one.note,
        day=one.day,
        points=one.quantity // ONE if what is What.TASK else None,
        level=CommendationLevel(one.grade) if is_commended else None,
        decided_on=None if is_commended else one.day,
        document=f"机党〔{one.day.year}〕{one.day.month}号" if is_commended else None,
    )


def _of_day(branch: Branch, person: Person, at: datetime) -> dict[str, Any]:
    record_id = id_at(at)
    return {
        "id": record_id,
        "branch_id": branch.id,
        "member_id": person.id,
        "recorded_by_id": person.id,
        "occurred_on": clock.local_day(at),
        "occurred_at": at,
        "device_time": clock.local_time(at).isoformat(timespec="seconds"),
        "received_at": at,
    }


def _volunteered(branch: Branch, one: Happening) -> NewRecord[Volunteered]:
    at = clock.at(one.day, WRITTEN_AT)
    said = Volunteered(title=one.note, half_days=one.quantity // ONE)
    return NewRecord(**_of_day(branch, one.person, at), said=said)


def _trained(branch: Branch, one: Happening) -> list[NewRecord[Studied]]:
    """A record for each day of a training that ended on the day."""
    days, day = [one.day], one.day
    while len(days) < one.quantity // ONE and day.timetuple().tm_yday > SETTLED:
        day -= timedelta(days=1)
        if working_day(day) == day:
            days.append(day)
    said = Studied(kind=StudyKind.TRAINING, title=one.note, minutes=TRAINING_MINUTES)
    return [NewRecord(**_of_day(branch, one.person, clock.at(day, WRITTEN_AT)), said=said) for day in days]
