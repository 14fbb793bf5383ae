"""Noting a talk, and saying that it was not so."""

from contextlib import suppress
from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import put_once
from app.features.meetings.events.expected import committee_of
from app.features.meetings.events.rules import NotOfTheBranchError
from app.features.meetings.talks import queries
from app.features.meetings.talks.models import Talk
from app.features.meetings.talks.rules import SaidNotSoError, category_of, check_talk, talk_id
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission

_TALKS: Final = cast(Table, Talk.__table__)


def note_talk(
    session: Session, actor: Actor, *, partner_id: UUID, day: date, talker_id: UUID | None = None
) -> UUID | None:
    """Note that two people talked: one of them does, or an officer for two others. Twice is once, whoever does it.

    ``talker_id`` is the actor where nobody is named. Who sits in the committee is said to have begun it. Gives which
    talk counts by this word; ``None`` where it counted already: then there is nothing to take back.

    Raises:
        NotOfTheBranchError: somebody was not in the branch on that day.
        SaidNotSoError: somebody else has said that it was not so.
    """
    two = talker, partner = talker_id or actor.member_id, partner_id
    if actor.member_id not in two and not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    check_talk(talker, partner, day, clock.today())
    people = {row.id for row in members.branch_members(session, actor.branch_id, day)}
    for name, person in (("talker_id", talker), ("partner_id", partner)):
        if person not in people:
            raise NotOfTheBranchError(at=name)
    committee = committee_of(session, actor.branch_id, day)
    if partner in committee and talker not in committee:
        talker, partner = partner, talker
    id = talk_id(talker, partner, day)  # noqa: A001 (what it is)
    row = {
        "id": id,
        "branch_id": actor.branch_id,
        "talker_id": talker,
        "partner_id": partner,
        "held_on": day,
        "category": category_of(talker, partner, committee),
        "recorded_by_id": actor.member_id,
        "recorded_at": clock.now(),
    }
    if put_once(session, _TALKS, [row]):
        return id
    with suppress(NotFoundError):  # an officer who is none of the two learns nothing of what was said of it
        return id if _stand(session, actor, id, is_so=True) else None
    return None


def say_not_so(session: Session, actor: Actor, *, talk_id: UUID) -> None:
    """Let it count no longer: one of the two says that it was not so, or who noted it that it was a slip."""
    _stand(session, actor, talk_id, is_so=False)


def say_so(session: Session, actor: Actor, *, talk_id: UUID) -> None:
    """Take that back.

    Raises:
        SaidNotSoError: it was somebody else who said it.
    """
    _stand(session, actor, talk_id, is_so=True)


def _stand(session: Session, actor: Actor, talk: UUID, *, is_so: bool) -> bool:
    """Only who said that it was not so takes it back: nobody else's word outweighs it. Gives whether that is new."""
    row = queries.held(session, actor, talk)
    if row.refuted_by_id not in (None, actor.member_id):
        raise SaidNotSoError(name=members.member_card(session, row.refuted_by_id).name)
    if is_so is (row.refuted_at is None):
        return False
    row.refuted_by_id, row.refuted_at = (None, None) if is_so else (actor.member_id, clock.now())
    session.flush()
    return True
