"""Writing minutes, so that of two who write nobody's text is lost unseen."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.history import service as history
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.rules import EventState, NotOfTheBranchError, Step
from app.features.meetings.events.service import SUBJECT, kept
from app.features.meetings.minutes import queries
from app.features.meetings.minutes.models import Minutes
from app.features.meetings.minutes.rules import NotHeldError, WrittenMeanwhileError
from app.features.members import queries as members
from app.features.members.actor import Actor

_SAID: Final = ("topic", "text", "chair_id", "recorder_id", "speaker")


def write_minutes(
    session: Session, actor: Actor, *, event_id: UUID, kind: Kind, version: int, **said: str | UUID | None
) -> None:
    """Write the minutes of an item, or anew. The same once more changes nothing.

    Args:
        session: the unit of work.
        actor: who records the meeting.
        event_id: the meeting.
        kind: the item of its agenda.
        version: that of the text that was opened; 0 where there was none.
        said: ``topic``, ``text``, ``chair_id``, ``recorder_id``, ``speaker``.

    Raises:
        NotOfTheBranchError: a chair or a recorder of another branch.
    """
    event = kept(session, actor, event_id)
    queries.check_reads(queries.readable(session, actor, event), kind)
    if event.state is EventState.CANCELLED:
        raise NotHeldError
    people = {row.id for row in members.branch_members(session, event.branch_id, clock.local_day(event.begins_at))}
    for name in ("chair_id", "recorder_id"):
        if said[name] and said[name] not in people:
            raise NotOfTheBranchError(at=name)
    there = session.get(Minutes, (event_id, kind), populate_existing=True)
    if there and all(getattr(there, name) == said[name] for name in _SAID):
        return
    if version != (there.version if there else 0):
        raise WrittenMeanwhileError(name=_writer(session, there))
    if there is None:
        session.add(Minutes(event_id=event_id, kind=kind, written_by_id=actor.member_id, **said))
    else:
        for name in _SAID:
            setattr(there, name, said[name])
        there.version, there.written_by_id, there.written_at = version + 1, actor.member_id, clock.now()
    session.flush()
    history.record(session, SUBJECT, event_id, Step.WRITTEN, by_id=actor.member_id, kind=kind.value)


def _writer(session: Session, there: Minutes | None) -> str:
    if there is None:
        raise NotFoundError
    return str(members.member_card(session, there.written_by_id).name)
