"""Reviews as a person may see them; while a ballot is open nothing says who has voted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import IDS, is_empty, locked, one
from app.features.ballots.life import Moved, NotOpenError, State
from app.features.ballots.models import BallotTally, DemocraticReview, ReviewLetter, ReviewOpinion, ReviewPerson
from app.features.ballots.rolls import Expected, expected
from app.features.ballots.rules import Cast, Grade, MarksResult, result
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent, MeetingItem
from app.features.meetings.events.rules import EventState
from app.features.members import powers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import BRANCH_POSTS, Permission, Role
from app.features.members.two_people import Stands

_ME, _BRANCH = bindparam("me", type_=Uuid()), bindparam("branch", type_=Uuid())
_REVIEW: Final = select(DemocraticReview).where(DemocraticReview.id == bindparam("review"))
_HELD: Final = locked(_REVIEW)
_OF_BRANCH: Final = (
    select(DemocraticReview)
    .where(DemocraticReview.branch_id == _BRANCH)
    .order_by(DemocraticReview.year.desc(), DemocraticReview.id.desc())
    .limit(20)
)
_MEETINGS: Final = (
    select(MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at)
    .join(MeetingItem, MeetingItem.event_id == MeetingEvent.id)
    .where(
        MeetingEvent.branch_id == _BRANCH, MeetingItem.kind == Kind.REVIEW, MeetingEvent.state != EventState.CANCELLED
    )
    .order_by(MeetingEvent.begins_at.desc())
    .limit(6)
)
_Group = aliased(Organisation)
_PEOPLE: Final = (
    select(
        Member.id,
        Member.name,
        _Group.name.label("group"),
        ReviewPerson.is_full,
        ReviewPerson.is_exempt,
        ReviewPerson.is_away,
        ReviewPerson.is_present,
        ReviewPerson.moved,
        ReviewPerson.has_voted,
        ReviewPerson.on_paper,
    )
    .join(DemocraticReview, DemocraticReview.id == ReviewPerson.review_id)
    .join(Member, Member.id == ReviewPerson.member_id)
    .outerjoin(_Group, (_Group.id == Member.group_id) & (_Group.parent_id == DemocraticReview.branch_id))
    .where(ReviewPerson.review_id == bindparam("review"))
    .order_by(_Group.id.is_(None), _Group.pinyin, Member.pinyin, Member.id)
)
_TALLIES: Final = select(BallotTally).where(BallotTally.review_id == bindparam("review"))
_OPINIONS: Final = select(ReviewOpinion).where(ReviewOpinion.review_id == bindparam("review"))
_LETTERS: Final = (
    select(ReviewLetter, Member.name)
    .join(Member, Member.id == ReviewLetter.member_id)
    .where(ReviewLetter.branch_id == _BRANCH)
    .order_by(ReviewLetter.year.desc(), Member.pinyin, ReviewLetter.id)
)
_MINE: Final = (
    select(DemocraticReview)
    .join(ReviewPerson, ReviewPerson.review_id == DemocraticReview.id)
    .where(ReviewPerson.member_id == _ME)
    .order_by(DemocraticReview.year.desc(), DemocraticReview.id.desc())
)
_OPEN: Final = (
    select(DemocraticReview.id, DemocraticReview.year)
    .join(ReviewPerson, ReviewPerson.review_id == DemocraticReview.id)
    .where(
        ReviewPerson.member_id == _ME,
        DemocraticReview.state == State.OPEN,
        ReviewPerson.is_present,
        ReviewPerson.on_paper.is_(False),
    )
)
_Reversal = aliased(Fact)
_STANDING: Final = select(Fact.member_id).where(
    Fact.member_id.in_(IDS),
    Fact.fact_type == FactType.REVIEW_RESULT,
    Fact.occurred_on == bindparam("day", type_=Fact.occurred_on.type),
    is_empty(Fact.reversal_of),
    ~exists().where(_Reversal.reversal_of == Fact.id),
)

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


class Roll(NamedTuple):
    """Who is asked on the day, by group and pinyin, and what follows from it."""

    people: Sequence[AnyRow | Expected]

    @property
    def subjects(self) -> list[AnyRow | Expected]:
        """Who is graded: the full members whom the branch reviews, that is the branch of the year's end."""
        return [one for one in self.people if one.is_full and one.moved is not Moved.CAME]

    @property
    def full(self) -> int:
        """How many full members have their relation in the branch on the day, the base of the third. Source: §7.5."""
        return sum(one.is_full and one.moved is not Moved.GONE for one in self.people)

    @property
    def voters(self) -> list[AnyRow | Expected]:
        """Whose relation is in the branch on the day: they assess, if they are there."""
        return [one for one in self.people if one.moved is not Moved.GONE]

    @property
    def apart(self) -> list[AnyRow | Expected]:
        """Probationary members: they assess, and are not graded."""
        return [one for one in self.people if not one.is_full]

    @property
    def present(self) -> list[AnyRow | Expected]:
        """Who is there."""
        return [one for one in self.people if one.is_present]

    @property
    def may_take_part(self) -> int:
        """Members without those who are exempt or on leave, with those of them who come. Source: §7.3, §13."""
        return sum(one.is_present or not (one.is_exempt or one.is_away) for one in self.voters)

    @property
    def on_paper(self) -> list[AnyRow | Expected]:
        """Who took paper; known only while the ballot is open."""
        return [one for one in self.people if one.on_paper]

    @property
    def taken(self) -> int:
        """How many ballots were handed out, by phone and on paper."""
        return sum(one.has_voted or one.on_paper for one in self.people)

    def of(self, member_id: UUID) -> AnyRow | Expected | None:
        """The row of one person."""
        return next((one for one in self.people if one.id == member_id), None)


def is_officer(actor: Actor, review: DemocraticReview) -> bool:
    """Whether the actor sits in the branch's committee: enters grades, counts paper, reads distributions."""
    return actor.branch_id == review.branch_id and actor.may(Permission.SEE_BRANCH)


def officers(session: Session, branch_id: UUID) -> frozenset[UUID]:
    """Who sits in the branch's committee today, and so confirms what another of them entered."""
    posts = members.posts_in(session, branch_id)
    return frozenset(one for one, roles in posts.items() if not set(BRANCH_POSTS).isdisjoint(roles))


def leads(actor: Actor, review: DemocraticReview) -> bool:
    """Whether the actor opens and closes the ballot: who chairs, or an officer in the chair's place."""
    decides = actor.branch_id == review.branch_id and actor.may(Permission.APPROVE)
    return decides or actor.member_id == review.chair_id


def stands_in(session: Session, actor: Actor, branch_id: UUID) -> bool:
    """Whether the actor may say the second word where no other officer of the branch can."""
    if actor.branch_id == branch_id:
        return Role.SUPERVISOR in actor.roles
    return bool(actor.leads & powers.above_of(session, branch_id)) if actor.leads else False


def review(session: Session, actor: Actor, review_id: UUID, *, held: bool = False) -> DemocraticReview:
    """One of the actor's branch, on whose list the actor is, or in which the actor stands in.

    ``held``: until the unit of work ends.
    """
    found = one(session, _HELD if held else _REVIEW, {"review": review_id})
    on_list = session.get(ReviewPerson, (review_id, actor.member_id)) is not None
    if actor.branch_id == found.branch_id or on_list:
        return found
    if not stands_in(session, actor, found.branch_id):
        raise NotFoundError
    return found


def officers_review(session: Session, actor: Actor, review_id: UUID, *, held: bool = False) -> DemocraticReview:
    """The same for whoever sits in the committee of its branch, or chairs."""
    found = review(session, actor, review_id, held=held)
    if not (is_officer(actor, found) or leads(actor, found)):
        raise NotFoundError
    return found


def reviews(session: Session, branch_id: UUID) -> Sequence[DemocraticReview]:
    """Those of a branch, the newest first."""
    return session.scalars(_OF_BRANCH, {"branch": branch_id}).all()


def mine(session: Session, actor: Actor) -> Sequence[DemocraticReview]:
    """Those on whose roll the actor stands."""
    return session.scalars(_MINE, {"me": actor.member_id}).all()


def open_for(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """Ballots that are open and that the actor may fill in by phone: one statement."""
    return session.execute(_OPEN, {"me": actor.member_id}).all()


def meetings(session: Session, branch_id: UUID) -> Sequence[AnyRow]:
    """The branch's meetings with a review on the agenda, the latest first."""
    return session.execute(_MEETINGS, {"branch": branch_id}).all()


def roll(session: Session, found: DemocraticReview) -> Roll:
    """Who is on the list: as it was opened, or as it would be opened now."""
    if found.state is State.PREPARED:
        return Roll(expected(session, found))
    return Roll(session.execute(_PEOPLE, {"review": found.id}).all())


def check_open(found: DemocraticReview) -> None:
    """Let a review pass whose ballot is open."""
    if found.state is not State.OPEN:
        raise NotOpenError


def day_of(session: Session, found: DemocraticReview) -> date:
    """The day of the review."""
    return clock.local_day(session.get_one(MeetingEvent, found.event_id).begins_at)


def tallies(session: Session, review_id: UUID) -> dict[UUID, tuple[int, int, int, int]]:
    """The marks of each person. For callers that show each what it may."""
    return {row.member_id: row.marks for row in session.scalars(_TALLIES, {"review": review_id})}


def opinions(session: Session, review_id: UUID) -> dict[UUID, ReviewOpinion]:
    """The committee's grades."""
    return {row.member_id: row for row in session.scalars(_OPINIONS, {"review": review_id})}


def result_of(marks: Sequence[int], opinion: ReviewOpinion | None) -> MarksResult:
    """What the marks of a person come to; with too few, the grade."""
    return result(marks, opinion.grade if opinion else None)


def cast_of(found: DemocraticReview) -> Cast:
    """The ballots of a review that is closed."""
    return Cast(found.phone or 0, found.issued, found.returned, found.invalid)


def letters(session: Session, branch_id: UUID) -> Sequence[AnyRow]:
    """What host branches wrote of members of this one."""
    return session.execute(_LETTERS, {"branch": branch_id}).all()


def with_result(session: Session, member_ids: Collection[UUID], year: int) -> frozenset[UUID]:
    """Those of these members whose review of the year stands in the ledger."""
    asked = {"ids": sorted(member_ids), "day": date(year, 12, 31)}
    return frozenset(session.scalars(_STANDING, asked)) if member_ids else frozenset()


def grades(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, Grade]:
    """The confirmed grade of each of these members; who has none is missing."""
    return {row.member_id: row.grade for row in session.execute(_GIVEN, {"ids": sorted(member_ids), "year": year})}
