"""Writing the pledges of a year: drafts are changed and removed freely, and last year's are a start."""

from datetime import date
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.members.actor import Actor
from app.features.shows.pledges import queries
from app.features.shows.pledges.calendar import next_year
from app.features.shows.pledges.errors import NotADraftError
from app.features.shows.pledges.models import Pledge
from app.features.shows.pledges.rules import MOST, PledgeState, Side, check_due, check_room
from app.features.shows.pledges.service import Subject, hold, new_pledge, subject, there_already
from app.features.shows.pledges.view import ShownPledge


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
) -> Pledge:
    """Write a pledge of the running year. Sent twice it is one.

    Raises:
        NotFoundError: no such member for the actor.
        DueOutsideYearError: the date lies in another year.
        TooManyPledgesError: the year is full.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    whose = subject(session, actor, member_id)
    year = clock.today().year
    check_due(due_on, year=year)
    pledge = new_pledge(actor, whose, id=id, year=year, side=side, text=text, sign=sign, due_on=due_on)
    if there := there_already(session, pledge):
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
        NotFoundError: no such pledge in the actor's reach.
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
        NotFoundError: no such pledge in the actor's reach.
        NotADraftError: it was handed in.
    """
    pledge = _draft(session, actor, pledge_id)
    session.execute(delete(Pledge).where(Pledge.id == pledge.id))


def take_over(session: Session, actor: Actor, *, member_id: UUID | None = None) -> int:
    """Begin the year with last year's pledges as drafts, as many as there is room for; gives how many.

    Those taken over already are left out, so twice is once.

    Raises:
        NotFoundError: no such member for the actor.
    """
    whose = subject(session, actor, member_id)
    year = clock.today().year
    there = queries.of_member(session, whose.member_id, year)
    taken = {pledge.copied_from_id for pledge in there}
    last = [pledge for pledge in queries.shown(session, whose.member_id, year - 1) if pledge.id not in taken]
    drafts = [_copy(actor, whose, pledge) for pledge in last[: MOST - len(there)]]
    session.add_all(drafts)
    session.flush()
    return len(drafts)


def _draft(session: Session, actor: Actor, pledge_id: UUID) -> Pledge:
    pledge, _whose = hold(session, actor, pledge_id)
    if pledge.state is not PledgeState.DRAFT:
        raise NotADraftError
    return session.get_one(Pledge, pledge_id, populate_existing=True)


def _copy(actor: Actor, whose: Subject, last: ShownPledge) -> Pledge:
    return new_pledge(
        actor,
        whose,
        id=new_id(),
        year=last.year + 1,
        side=last.side,
        text=last.text,
        sign=last.sign,
        due_on=next_year(last.due_on),
        copied_from_id=last.id,
    )
