"""The minutes of one item, to read and to write."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import queries as events
from app.features.meetings.events.rules import NAME_LENGTH
from app.features.meetings.minutes import lecture, queries, service
from app.features.meetings.minutes.rules import TEXT_LENGTH, TOPIC_LENGTH
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.sign_in.door import require

router = Router(prefix="/meetings")
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]


class MinutesForm(FormModel):
    """What was said on one item, and who led, spoke and wrote."""

    version: int = 0
    """Of the text that was opened."""
    topic: Annotated[str, Field(max_length=TOPIC_LENGTH)] | None = None
    text: Annotated[str, Field(max_length=TEXT_LENGTH)] | None = None
    chair_id: UUID | None = None
    recorder_id: UUID | None = None
    speaker: Annotated[str, Field(max_length=NAME_LENGTH)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "MinutesForm":
        if not (self.topic or self.text):
            raise ValueError(_("Write what it was about, or what was said."))
        return self


class LectureForm(FormModel):
    """Which member gave the lecture."""

    member_id: UUID


@router.get("/lectures/{review_id}")
def of_lecture(session: DbSession, actor: MemberActor, review_id: UUID) -> Response:
    """The meeting at which a lecture was given: where its fact leads."""
    review = session.get(Review, review_id)
    if review is None or review.kind != lecture.KIND:
        raise NotFoundError
    event = events.card(session, actor, UUID(review.detail["event_id"]))
    return pages.see_other(f"/meetings/{event.id}")


@router.post("/{event_id}/lecture")
def hand_in(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Say that a member gave the lecture; another officer decides."""

    def do(form: LectureForm) -> str:
        lecture.hand_in(session, actor, event_id=event_id, member_id=form.member_id)
        return _("Handed in. Another officer decides.")

    page = partial(_page, request, session, actor, event_id, kind=Kind.LECTURE)
    to = f"/meetings/{event_id}/minutes/lecture"
    return answers.act(request, session, raw, LectureForm, do, page=page, to=to, at="lecture")


@router.get("/{event_id}/minutes/{kind}")
def minutes(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, kind: Kind) -> Response:
    """What was said, and for who records it the form."""
    return _page(request, session, actor, event_id, kind=kind)


@router.post("/{event_id}/minutes/{kind}")
def write(
    request: Request, session: DbSession, actor: MemberActor, event_id: UUID, kind: Kind, *, raw: RawForm
) -> Response:
    """Save what was said."""

    def do(form: MinutesForm) -> Done:
        service.write_minutes(session, actor, event_id=event_id, kind=kind, **dict(form))
        return Done(f"/meetings/{event_id}", _("Minutes saved."))

    page = partial(_page, request, session, actor, event_id, kind=kind)
    return answers.act(request, session, raw, MinutesForm, do, page=page)


def _page(
    request: Request, session: Session, actor: Actor, event_id: UUID, answer: Answer = AS_IT_IS, *, kind: Kind
) -> Response:
    event = events.card(session, actor, event_id)
    found = queries.readable(session, actor, event)
    queries.check_reads(found, kind)
    item = next((one for one in events.items(session, [event_id])[event_id] if one.kind is kind), None)
    people = members.branch_members(session, event.branch_id, clock.local_day(event.begins_at))
    written, typed = found[kind], answer.forms.get("form")
    return answer.drawn(
        request,
        "meetings/minutes.html",
        block="minutes",
        form=typed,
        lecture_form=answer.forms.get("lecture"),
        lecture=lecture.standing(session, event_id) if kind is Kind.LECTURE else None,
        may_count=kind is Kind.LECTURE and lecture.may_count(session, events.whole(session, actor, event_id)),
        event=event,
        item=item,
        kind=kind,
        written=written,
        differs=bool(typed and written and str(written.version) != typed.typed("version")),
        keeps=event.state != "cancelled" and queries.keeps(session, actor, event_id, event.branch_id),
        people=[(str(row.id), row.name) for row in people],
        text_length=TEXT_LENGTH,
        topic_length=TOPIC_LENGTH,
        name_length=NAME_LENGTH,
    )
