"""The list to tick: who stands on it and with which word, and what a list that comes back says of each."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.features.leave import queries as leaves
from app.features.leave.rules import Away, covers
from app.features.meetings.attachments import queries as attachments
from app.features.meetings.events import expected, queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import Capacity
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark, first_mark, is_voluntary, meant, offered
from app.features.members.actor import Actor
from app.features.members.rules import Permission

Ticked = Mark | Literal["leave"]
"""A word of the list; ``leave`` of who may not know on which somebody is."""


class TickLine(NamedTuple):
    """Somebody on the list to tick."""

    one: ticks.ListedPerson
    away: Away | None
    stands: Mark
    """What was said last or, before that, follows from a leave."""
    offered: tuple[Mark, ...]
    host: str | None
    """The branch to which somebody of ours is attached."""
    there_on: date | None
    """The last day on which that one took part there, around this one."""


def lines(session: Session, actor: Actor, event: MeetingEvent) -> list[TickLine]:
    """Who is expected, by group and pinyin, with what stands of each."""
    items = expected.items_of(session, event.id)
    people = ticks.people(session, actor, event, expected.current(session, event, items))
    voluntary = is_voluntary({item.kind for item in items})
    day = clock.local_day(event.begins_at)
    on_leave = leaves.away(session, [one.id for one in people], day)
    hosts = attachments.elsewhere(session, [one.id for one in people if one.belongs.own_branch_id is None], day)
    was_there = ticks.took_part(session, hosts, day)
    found = []
    for one in people:
        belongs = one.belongs
        away = None if belongs.capacity is Capacity.ATTACHED else covers(on_leave.get(one.id, ()), event.begins_at)
        last, there_on = one.tick.mark if one.tick else None, was_there.get(one.id)
        stands = last or first_mark(
            is_exempt=belongs.is_exempt, voluntary=voluntary, away=away, was_elsewhere=there_on is not None
        )
        marks = offered(invited=belongs.is_invited, voluntary=voluntary)
        found.append(TickLine(one, away, stands, marks, hosts.get(one.id), there_on))
    return found


def marks_meant(session: Session, actor: Actor, event_id: UUID, said: Mapping[UUID, Ticked]) -> dict[UUID, Mark]:
    """What the words of a list say of each, by what its sender may know of leaves.

    Raises:
        ChangedSinceError: somebody is said to be on leave, and no longer is.
    """
    event = queries.whole(session, actor, event_id)
    sees_all = actor.may(Permission.SEE_BRANCH) and not queries.is_joint(session, event_id)
    there = {} if sees_all else {line.one.id: line for line in lines(session, actor, event)}
    return {
        one: meant(
            word,
            there[one].stands if one in there else None,
            sees_kinds=there[one].one.sees_kind if one in there else sees_all,
        )
        for one, word in said.items()
    }
