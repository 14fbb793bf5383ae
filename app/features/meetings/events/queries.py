"""Meetings as a person may see them: those one is expected at, and for officers those of the branch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, and_, bindparam, exists, func, or_, select, union, union_all
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import IDS, locked, one, one_row
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingBranch, MeetingEvent, MeetingExpected, MeetingItem
from app.features.meetings.events.rules import FARTHEST, EventState, Joins
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission, Role

_ME: Final = bindparam("me", type_=Uuid())
_SINCE: Final = bindparam("since", type_=MeetingEvent.begins_at.type)
_UNTIL: Final = bindparam("until", type_=MeetingEvent.begins_at.type)
IS_EXPECTED: Final = exists().where(
    MeetingExpected.event_id == MeetingEvent.id, MeetingExpected.member_id == _ME, MeetingExpected.is_gone.is_(False)
)
_EXPECTED_AT: Final = select(MeetingExpected.event_id).where(
    MeetingExpected.member_id == _ME, MeetingExpected.is_gone.is_(False)
)
_OFFICER_OF: Final = bindparam("officer_of", type_=Uuid())
_VISIBLE: Final = or_(
    MeetingEvent.branch_id == _OFFICER_OF,
    IS_EXPECTED,
    exists().where(MeetingBranch.event_id == MeetingEvent.id, MeetingBranch.branch_id == _OFFICER_OF),
    exists().where(MeetingExpected.event_id == MeetingEvent.id, MeetingExpected.own_branch_id == _OFFICER_OF),
)
"""For officers also what their branch is invited to, and where one of their members takes part."""
BRANCHES: Final[BindParameter[Any]] = bindparam("branches", type_=Uuid(), expanding=True)
_INVITED: Final = exists().where(MeetingBranch.event_id == MeetingEvent.id, MeetingBranch.answer != Joins.DECLINED)
_JOINED: Final = (
    select(MeetingBranch.branch_id)
    .where(MeetingBranch.event_id == bindparam("event"), MeetingBranch.answer == Joins.JOINED)
    .order_by(MeetingBranch.branch_id)
)
_Chair, _Recorder, _Organiser, _Other = aliased(Member), aliased(Member), aliased(Member), aliased(MeetingEvent)
OF_ME: Final = union(
    _EXPECTED_AT, select(_Other.id).where(_Other.branch_id == bindparam("branch"), _Other.organiser_id == _ME)
).subquery()
"""What the actor is expected at or has organised, from the person's side: no page reads the meetings of everybody."""
_COLUMNS: Final = (
    MeetingEvent.id,
    MeetingEvent.branch_id,
    MeetingEvent.title,
    MeetingEvent.begins_at,
    MeetingEvent.ends_at,
    MeetingEvent.place,
    MeetingEvent.state,
    MeetingEvent.backfill_reason,
    MeetingEvent.fixed_day,
    MeetingEvent.organiser_id,
    IS_EXPECTED.label("is_mine"),
    _INVITED.label("is_joint"),
)
_LISTED: Final = select(*_COLUMNS).order_by(MeetingEvent.begins_at, MeetingEvent.id)
BETWEEN: Final = MeetingEvent.begins_at.between(_SINCE, _UNTIL)
"""Bind ``between``."""
_AGENDA: Final = _LISTED.add_columns(
    exists()
    .where(
        MeetingBranch.event_id == MeetingEvent.id,
        MeetingBranch.branch_id == _OFFICER_OF,
        MeetingBranch.answer == Joins.ASKED,
    )
    .label("to_answer")
).where(
    MeetingEvent.id.in_(
        union_all(
            _EXPECTED_AT,
            select(_Other.id).where(_Other.branch_id == _OFFICER_OF, _Other.begins_at.between(_SINCE, _UNTIL)),
            select(MeetingBranch.event_id).where(
                MeetingBranch.branch_id == _OFFICER_OF, MeetingBranch.answer != Joins.DECLINED
            ),
        )
    ),
    BETWEEN,
)
_OF_BRANCH: Final = _LISTED.where(MeetingEvent.branch_id == bindparam("branch"), BETWEEN)
_WITH_JOINED: Final = _LISTED.where(
    or_(
        MeetingEvent.branch_id == bindparam("branch"),
        MeetingEvent.id.in_(
            select(MeetingBranch.event_id).where(
                MeetingBranch.branch_id == bindparam("branch"), MeetingBranch.answer == Joins.JOINED
            )
        ),
    ),
    BETWEEN,
)
_CARD: Final = (
    select(
        *_COLUMNS,
        MeetingEvent.planned_at,
        MeetingEvent.version,
        MeetingEvent.linked_to_id,
        Organisation.name.label("branch"),
        _Organiser.name.label("organiser"),
        _Chair.name.label("chair"),
        _Recorder.name.label("recorder"),
    )
    .join(Organisation, Organisation.id == MeetingEvent.branch_id)
    .join(_Organiser, _Organiser.id == MeetingEvent.organiser_id)
    .outerjoin(_Chair, _Chair.id == MeetingEvent.chair_id)
    .outerjoin(_Recorder, _Recorder.id == MeetingEvent.recorder_id)
    .where(MeetingEvent.id == bindparam("event"), _VISIBLE)
)
_WHOLE: Final = select(MeetingEvent).where(MeetingEvent.id == bindparam("event"))
_HELD: Final = locked(_WHOLE)
_ITEMS: Final = (
    select(
        MeetingItem.event_id,
        MeetingItem.kind,
        MeetingItem.minutes,
        MeetingItem.study,
        MeetingItem.speaker,
        MeetingItem.group_id,
        Organisation.name.label("group"),
    )
    .outerjoin(Organisation, Organisation.id == MeetingItem.group_id)
    .where(MeetingItem.event_id.in_(IDS))
    .order_by(MeetingItem.event_id, MeetingItem.place)
)
_AT_ONE_TIME: Final = (
    select(MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at)
    .join(_Other, and_(_Other.id == bindparam("event"), _Other.id != MeetingEvent.id))
    .where(
        MeetingEvent.branch_id == _Other.branch_id,
        MeetingEvent.begins_at < _Other.ends_at,
        MeetingEvent.ends_at > _Other.begins_at,
        MeetingEvent.state != EventState.CANCELLED,
        _VISIBLE,
    )
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)
_GATHERING: Final = select(MeetingEvent.id).where(
    or_(MeetingEvent.id == bindparam("root"), MeetingEvent.linked_to_id == bindparam("root"))
)
_LINKED: Final = (
    select(MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at)
    .where(
        or_(MeetingEvent.id == bindparam("root"), MeetingEvent.linked_to_id == bindparam("root")),
        MeetingEvent.id != bindparam("event"),
        _VISIBLE,
    )
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)
_IS_JOINT: Final = select(MeetingEvent.id).where(MeetingEvent.id == bindparam("event"), _INVITED)
_FIRST: Final = select(func.min(MeetingEvent.begins_at)).where(MeetingEvent.branch_id == bindparam("branch"))
_LED: Final = (
    select(RoleTerm.organisation_id)
    .join(Organisation, Organisation.id == RoleTerm.organisation_id)
    .where(
        RoleTerm.member_id == _ME,
        RoleTerm.role == Role.GROUP_LEADER,
        RoleTerm.in_force(bindparam("day", type_=RoleTerm.starts_on.type)),
        Organisation.parent_id == bindparam("branch"),
    )
)


def plans_for_branch(actor: Actor) -> bool:
    """Whether the actor plans and records meetings of the whole branch. Source: domain, meetings §11."""
    return actor.may(Permission.RECORD_FOR_OTHERS)


def led_groups(session: Session, actor: Actor) -> frozenset[UUID]:
    """The groups whose meetings the actor plans and records as their leader; asked only of who leads one."""
    if Role.GROUP_LEADER not in actor.roles:
        return frozenset()
    asked = {"me": actor.member_id, "branch": actor.branch_id, "day": clock.today()}
    return frozenset(session.scalars(_LED, asked))


def may_plan(session: Session, actor: Actor) -> bool:
    """Whether the actor plans any meetings at all."""
    return plans_for_branch(actor) or bool(led_groups(session, actor))


def sight(actor: Actor) -> dict[str, object]:
    """The values that the conditions above ask for."""
    return {"me": actor.member_id, "officer_of": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None}


def agenda(session: Session, actor: Actor, year: int, today: date) -> Sequence[AnyRow]:
    """The meetings of ``year`` that the actor may see, the first one first; of this year, also all that are ahead."""
    last = today + FARTHEST if year == today.year else date(year, 12, 31)
    return seen_between(session, actor, date(year, 1, 1), last)


def seen_between(session: Session, actor: Actor, first: date, last: date) -> Sequence[AnyRow]:
    """The meetings from day to day that the actor may see, the first one first."""
    return session.execute(_AGENDA, {**sight(actor), **between(first, last)}).all()


def joined(session: Session, event_id: UUID) -> Sequence[UUID]:
    """The other branches that meet jointly with the host."""
    return session.scalars(_JOINED, {"event": event_id}).all()


def is_joint(session: Session, event_id: UUID) -> bool:
    """Whether other branches are invited, and have not said that they do not come: no vote is taken there."""
    return bool(session.scalar(_IS_JOINT, {"event": event_id}))


def of_branch(
    session: Session, actor: Actor, branch_id: UUID, first: date, last: date, *, with_joined: bool = False
) -> Sequence[AnyRow]:
    """All meetings of a branch from day to day. For callers that know the branch is the actor's."""
    asked = {"me": actor.member_id, "branch": branch_id, **between(first, last)}
    return session.execute(_WITH_JOINED if with_joined else _OF_BRANCH, asked).all()


def first_year(session: Session, branch_id: UUID) -> int:
    """The year of the branch's first meeting; this one where it has none."""
    first = session.scalar(_FIRST, {"branch": branch_id})
    return clock.local_day(first).year if first else clock.today().year


def card(session: Session, actor: Actor, event_id: UUID) -> AnyRow:
    """One meeting."""
    return one_row(session, _CARD, {"event": event_id, **sight(actor)})


def whole(session: Session, actor: Actor, event_id: UUID, *, held: bool = False) -> MeetingEvent:
    """The meeting for who may see it; ``held`` until the unit of work ends."""
    statement = (_HELD if held else _WHOLE).where(_VISIBLE)
    return one(session, statement, {"event": event_id, **sight(actor)})


def items(session: Session, event_ids: Collection[UUID]) -> Mapping[UUID, list[AnyRow]]:
    """What stands on the agenda of each of these meetings."""
    found: dict[UUID, list[AnyRow]] = defaultdict(list)
    for row in session.execute(_ITEMS, {"ids": sorted(event_ids)}) if event_ids else ():
        found[row.event_id].append(row)
    return found


def may_keep(session: Session, actor: Actor, branch_id: UUID, agenda_of: Collection[tuple[Kind, UUID | None]]) -> bool:
    """Whether the actor plans and records a meeting with these kinds and groups on its agenda."""
    if plans_for_branch(actor):
        return branch_id == actor.branch_id
    return _is_led(agenda_of, led_groups(session, actor))


def kept(session: Session, actor: Actor, rows: Iterable[AnyRow], agenda_of: Mapping[UUID, list[AnyRow]]) -> set[UUID]:
    """Those of these meetings that the actor plans and records: one statement at most."""
    led = led_groups(session, actor)
    everything = actor.branch_id if plans_for_branch(actor) else None
    return {
        row.id
        for row in rows
        if row.branch_id == everything or _is_led([(item.kind, item.group_id) for item in agenda_of[row.id]], led)
    }


def _is_led(agenda_of: Collection[tuple[Kind, UUID | None]], led: Collection[UUID]) -> bool:
    return bool(agenda_of) and all(kind is Kind.GROUP and group in led for kind, group in agenda_of)


def at_one_time(session: Session, actor: Actor, event_id: UUID) -> Sequence[AnyRow]:
    """Other meetings of the branch that the actor sees and that overlap with this one."""
    return session.execute(_AT_ONE_TIME, {"event": event_id, **sight(actor)}).all()


def gathering(session: Session, event: MeetingEvent) -> list[UUID]:
    """The meetings that are one gathering with this one, itself included."""
    return sorted(session.scalars(_GATHERING, {"root": event.linked_to_id or event.id}))


def linked(session: Session, actor: Actor, event: AnyRow) -> Sequence[AnyRow]:
    """The others of the same gathering, as far as the actor may see them."""
    asked = {"root": event.linked_to_id or event.id, "event": event.id, **sight(actor)}
    return session.execute(_LINKED, asked).all()


def between(first: date, last: date) -> dict[str, datetime]:
    """The moments from the beginning of a day to before the end of another."""
    return {
        "since": clock.midnight(first),
        "until": clock.midnight(last + timedelta(days=1)) - timedelta(microseconds=1),
    }
