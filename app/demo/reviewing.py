"""The yearly review of a branch: everybody who is there votes, the committee grades, another officer confirms."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.ids import id_at
from app.demo.calendar import working_day
from app.demo.gathering import Held
from app.demo.happenings import Span
from app.demo.people import Branch
from app.features.ballots import opinions, queries, rolls, service, voting
from app.features.ballots.life import majority, wants_reason
from app.features.ballots.rules import Grade, most_excellent
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.expected import COMMISSIONERS
from app.features.members.rules import BRANCH_POSTS, Role

VOTED_BEFORE_THE_END: Final = timedelta(minutes=20)
GRADED_AFTER: Final = timedelta(days=3)
TOLD_AFTER: Final = timedelta(days=7)
AT_WORK: Final = time(10)
REASON: Final = "优秀名额有限，按不超过三分之一的比例，经支委会讨论确定。"
_LUCK: Final = ((0.34, 0.96, 0.995, 1.0), (0.7, 0.98, 1.0, 1.0))
"""Up to which luck somebody marks somebody with each grade, best first: usually, and whom many think well of."""
WELL_THOUGHT_OF: Final = 4
"""One of so many."""


def steps(branch: Branch, gatherings: Iterable[Held], span: Span) -> Mapping[date, Sequence[Callable[[Session], None]]]:
    """What is done on which day: the vote at the meeting, the grades some days later."""
    found: dict[date, list[Callable[[Session], None]]] = defaultdict(list)
    for held in gatherings:
        graded_on = working_day(held.meeting.day + GRADED_AFTER)
        told_on = working_day(held.meeting.day + TOLD_AFTER)
        if Kind.REVIEW in held.meeting.kinds and held.marks and told_on <= span.until and sealing.has_key():
            review_id = id_at(clock.at(held.meeting.day, AT_WORK))
            ends_at = clock.at(held.meeting.day, held.meeting.hours[1])
            found[held.meeting.day].append(
                partial(_vote, branch=branch, review_id=review_id, at=ends_at - VOTED_BEFORE_THE_END)
            )
            found[graded_on].append(partial(_grade, branch=branch, review_id=review_id, on=graded_on))
            found[told_on].append(partial(_tell, branch=branch, review_id=review_id, on=told_on))
    return found


def _vote(session: Session, *, branch: Branch, review_id: UUID, at: datetime) -> None:
    chance, secretary = Random(f"{branch.number}/{at.year}"), branch.actor(branch.secretary)  # noqa: S311
    with clock.standing_at(at):
        event = queries.meetings(session, branch.id)[0]
        service.prepare(
            session, secretary, id=review_id, event_id=event.id, year=at.year - 1, chair_id=secretary.member_id
        )
        here = {
            one.id for one in rolls.expected(session, queries.review(session, secretary, review_id)) if one.is_present
        }
        service.open_ballot(session, secretary, review_id=review_id, present_ids=here)
        found = queries.review(session, secretary, review_id)
        full = [one.id for one in queries.roll(session, found).subjects]
        for person in branch.everybody:
            if person.id in here:
                marks = {one: _mark(chance, place) for place, one in enumerate(full) if one != person.id}
                actor = branch.actor(person)
                token = voting.take(session, actor, review_id=review_id, token="")
                voting.hand_in(session, actor, review_id=review_id, token=token, marks=marks)
        service.close_ballot(session, secretary, review_id=review_id)


def _grade(session: Session, *, branch: Branch, review_id: UUID, on: date) -> None:
    """The secretary enters all but the own grade, which the deputy enters; each confirms what another entered."""
    officers = [one for one in branch.people if {Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION} & set(one.roles)]
    with clock.standing_at(clock.at(on, AT_WORK)):
        grades = _grades(session, review_id)
        for who in (branch.secretary, branch.deputy):
            mine = {one: said for one, said in grades.items() if (one == branch.secretary.id) == (who is branch.deputy)}
            opinions.enter_grades(
                session,
                branch.actor(who),
                review_id=review_id,
                graded_on=on,
                sat=_sitting(branch),
                consent=None,
                grades={one: grade for one, (grade, _reason) in mine.items()},
                reasons={one: reason for one, (_grade, reason) in mine.items() if reason},
            )
        for who in officers[1:]:
            found = queries.review(session, branch.actor(who), review_id)
            if opinions.waiting_for(session, branch.actor(who), found)[0]:
                opinions.decide(session, branch.actor(who), review_id=review_id, confirm=True)


def _tell(session: Session, *, branch: Branch, review_id: UUID, on: date) -> None:
    with clock.standing_at(clock.at(on, AT_WORK)):
        for member_id, one in sorted(queries.opinions(session, review_id).items()):
            if one.decided_by_id and member_id != branch.secretary.id:
                opinions.tell(
                    session, branch.actor(branch.secretary), review_id=review_id, member_id=member_id, told_on=on
                )


def _grades(session: Session, review_id: UUID) -> dict[UUID, tuple[Grade, str]]:
    marks = queries.tallies(session, review_id)
    left, found = most_excellent(len(marks)), {}
    for member_id, spread in sorted(marks.items()):
        grade = majority(spread) or Grade.QUALIFIED
        if grade is Grade.EXCELLENT:
            grade, left = (grade, left - 1) if left else (Grade.QUALIFIED, 0)
        found[member_id] = grade, REASON if wants_reason(grade, spread) else ""
    return found


def _sitting(branch: Branch) -> list[UUID]:
    """The committee; in a branch without one, everybody."""
    committee = [one.id for one in branch.people if set(BRANCH_POSTS) & set(one.roles)]
    return (
        committee
        if any(COMMISSIONERS & set(one.roles) for one in branch.people)
        else [one.id for one in branch.everybody]
    )


def _mark(chance: Random, place: int) -> Grade:
    luck = chance.random()
    return next(grade for grade, until in zip(Grade, _LUCK[place % WELL_THOUGHT_OF == 0], strict=True) if luck <= until)
