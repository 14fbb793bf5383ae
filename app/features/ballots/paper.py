"""Ballots on paper: who took one, and what two officers count together. Until it is closed they lie in the box too."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.ballots import box, queries, service
from app.features.ballots.box import Box
from app.features.ballots.life import NothingCountedError, NotOnRollError, OtherThanShownError, VotedByPhoneError
from app.features.ballots.marks import fingerprint
from app.features.ballots.models import DemocraticReview
from app.features.ballots.rules import Cast, check_cast, check_marks
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import check_second


def name_takers(session: Session, actor: Actor, *, review_id: UUID, taker_ids: Collection[UUID]) -> None:
    """Say who holds a paper ballot: all of them each time. What was counted is counted again then.

    Raises:
        VotedByPhoneError: somebody has a ballot on the phone.
    """
    found = _held(session, actor, review_id)
    roll = service.open_roll(session, found)
    for taker_id in taker_ids:
        one = roll.of(taker_id)
        if one is None or not one.is_present:
            raise NotOnRollError
        if one.has_voted:
            raise VotedByPhoneError(name=one.name)
    if {one.id for one in roll.on_paper} != set(taker_ids):
        found.paper_confirmed_by_id = None
        service.rewrite(session, review_id, roll, on_paper=taker_ids)
        session.flush()


def enter_count(
    session: Session, actor: Actor, *, review_id: UUID, returned: int, invalid: int, marks: Mapping[UUID, Sequence[int]]
) -> None:
    """Enter what was counted; a correction takes its place. Another officer confirms it.

    Raises:
        NotOpenError: the ballot is not open, or no longer.
        ImpossibleError: numbers that cannot be: more came back than were given out, more marks than ballots.
    """
    found = _held(session, actor, review_id)
    roll, lies = service.open_roll(session, found), box.opened(session, review_id)
    ballots = Cast(0, len(roll.on_paper), returned, invalid)
    check_cast(Cast(lies.cast, *_numbers(ballots)), present=len(roll.present), may_take_part=roll.may_take_part)
    counted = {str(one.id): list(marks.get(one.id, (0, 0, 0, 0))) for one in roll.subjects}
    for one in roll.subjects:
        voted = one.on_paper and returned == ballots.issued
        check_marks(counted[str(one.id)], ballots, subject_voted=bool(voted))
    lies.paper = counted
    box.keep(session, review_id, lies)
    found.issued, found.returned, found.invalid = _numbers(ballots)
    found.paper_entered_by_id, found.paper_confirmed_by_id = actor.member_id, None
    session.flush()


def shown_of(found: DemocraticReview, lies: Box) -> str:
    """What a page that shows the count shows."""
    return fingerprint(found.issued, found.returned, found.invalid, lies.paper)


def confirm_count(session: Session, actor: Actor, *, review_id: UUID, seen: str | None = None) -> None:
    """Say as the other officer that it was counted so. Twice is once. ``seen`` is what the page showed.

    Raises:
        NothingCountedError: nobody has entered anything, or somebody has taken paper since.
    """
    found = _held(session, actor, review_id)
    roll = service.open_roll(session, found)
    if found.paper_entered_by_id is None or found.issued != len(roll.on_paper):
        raise NothingCountedError
    if seen not in (None, shown_of(found, box.opened(session, review_id))):
        raise OtherThanShownError
    check_second(session, actor, entered_by_id=found.paper_entered_by_id)
    found.paper_confirmed_by_id = actor.member_id
    session.flush()


def _held(session: Session, actor: Actor, review_id: UUID) -> DemocraticReview:
    found = queries.review(session, actor, review_id, held=True)
    if actor.branch_id != found.branch_id or not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    return found


def _numbers(ballots: Cast) -> tuple[int, int, int]:
    return ballots.issued, ballots.returned, ballots.invalid
