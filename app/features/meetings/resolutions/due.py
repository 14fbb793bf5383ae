"""What waits for the second word of an officer: rights that rest, people left out, corrected results."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, Uuid, bindparam, exists, literal, select, union_all
from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.features.meetings.counted.models import LeftOut, Suspension
from app.features.meetings.counted.queries import sees_rights
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.resolutions.models import CorrectionWord, Resolution
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.members.two_people import Stands
from app.features.stream import Queue

_ME, _BRANCH = bindparam("me", type_=Uuid()), bindparam("branch", type_=Uuid())
_DECIDES: Final = bindparam("decides", type_=Boolean())
_WAITING: Final = union_all(
    select(literal("rights").label("what"), Suspension.id.label("id"))
    .join(Member, Member.id == Suspension.member_id)
    .where(
        bindparam("sees_rights", type_=Boolean()),
        Suspension.stands == Stands.WAITING,
        Member.branch_id == _BRANCH,
        Suspension.entered_by_id != _ME,
        Suspension.member_id != _ME,
    ),
    select(literal("out"), LeftOut.event_id)
    .join(MeetingEvent, MeetingEvent.id == LeftOut.event_id)
    .where(
        _DECIDES,
        LeftOut.stands == Stands.WAITING,
        MeetingEvent.branch_id == _BRANCH,
        LeftOut.entered_by_id != _ME,
        LeftOut.member_id != _ME,
    ),
    select(literal("corrections"), Resolution.id)
    .join(MeetingEvent, MeetingEvent.id == Resolution.event_id)
    .where(
        _DECIDES,
        Resolution.corrects_id.is_not(None),
        ~exists().where(CorrectionWord.resolution_id == Resolution.id),
        MeetingEvent.branch_id == _BRANCH,
        Resolution.recorded_by_id != _ME,
    ),
)


def queues(session: Session, actor: Actor) -> Iterator[Queue]:
    """What another officer entered and the actor may confirm, each with the way there."""
    decides, knows = actor.may(Permission.APPROVE), sees_rights(actor)
    if not (decides or knows):
        return
    asked = {"me": actor.member_id, "branch": actor.branch_id, "decides": decides, "sees_rights": knows}
    found: dict[str, list[UUID]] = defaultdict(list)
    for what, one in session.execute(_WAITING, asked):
        found[what].append(one)
    if rights := found["rights"]:
        yield Queue(_("Rights at rest, to confirm"), len(rights), "/meetings/rights")
    if out := found["out"]:
        yield Queue(_("Not counted at a meeting, to confirm"), len(out), f"/meetings/{out[0]}/count")
    if corrections := found["corrections"]:
        yield Queue(_("Corrected votes, to confirm"), len(corrections), f"/meetings/votes/{corrections[0]}")
