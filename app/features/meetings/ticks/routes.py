"""The list of who was there: everybody present, and a tap for each exception."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field, model_validator
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm, sent
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Router
from app.features.meetings.attendance.rules import State
from app.features.meetings.events import queries
from app.features.meetings.events.service import kept
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks import service
from app.features.meetings.ticks.listing import Ticked, TickLine, lines, marks_meant
from app.features.meetings.ticks.rules import NOTE_LENGTH, Mark, words_for
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews.rules import ReviewStatus
from app.features.sign_in.door import require

router = Router(prefix="/meetings")
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Approver = Annotated[Actor, require(Permission.APPROVE)]
MANY: Final = 20
"""From so many people on, the list offers its groups and a search."""


class AttendanceForm(FormModel):
    """A list as it was ticked: two columns of one length."""

    seen: int
    """The version of the list that was drawn."""
    member_ids: list[UUID] = Field(default_factory=list)
    marks: list[Ticked] = Field(default_factory=list)
    note: Annotated[str, Field(max_length=NOTE_LENGTH)] | None = None

    @model_validator(mode="after")
    def _a_word_for_each(self) -> "AttendanceForm":
        if len(self.member_ids) != len(self.marks):
            raise ValueError(_("Something in this could not be read. Please check it and send it again."))
        return self


class ConfirmForm(FormModel):
    """What an officer confirms."""

    seen: int
    """The version of the list that was read."""
    last: UUID | None = None
    """The newest attendance that was read: codes of the room come one by one, and are no list."""


@router.get("/of/{tick_id}")
def of_tick(session: DbSession, actor: MemberActor, tick_id: UUID) -> Response:
    """The meeting that a tick is about: where a fact or a line of the queue leads."""
    event_id = ticks.event_of(session, tick_id)
    if event_id is None:
        raise NotFoundError
    queries.card(session, actor, event_id)
    return pages.see_other(f"/meetings/{event_id}")


@router.get("/{event_id}/attendance")
def attendance(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """The list to tick."""
    kept(session, actor, event_id, held=False)
    return _list(request, session, actor, event_id)


@router.post("/{event_id}/attendance")
def record(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Save the list; it then waits for another officer."""

    def do(form: AttendanceForm) -> Done:
        said = dict(zip(form.member_ids, form.marks, strict=True))
        marks = marks_meant(session, actor, event_id, said)
        number = service.record_attendance(
            session, actor, event_id=event_id, seen=form.seen, marks=marks, note=form.note
        )
        words = ngettext(
            "Saved: %(num)s person. Another officer confirms it.",
            "Saved: %(num)s people. Another officer confirms it.",
            number,
        ) % {"num": number}
        return Done(f"/meetings/{event_id}", words if number else _("Saved. Nothing has changed."))

    kept(session, actor, event_id, held=False)
    page = partial(_list, request, session, actor, event_id, raw=raw)
    return answers.act(request, session, raw, AttendanceForm, do, page=page)


@router.post("/{event_id}/confirm")
def confirm(request: Request, session: DbSession, actor: Approver, event_id: UUID, raw: RawForm) -> Response:
    """Confirm everything that costs nobody anything; what does is looked at in the queue."""
    outcomes = service.confirm_all(session, actor, event_id=event_id, **dict(sent(ConfirmForm, raw)))
    number = sum(len(outcome.done) for outcome in outcomes)
    for refused in (refused for outcome in outcomes for refused in outcome.refused if not number):
        raise refused.error
    said = ngettext("%(num)s attendance confirmed.", "%(num)s attendances confirmed.", number) % {"num": number}
    return pages.go(request, f"/meetings/{event_id}", message=said)


def _list(
    request: Request,
    session: Session,
    actor: Actor,
    event_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    raw: FormData | None = None,
) -> Response:
    event = queries.whole(session, actor, event_id)
    there = lines(session, actor, event)
    typed = [list(map(str, raw.getlist(name))) for name in ("member_ids", "marks")] if raw else [[], []]
    said = dict(zip(*typed, strict=False))
    groups: dict[str | None, list[tuple[TickLine, str, tuple[Mark | State, ...]]]] = {}
    for line in there:
        marks = words_for(line.offered, line.stands, sees_kinds=line.one.sees_kind)
        chosen = said.get(str(line.one.id)) or (line.stands if line.stands in marks else marks[0])
        groups.setdefault(line.one.group, []).append((line, chosen, marks))
    return answer.drawn(
        request,
        "meetings/attendance.html",
        block="attendance_form",
        event=event,
        groups=list(groups.items()),
        is_long=len(there) >= MANY,
        differs=bool(raw),
        has_confirmed=any(line.one.tick and line.one.tick.status is ReviewStatus.APPROVED for line in there),
        has_begun=event.begins_at <= clock.now(),
        returned=ReviewStatus.RETURNED,
        note_length=NOTE_LENGTH,
    )
