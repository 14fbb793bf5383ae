"""Saying that a meeting was made up for, and the branch's register of it 补课登记."""

from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.papers import workbook
from app.core.routing import DbSession, Router
from app.core.tables import Table
from app.features.meetings.events import queries as events
from app.features.meetings.makeups import queries, service
from app.features.meetings.ticks.rules import How
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

router = Router(prefix="/meetings")
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Year = Annotated[int | None, Query(ge=2000, le=2199)]
PAGE: Final = "meetings/make_up.html"


class MakeUpForm(FormModel):
    """What was done, and when. Its id is made with the page, so that sending it twice is once."""

    id: UUID
    done_on: Day
    how: How


@router.get("/make-ups")
def register(request: Request, session: DbSession, actor: Officer, year: Year = None) -> Response:
    """What was made up for in the branch, to be printed 补课登记."""
    return pages.render(request, "meetings/make_ups.html", **_register(session, actor, year))


@router.get("/make-ups.xlsx")
def register_file(session: DbSession, actor: Officer, year: Year = None) -> Response:
    """The same as a file."""
    shown = _register(session, actor, year)
    title = f"{_('Register of make-ups')} {shown['year']}"
    return workbook([Table(title, shown["heads"], shown["lines"])], f"{actor.branch_name} {title}")


@router.get("/make-ups/{make_up_id}")
def of_make_up(session: DbSession, actor: MemberActor, make_up_id: UUID) -> Response:
    """Where a line of the queue or of the page of today leads."""
    one = queries.named(session, actor, make_up_id)
    return pages.see_other(_address(actor, one.event_id, one.member_id))


@router.get("/{event_id}/make-up")
def one(
    request: Request, session: DbSession, actor: MemberActor, event_id: UUID, member: UUID | None = None
) -> Response:
    """How it stands, and the form; of the actor, or for officers of somebody of the branch."""
    return _one(request, session, actor, event_id, member_id=member)


@router.post("/{event_id}/make-up")
def report(
    request: Request,
    session: DbSession,
    actor: MemberActor,
    event_id: UUID,
    raw: RawForm,
    *,
    member: UUID | None = None,
) -> Response:
    """Say that it was made up for; an officer confirms it. ``member``: for whom an officer says it."""

    def do(form: MakeUpForm) -> Done:
        service.report(session, actor, event_id=event_id, member_id=member, **dict(form))
        return Done(_address(actor, event_id, member), _("Sent. Another officer confirms it."))

    page = partial(_one, request, session, actor, event_id, member_id=member)
    return answers.act(request, session, raw, MakeUpForm, do, page=page)


@router.post("/make-ups/{make_up_id}/withdraw")
def withdraw(request: Request, session: DbSession, actor: MemberActor, make_up_id: UUID) -> Response:
    """Take it back while it waits."""
    one = queries.named(session, actor, make_up_id)
    service.withdraw(session, actor, make_up_id=make_up_id)
    return pages.go(request, _address(actor, one.event_id, one.member_id), message=_("Taken back."))


def _address(actor: Actor, event_id: UUID, member_id: UUID | None) -> str:
    own = member_id in {None, actor.member_id}
    return f"/meetings/{event_id}/make-up" + ("" if own else f"?member={member_id}")


def _register(session: Session, actor: Actor, year: int | None) -> dict[str, Any]:
    this_year = clock.today().year
    year = year or this_year
    rows = queries.register(session, actor.branch_id, year)
    heads = (_("Number"), _("Name"), _("Missed"), _("Day"), _("Made up on"), _("How"), _("Confirmed by"))
    lines = [
        (
            number,
            row.name,
            row.title,
            row.day,
            row.done_on,
            str(row.how.label if row.how else ""),
            row.decided_by if row.status == "approved" else "",
        )
        for number, row in enumerate(rows, 1)
    ]
    first = events.first_year(session, actor.branch_id)
    return {"heads": heads, "lines": lines, "year": year, "this_year": this_year, "first_year": first}


def _one(
    request: Request,
    session: Session,
    actor: Actor,
    event_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    member_id: UUID | None,
) -> Response:
    missed = queries.missed(session, actor, event_id, member_id or actor.member_id)
    is_mine = missed.member_id == actor.member_id
    return answer.drawn(
        request,
        PAGE,
        block="make_up",
        missed=missed,
        address=_address(actor, event_id, member_id),
        is_mine=is_mine,
        may_take_back=actor.member_id in {missed.member_id, missed.recorded_by_id},
        may_say=missed.can_make_up and (is_mine or actor.may(Permission.RECORD_FOR_OTHERS)),
        id=new_id(),
        ways=[(how.value, how.label) for how in How],
        today=clock.today(),
        latest=min(missed.last_day, clock.today()),
    )
