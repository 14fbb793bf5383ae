"""Pledges for tests."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import time_machine
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.reviews import service as reviews
from app.features.shows.pledges import progress, service
from app.features.shows.pledges import service as drafts
from app.features.shows.pledges.rules import Ending, Side
from tests.makers import Person

JANUARY = "2026-01-12 10:00:00+08:00"
FEBRUARY = "2026-02-09 10:00:00+08:00"
MARCH = "2026-03-16 10:00:00+08:00"
DECEMBER = "2026-12-14 10:00:00+08:00"


def words(**other: Any) -> dict[str, Any]:
    """A pledge of 2026 as it is typed, unless said otherwise."""
    return {
        "side": Side.WORK,
        "text": "信访件 5 个工作日内答复",
        "sign": "全年答复清单，逐件注明日期",
        "due_on": date(2026, 12, 20),
        **other,
    }


def make_draft(session: Session, member: Person, **other: Any) -> UUID:
    """A draft; gives its id."""
    actor = other.pop("by", member).actor
    member_id = None if actor.member_id == member.id else member.id
    return drafts.add_draft(session, actor, **{"id": new_id(), "member_id": member_id, **words(**other)}).id


def make_submitted(session: Session, member: Person, *texts: str, by: Person | None = None) -> list[UUID]:
    """Two pledges, or one for each of ``texts``, handed in; gives their ids as they were written."""
    officer = by or member
    for text in texts or ("信访件 5 个工作日内答复", "每月研读一部法规"):
        make_draft(session, member, text=text, by=officer)
    member_id = None if officer is member else member.id
    return [review.id for review in service.submit(session, officer.actor, member_id=member_id)]


def make_approved(session: Session, member: Person, officer: Person, *texts: str) -> list[UUID]:
    """The same in January, approved by ``officer``; the publicity is over in February."""
    with time_machine.travel(JANUARY, tick=False):
        ids = make_submitted(session, member, *texts)
        reviews.approve(session, officer.actor, ids)
    return ids


def make_ended(session: Session, member: Person, officer: Person, ending: Ending = Ending.DONE) -> tuple[UUID, UUID]:
    """An approved pledge of which the member says in December how it ended; gives it and the word's id."""
    pledge_id, _other = make_approved(session, member, officer)
    with time_machine.travel(DECEMBER, tick=False):
        said = "对口帮扶单位撤并" if ending is Ending.EXCUSED else None
        review = progress.report_outcome(
            session, member.actor, id=new_id(), pledge_id=pledge_id, outcome=ending, said=said
        )
    return pledge_id, review.id


def days_later(days: int) -> str:
    """A moment for ``time_machine``, so many days from now."""
    return (clock.now() + timedelta(days=days)).isoformat()
