"""Planning meetings: anew, on another day, or not at all."""

from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, column, delete, select, table
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ContentDiffersError, NotFoundError
from app.core.i18n import gettext as _
from app.core.rows import IDS, locked, put_once
from app.features.history import service as history
from app.features.meetings.events import expected, partners, queries, rules, secrets
from app.features.meetings.events.models import MeetingEvent, MeetingExpected, MeetingItem
from app.features.meetings.events.plan import Plan
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.webhooks.rules import Happening
from app.features.webhooks.telling import ToldEvent, tell

SUBJECT: Final = "meeting"
_EVENTS: Final = cast(Table, MeetingEvent.__table__)
_ON_AGENDA: Final = ("place", "kind", "minutes", "study", "speaker", "group_id")
_NO_ITEMS: Final = delete(MeetingItem).where(MeetingItem.event_id == bindparam("event"))
_ATTENDANCES: Final = table("attendances", column("event_id", Uuid()), column("member_id", Uuid()))
"""Who was there is said on top of this; here it is only known that what it leans on may not go."""
_CAME: Final = select(_ATTENDANCES.c.member_id).where(_ATTENDANCES.c.event_id == bindparam("event"))
_NOBODY: Final = delete(MeetingExpected).where(
    MeetingExpected.event_id == bindparam("event"), MeetingExpected.member_id.not_in(_CAME)
)
"""Who has typed the code before anybody kept the list stays written down."""
_HELD: Final = locked(select(MeetingEvent).where(MeetingEvent.id.in_(IDS)).order_by(MeetingEvent.id))
"""A meeting and the one it is linked to, always in this order: of two links at one moment one sees the other."""
_LINKED_TO: Final = select(MeetingEvent.id).where(MeetingEvent.linked_to_id == bindparam("event"))


def plan_meeting(session: Session, actor: Actor, *, id: UUID, **said: Any) -> UUID:  # noqa: A002 (what it is)
    """Plan a meeting, or record afterwards that it was held; its id. ``said`` are the values of ``Plan``.

    Twice is once.
    """
    plan = Plan(**said)
    put(session, actor, id, plan)
    return id


def change_meeting(session: Session, actor: Actor, *, event_id: UUID, **said: Any) -> rules.Step:
    """Say anew what, when and where; who is expected is derived anew. Gives what that was: changed or postponed.

    Raises:
        CameAlreadyError: to another day, and somebody has typed the code of this one.
    """
    plan = Plan(**said)
    kept(session, actor, event_id, held=False)
    session.scalars(_HELD, {"ids": sorted({event_id, plan.linked_to_id or event_id})}).all()
    event = kept(session, actor, event_id)
    step = rules.Step.CHANGED if plan.begins_at == event.begins_at else rules.Step.POSTPONED
    event.state = rules.LIFE.after(event.state, step)
    values = _checked(session, actor, event_id, plan, event)
    before, others = event.begins_at, set(queries.gathering(session, event)) - {event_id}
    if others and clock.local_day(before) != plan.day:
        raise rules.LinkedDayError
    if clock.local_day(before) != plan.day and session.scalars(_CAME, {"event": event_id}).first():
        raise rules.CameAlreadyError
    if plan.linked_to_id and session.scalars(_LINKED_TO, {"event": event_id}).first():
        raise rules.LinkedAlreadyError
    for name, value in values.items():
        setattr(event, name, value)
    if clock.local_day(before) != plan.day:
        event.planned_at = clock.now()  # said today: into a closed year it brings no facts
    session.flush()
    session.execute(_NO_ITEMS, {"event": event_id})
    session.execute(_NOBODY, {"event": event_id})
    _write_agenda(session, event, plan)
    moved = {"before": before.isoformat()} if step is rules.Step.POSTPONED else {}
    history.record(session, SUBJECT, event_id, step, by_id=actor.member_id, **moved)
    tell(session, [ToldEvent(Happening(f"{SUBJECT}.{step}"), event_id, event.branch_id)])
    return step


def kept(session: Session, actor: Actor, event_id: UUID, *, held: bool = True) -> MeetingEvent:
    """The meeting for who plans and records it, ``held`` until the unit of work ends."""
    event = queries.whole(session, actor, event_id, held=held)
    agenda = [(item.kind, item.group_id) for item in expected.items_of(session, event.id)]
    if not queries.may_keep(session, actor, event.branch_id, agenda):
        raise NotFoundError
    return event


def put(session: Session, actor: Actor, event_id: UUID, plan: Plan, *, as_it_is: bool = False) -> int:
    """Write a meeting with its agenda and who is expected; 0 where it is there already.

    Raises:
        ContentDiffersError: it is there and says something else, unless it may be ``as_it_is``.
    """
    said = {**_checked(session, actor, event_id, plan), "branch_id": actor.branch_id}
    row = {
        **said,
        "id": event_id,
        "organiser_id": actor.member_id,
        "state": rules.EventState.PLANNED,
        "version": 1,
        "planned_at": clock.now(),
    }
    if not put_once(session, _EVENTS, [row], said=() if as_it_is else tuple(said)):
        there = [{name: getattr(item, name) for name in _ON_AGENDA} for item in expected.items_of(session, event_id)]
        asked = sorted(row.branch_id for row in partners.partners(session, event_id))
        if not as_it_is and (there, asked) != (plan.items(), partners.meant(session, actor.branch_id, plan.branches)):
            raise ContentDiffersError
        return 0
    event = session.get_one(MeetingEvent, event_id)
    _write_agenda(session, event, plan)
    secrets.make(session, [event_id])
    history.record(session, SUBJECT, event_id, rules.Step.PLANNED, by_id=actor.member_id, note=plan.reason)
    tell(session, [ToldEvent(Happening.MEETING_PLANNED, event_id, event.branch_id)])
    return 1


def _checked(
    session: Session, actor: Actor, event_id: UUID, plan: Plan, event: MeetingEvent | None = None
) -> dict[str, Any]:
    """The columns that ``plan`` says, after asking the rules. An ``event`` that stays on its day asks for no reason."""
    stays = event is not None and clock.local_day(event.begins_at) == plan.day
    groups = {row.id for row in members.groups_of(session, actor.branch_id)}
    if plan.group_id and plan.group_id not in groups:
        raise rules.NotOfTheBranchError(at="group_id")
    agenda = [(item["kind"], item["group_id"]) for item in plan.items()]
    if not queries.may_keep(session, actor, actor.branch_id, agenda):
        raise NotFoundError
    seats = expected.committee_of(session, actor.branch_id, plan.day)
    rules.check_kinds(plan.kinds, has_committee=bool(seats), has_groups=bool(groups), is_joint=bool(plan.branches))
    rules.check_when(plan.begins_at, plan.ends_at, today=clock.today(), reason=plan.reason, stays=stays)
    people = {row.id for row in members.branch_members(session, actor.branch_id, plan.day)}
    for name in ("chair_id", "recorder_id"):
        if (chosen := getattr(plan, name)) and chosen not in people:
            raise rules.NotOfTheBranchError(at=name)
    return {
        "title": (plan.title or _(", ").join(str(item["kind"].label) for item in plan.items()))[: rules.TITLE_LENGTH],
        "begins_at": plan.begins_at,
        "ends_at": plan.ends_at,
        "place": plan.place,
        "chair_id": plan.chair_id,
        "recorder_id": plan.recorder_id,
        "fixed_day": plan.fixed_day,
        "linked_to_id": _root(session, actor, event_id, plan),
        "backfill_reason": (plan.reason or (event and event.backfill_reason)) if plan.day < clock.today() else None,
    }


def _root(session: Session, actor: Actor, event_id: UUID, plan: Plan) -> UUID | None:
    """The first event of the gathering that this one belongs to."""
    if plan.linked_to_id is None:
        return None
    other = queries.whole(session, actor, plan.linked_to_id, held=True)
    root = other.linked_to_id or other.id
    if other.branch_id != actor.branch_id or root == event_id:
        raise rules.NotOfTheBranchError(at="linked_to_id")
    if clock.local_day(other.begins_at) != plan.day:
        raise rules.LinkedDayError
    return root


def _write_agenda(session: Session, event: MeetingEvent, plan: Plan) -> None:
    session.add_all([MeetingItem(event_id=event.id, **item) for item in plan.items()])
    partners.invite(session, event.id, partners.meant(session, event.branch_id, plan.branches))
    session.flush()
    expected.bring_along(session, event)
