"""Minutes as a person may read them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFoundError
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import queries as events
from app.features.meetings.events.models import MeetingExpected
from app.features.meetings.minutes.models import Minutes
from app.features.meetings.minutes.rules import may_read
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission

_Writer, _Chair, _Recorder = aliased(Member), aliased(Member), aliased(Member)
_WRITTEN: Final = (
    select(
        Minutes.kind,
        Minutes.topic,
        Minutes.text,
        Minutes.chair_id,
        Minutes.recorder_id,
        Minutes.speaker,
        Minutes.version,
        Minutes.written_at,
        _Writer.name.label("written_by"),
        _Chair.name.label("chair"),
        _Recorder.name.label("recorder"),
    )
    .join(_Writer, _Writer.id == Minutes.written_by_id)
    .outerjoin(_Chair, _Chair.id == Minutes.chair_id)
    .outerjoin(_Recorder, _Recorder.id == Minutes.recorder_id)
    .where(Minutes.event_id == bindparam("event"))
)
_AS: Final = select(MeetingExpected.capacity).where(
    MeetingExpected.event_id == bindparam("event"),
    MeetingExpected.member_id == bindparam("me"),
    MeetingExpected.is_gone.is_(False),
)


def readable(
    session: Session, actor: Actor, event: Any, agenda: Sequence[AnyRow] | None = None
) -> dict[Kind, AnyRow | None]:
    """The items of a meeting whose minutes the actor reads, in the order of kinds, with what is written of each.

    ``event`` is one that the actor may see, ``agenda`` what stands on it, for who knows already. What is written of an
    item stays when it is taken off the agenda.
    """
    agenda = events.items(session, [event.id])[event.id] if agenda is None else agenda
    is_officer = event.branch_id == actor.branch_id and actor.may(Permission.SEE_BRANCH)
    asked = {"event": event.id, "me": actor.member_id}
    capacity = None if is_officer else session.scalars(_AS, asked).one_or_none()
    there = {row.kind: row for row in session.execute(_WRITTEN, {"event": event.id})}
    kinds = {item.kind for item in agenda} | there.keys()
    read = [kind for kind in Kind if kind in kinds and may_read(kind, is_officer=is_officer, capacity=capacity)]
    return {kind: there.get(kind) for kind in read}


def check_reads(found: Mapping[Kind, AnyRow | None], kind: Kind) -> None:
    """Let pass whose minutes are among those ``found``."""
    if kind not in found:
        raise NotFoundError


def keeps(session: Session, actor: Actor, event_id: UUID, branch_id: UUID) -> bool:
    """Whether the actor writes minutes of a meeting: who plans and records it."""
    agenda = [(item.kind, item.group_id) for item in events.items(session, [event_id])[event_id]]
    return events.may_keep(session, actor, branch_id, agenda)
