"""Writing a year of pledges, handing them in, correcting what came back. One's own, or 代录 for a colleague."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews import service as reviews
from app.features.reviews.errors import NotYoursError
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.shows.pledges import queries
from app.features.shows.pledges.calendar import next_year
from app.features.shows.pledges.due import settle_done
from app.features.shows.pledges.errors import NotADraftError, NotReturnedError
from app.features.shows.pledges.models import Pledge, PledgeOutcome, PledgeProgress
from app.features.shows.pledges.review_kinds import PLEDGE, pledge_detail
from app.features.shows.pledges.rules import (
    MOST,
    PledgeState,
    Side,
    check_due,
    check_room,
    check_submission,
    check_year,
)
from app.features.shows.pledges.view import ShownPledge

_SAID: Final = ("side", "text", "sign", "due_on", "corrects_id")
"""What two pledges of one id must agree in."""


class Subject(NamedTuple):
    """Whose pledges are meant, and the branch whose officers decide on them."""

    member_id: UUID
    branch_id: UUID


def subject(session: Session, actor: Actor, member_id: UUID | None) -> Subject:
    """The actor, or a colleague for whom the actor may record; held until the unit of work ends.

    Raises:
        NotFoundError: no such member for the actor, or no longer.
    """
    if member_id in (None, actor.member_id):
        found = Subject(actor.member_id, actor.branch_id)
    else:
        if not actor.may(Permission.RECORD_FOR_OTHERS):
            raise NotFoundError
        row = members.colleague(session, actor, member_id)
        if row.branch_id != actor.branch_id or (row.left_on is not None and row.left_on <= clock.today()):
            raise NotFoundError
        found = Subject(row.id, row.branch_id)
    members.lock(session, found.member_id)  # the limits count rows, so hold their owner
    return found


def submit(
    session: Session, actor: Actor, *, member_id: UUID | None = None, only_id: UUID | None = None
) -> list[Review]:
    """Hand in all drafts of the running year together, or ``only_id`` beside those handed in before.

    Raises:
        NothingToSubmitError, TooFewPledgesError, TooManyPledgesError: see ``rules.check_submission``.
    """
    whose = subject(session, actor, member_id)
    standing = queries.of_member(session, whose.member_id, clock.today().year)
    drafts = [pledge.id for pledge in standing if pledge.state is PledgeState.DRAFT]
    handed_in = len(standing) - len(drafts)
    drafts = [draft for draft in drafts if only_id in (None, draft)]
    check_submission(drafts=len(drafts), handed_in=handed_in)
    pledges = session.scalars(select(Pledge).where(Pledge.id.in_(drafts)).order_by(Pledge.id)).all()
    return _hand_in(session, actor, whose, pledges)


def correct(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    side: Side,
    text: str,
    sign: str,
    due_on: date,
) -> Review:
    """Hand in a returned pledge in other words: a new one that corrects it. Sent twice it is one.

    Raises:
        NotReturnedError: it was not returned, or has been corrected.
        OtherYearError, DueOutsideYearError: its year is over, or the date lies in another one.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    returned, whose = lock_pledge(session, actor, pledge_id)
    check_year(returned.year, today=clock.today())
    check_due(due_on, year=returned.year)
    pledge = new_pledge(
        actor, whose, id=id, year=returned.year, side=side, text=text, sign=sign, due_on=due_on, corrects_id=returned.id
    )
    pledge.copied_from_id = returned.copied_from_id
    if there := _there_already(session, pledge):
        return session.get_one(Review, there.id)
    standing = {one.id for one in queries.of_member(session, whose.member_id, returned.year)}
    if returned.state is not PledgeState.RETURNED or returned.id not in standing:
        raise NotReturnedError
    session.add(pledge)
    session.flush()
    return _hand_in(session, actor, whose, [pledge])[0]


def withdraw(session: Session, actor: Actor, *, pledge_id: UUID) -> UUID | None:
    """Take back a pledge that nobody has decided on: it is a draft again, whose id this gives. Twice is once.

    A withdrawn correction leaves the returned one to be corrected anew.
    """
    pledge, whose = lock_pledge(session, actor, pledge_id)
    if pledge.state is PledgeState.WITHDRAWN:
        return None
    for refused in reviews.withdraw(session, [pledge_id], by_id=actor.member_id):
        raise refused.error
    if pledge.corrects_id is not None:
        return None
    draft = _copy(actor, whose, pledge, year=pledge.year, due_on=pledge.due_on, copied_from_id=pledge.copied_from_id)
    session.add(draft)
    session.flush()
    return draft.id


def lock_pledge(session: Session, actor: Actor, pledge_id: UUID) -> tuple[ShownPledge, Subject]:
    """A pledge as it stands, and its member, held until the unit of work ends."""
    whose = subject(session, actor, queries.one(session, actor, pledge_id).member_id)
    return queries.one(session, actor, pledge_id), whose  # once more: it may have changed before the lock


def new_pledge(actor: Actor, whose: Subject, **said: Any) -> Pledge:
    """A pledge that the actor writes, not stored yet."""
    return Pledge(member_id=whose.member_id, branch_id=whose.branch_id, written_by_id=actor.member_id, **said)


def check_repeated(there: Pledge | PledgeProgress | PledgeOutcome, member_id: UUID, **said: object) -> None:
    """Let what came before under one id pass if it is the same form once more.

    Raises:
        NotYoursError: it is somebody else's.
        ContentDiffersError: it says something else.
    """
    if there.member_id != member_id:
        raise NotYoursError
    if any(getattr(there, name) != value for name, value in said.items()):
        raise ContentDiffersError


def _there_already(session: Session, pledge: Pledge) -> Pledge | None:
    there = session.get(Pledge, pledge.id)
    if there is not None:
        check_repeated(there, pledge.member_id, **{name: getattr(pledge, name) for name in _SAID})
    return there


def _hand_in(session: Session, actor: Actor, whose: Subject, pledges: Iterable[Pledge]) -> list[Review]:
    """Let pledges wait for an officer. Whoever hands in for a member has recorded them, else who wrote them."""
    submitted: Sequence[Any] = reviews.submit(session, [_review(actor, whose, pledge) for pledge in pledges])
    settle_done(session, whose.member_id)
    return [review for review, _is_new in submitted]


def _review(actor: Actor, whose: Subject, pledge: Pledge) -> NewReview:
    now = clock.now()
    return NewReview(
        id=pledge.id,
        kind=PLEDGE.name,
        branch_id=whose.branch_id,
        member_id=whose.member_id,
        recorded_by_id=pledge.written_by_id if actor.member_id == whose.member_id else actor.member_id,
        title=pledge.text,
        detail=pledge_detail(side=pledge.side, text=pledge.text, sign=pledge.sign, due_on=pledge.due_on),
        occurred_on=clock.local_day(now),
        submitted_at=now,
        corrects_id=pledge.corrects_id,
    )


def add_draft(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    side: Side,
    text: str,
    sign: str,
    due_on: date,
    member_id: UUID | None = None,
    copied_from_id: UUID | None = None,
) -> Pledge:
    """Write a pledge of the running year. Sent twice it is one.

    Raises:
        NotFoundError: no such member for the actor, or what it was taken over from is no pledge of theirs.
        DueOutsideYearError: the date lies in another year.
        TooManyPledgesError: the year is full.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    whose = subject(session, actor, member_id)
    year = clock.today().year
    check_due(due_on, year=year)
    if copied_from_id and queries.one(session, actor, copied_from_id).member_id != whose.member_id:
        raise NotFoundError
    said = {"side": side, "text": text, "sign": sign, "due_on": due_on}
    pledge = new_pledge(actor, whose, id=id, year=year, copied_from_id=copied_from_id, **said)
    if there := _there_already(session, pledge):
        return there
    check_room(len(queries.of_member(session, whose.member_id, year)))
    session.add(pledge)
    session.flush()
    return pledge


def change_draft(
    session: Session, actor: Actor, *, pledge_id: UUID, side: Side, text: str, sign: str, due_on: date
) -> Pledge:
    """Say a draft in other words; who changed it last has written it.

    Raises:
        NotADraftError: it was handed in.
        DueOutsideYearError: the date lies in another year.
    """
    pledge = _draft(session, actor, pledge_id)
    check_due(due_on, year=pledge.year)
    pledge.side, pledge.text, pledge.sign, pledge.due_on = side, text, sign, due_on
    pledge.written_by_id, pledge.written_at = actor.member_id, clock.now()
    session.flush()
    return pledge


def remove_draft(session: Session, actor: Actor, *, pledge_id: UUID) -> None:
    """Throw a draft away.

    Raises:
        NotADraftError: it was handed in.
    """
    pledge = _draft(session, actor, pledge_id)
    session.execute(delete(Pledge).where(Pledge.id == pledge.id))


def take_over(session: Session, actor: Actor, *, member_id: UUID | None = None) -> int:
    """Begin the year with last year's pledges as drafts, as many as there is room for; gives how many.

    Those taken over already are left out, so twice is once.
    """
    whose = subject(session, actor, member_id)
    year = clock.today().year
    there = queries.of_member(session, whose.member_id, year)
    taken = {pledge.copied_from_id for pledge in there}
    last = [pledge for pledge in queries.shown(session, whose.member_id, year - 1) if pledge.id not in taken]
    drafts = [
        _copy(actor, whose, pledge, year=year, due_on=next_year(pledge.due_on), copied_from_id=pledge.id)
        for pledge in last[: MOST - len(there)]
    ]
    session.add_all(drafts)
    session.flush()
    return len(drafts)


def _draft(session: Session, actor: Actor, pledge_id: UUID) -> Pledge:
    pledge, _whose = lock_pledge(session, actor, pledge_id)
    if pledge.state is not PledgeState.DRAFT:
        raise NotADraftError
    return session.get_one(Pledge, pledge_id, populate_existing=True)


def _copy(actor: Actor, whose: Subject, pledge: ShownPledge, **other: Any) -> Pledge:
    """A draft in the words of ``pledge``, with an id, a year, a day and an origin of its own."""
    return new_pledge(actor, whose, id=new_id(), side=pledge.side, text=pledge.text, sign=pledge.sign, **other)
