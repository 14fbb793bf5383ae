"""The four numbers of a meeting, who is left out there, and whose rights rest."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer
from app.core.errors import NotFoundError
from app.core.forms import Day, FormModel, RawForm, id_of, sent
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.leave import queries as leaves
from app.features.leave.rules import covers
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.counted import queries, service
from app.features.meetings.counted.rules import Reason, Rests
from app.features.meetings.events import expected
from app.features.meetings.events import queries as events
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.votes.rules import Matter, need
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import DOCUMENT_LENGTH, SecondForm
from app.features.sign_in.door import require

HOME, RIGHTS = "/meetings", "/meetings/rights"
router = Router(prefix=HOME)
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
SHOWN = (Matter.ORDINARY, Matter.ADMISSION, Matter.ELECTION)
"""One matter of each rule."""
Document = Annotated[str, Field(min_length=1, max_length=DOCUMENT_LENGTH)]


class RightsForm(FormModel):
    """Whose rights rest, and until when."""

    id: UUID
    member_id: UUID
    rests: Rests
    starts_on: Day
    ends_on: Day | None = None
    document: Document
    replaces_id: UUID | None = None


class LeftOutForm(FormModel):
    """Who is left out of those who should come to a meeting, and why."""

    id: UUID
    member_id: UUID
    reason: Reason
    consent: Document
    consented_on: Day
    adopted: bool = False


@router.get("/rights")
def rights(request: Request, session: DbSession, actor: Officer) -> Response:
    """Whose rights rest in the branch: for the secretary and the discipline commissioner alone."""
    return _rights(request, session, actor)


@router.post("/rights")
def enter_rights(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Say that somebody's rights rest, or until when."""

    def do(form: RightsForm) -> str:
        service.enter_suspension(session, actor, **dict(form))
        return _("Entered. It counts when the other one of you has confirmed it.")

    page = partial(_rights, request, session, actor)
    return answers.act(request, session, raw, RightsForm, do, page=page, to=RIGHTS, at="rights")


@router.post("/rights/{suspension_id}/decide")
def decide_rights(request: Request, session: DbSession, actor: Officer, suspension_id: UUID, raw: RawForm) -> Response:
    """Confirm it, or not."""
    second = sent(SecondForm, raw).second
    service.decide_suspension(session, actor, suspension_id=suspension_id, second=second)
    return pages.go(request, RIGHTS, message=second.said)


@router.get("/{event_id}/count")
def count(request: Request, session: DbSession, actor: Officer, event_id: UUID) -> Response:
    """Four numbers, and how they came about."""
    return _count(request, session, actor, event_id)


@router.post("/{event_id}/count")
def leave_out(request: Request, session: DbSession, actor: Officer, event_id: UUID, raw: RawForm) -> Response:
    """Say that somebody is left out of those who should come."""

    def do(form: LeftOutForm) -> str:
        service.leave_out(session, actor, event_id=event_id, **dict(form))
        return _("Entered. It counts when the other one of you has confirmed it.")

    page = partial(_count, request, session, actor, event_id)
    return answers.act(request, session, raw, LeftOutForm, do, page=page, to=f"{HOME}/{event_id}/count", at="out")


@router.post("/left-out/{left_out_id}/decide")
def decide_left_out(request: Request, session: DbSession, actor: Officer, left_out_id: UUID, raw: RawForm) -> Response:
    """Confirm it, or not."""
    second = sent(SecondForm, raw).second
    event_id = service.decide_left_out(session, actor, left_out_id=left_out_id, second=second)
    return pages.go(request, f"{HOME}/{event_id}/count", message=second.said)


@router.post("/left-out/{left_out_id}/take-back")
def take_back(request: Request, session: DbSession, actor: Officer, left_out_id: UUID) -> Response:
    """Say no longer that somebody is left out."""
    event_id = service.take_back(session, actor, left_out_id=left_out_id)
    return pages.go(request, f"{HOME}/{event_id}/count", message=_("Taken back: it counts no longer."))


def _rights(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    rows = queries.suspensions(session, actor)
    people = [row for row in members.branch_members(session, actor.branch_id) if row.id != actor.member_id]
    form = answer.forms.get("rights")
    return answer.drawn(
        request,
        "meetings/rights.html",
        block="rights",
        form=form,
        id=id_of(form),
        rows=rows,
        people=[(str(row.id), row.name) for row in people],
        standing=[(str(row.id), f"{row.name} {row.document}") for row in rows if row.stands == "confirmed"],
        words=Rests.choices(),
        me=actor.member_id,
        today=clock.today(),
        document_length=DOCUMENT_LENGTH,
    )


def _count(request: Request, session: Session, actor: Actor, event_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    event = events.whole(session, actor, event_id)
    if event.branch_id != actor.branch_id:
        raise NotFoundError
    kinds = {item.kind for item in expected.items_of(session, event_id)}
    counted = queries.counted(session, event)
    people = ticks.people(session, actor, event, counted.own)
    form = answer.forms.get("out")
    out = {row.member_id for row in counted.left_out if row.adopted}
    full = [one for one in people if one.id in counted.full and one.id not in out]
    away = leaves.away(session, sorted(counted.own), clock.local_day(event.begins_at))
    is_joint = Kind.JOINT in kinds or events.is_joint(session, event_id)
    votes = bool(counted.full - counted.resting) and Kind.MEMBERS_MEETING in kinds and not is_joint
    return answer.drawn(
        request,
        "meetings/count.html",
        block="count",
        form=form,
        id=id_of(form),
        event=event,
        counted=counted,
        people=people,
        full=full,
        out=out,
        choices=[(str(one.id), one.name) for one in full if one.id != actor.member_id],
        needs=[(matter, need(matter, n=counted.n(matter), present=0)) for matter in SHOWN] if votes else [],
        on_leave=[one for one in people if (gone := covers(away.get(one.id, ()), event.begins_at)) and gone.is_decided],
        rows=queries.left_out(session, event_id),
        reasons=Reason.choices(),
        votes=votes,
        decides=actor.may(Permission.APPROVE),
        sees_rights=queries.sees_rights(actor),
        me=actor.member_id,
        document_length=DOCUMENT_LENGTH,
    )
