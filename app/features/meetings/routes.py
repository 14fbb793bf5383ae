"""The agenda, one meeting, and what is asked of the branch."""

from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.history.service import history
from app.features.meetings.asked.queries import standing
from app.features.meetings.events import expected, queries, service
from app.features.meetings.events.forms import CancelForm
from app.features.meetings.events.rules import (
    REASON_LENGTH,
    EventState,
    Step,
    brings_facts,
)
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.service import Waiting, waiting_for
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Year = Annotated[int | None, Query(ge=2000, le=2199)]


@router.get("")
def agenda(request: Request, session: DbSession, actor: MemberActor, year: Year = None) -> Response:
    """What is ahead, then what was, by month: for officers the branch's meetings, for others those of their own."""
    today = clock.today()
    year = year or today.year
    rows = queries.agenda(session, actor, year, today)
    found = [row.id for row in rows]
    ahead = [row for row in rows if row.ends_at > clock.now() and row.state is not EventState.CANCELLED]
    past = [row for row in reversed(rows) if row not in ahead]
    return pages.render(
        request,
        "meetings/agenda.html",
        months=_by_month(ahead),
        past=_by_month(past),
        items=queries.items(session, found),
        mine=ticks.own_marks(session, actor.member_id, found),
        mark_of=ticks.said_of,
        to_record={row.id for row in past if row.state is EventState.PLANNED},
        may_plan=queries.may_plan(session, actor),
        stands=standing(session, actor.branch_id, today.year, today) if actor.may(Permission.SEE_BRANCH) else None,
        year=year,
        this_year=today.year,
        first_year=queries.first_year(session, actor.branch_id),
    )


@router.get("/calendar")
def calendar(request: Request, session: DbSession, actor: Officer, year: Year = None) -> Response:
    """What the regulations ask of the branch in a year, period by period."""
    today = clock.today()
    year = min(year or today.year, today.year)
    stands = standing(session, actor.branch_id, year, today)
    first = queries.first_year(session, actor.branch_id)
    by_kind = [(kind, list(of_kind)) for kind, of_kind in groupby(stands.asked, lambda one: one.kind)]
    return pages.render(request, "meetings/calendar.html", stands=stands, by_kind=by_kind, year=year, first_year=first)


@router.get("/{event_id}")
def one(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """One meeting: when, where, what, and what was said about the own attendance."""
    return _one(request, session, actor, event_id)


@router.post("/{event_id}/cancel")
def cancel(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Let it not be held, for a reason that everybody expected reads."""

    def do(form: CancelForm) -> str:
        service.cancel_meeting(session, actor, event_id=event_id, reason=form.reason)
        return _("Cancelled. Whoever was expected is told.")

    page = partial(_one, request, session, actor, event_id)
    return answers.act(request, session, raw, CancelForm, do, page=page, to=f"{HOME}/{event_id}", at="cancel")


def _by_month(rows: list[Any]) -> list[tuple[date, list[Any]]]:
    def month(row: Any) -> date:
        return clock.first_of_month(clock.local_day(row.begins_at))

    return [(first, list(same)) for first, same in groupby(rows, month)]


def _one(request: Request, session: Session, actor: Actor, event_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    event = queries.card(session, actor, event_id)
    agenda = queries.items(session, [event_id])[event_id]
    decides = actor.may(Permission.APPROVE) and actor.branch_id == event.branch_id
    keeps = queries.may_keep(session, actor, event.branch_id, [(item.kind, item.group_id) for item in agenda])
    sees_all = keeps or (actor.may(Permission.SEE_BRANCH) and actor.branch_id == event.branch_id)
    people = (
        ticks.people(session, actor, event_id, expected.current(session, queries.whole(session, actor, event_id)))
        if sees_all
        else []
    )
    steps = [(Step(step.step), step) for step in history(session, event_id)]
    return pages.render(
        request,
        "meetings/one.html",
        block="meeting",
        status=answer.status,
        message=answer.message,
        refusal=answer.refusal,
        forms=answer.forms,
        event=event,
        items=agenda,
        kinds={item.kind for item in agenda},
        linked=queries.linked(session, actor, event),
        overlaps=queries.at_one_time(session, actor, event_id),
        steps=steps if keeps else [],
        cancelled=next((said.note for step, said in steps if step is Step.CANCELLED), ""),
        moved_from=lambda detail: datetime.fromisoformat(detail["before"]),
        own=ticks.history(session, event_id, actor.member_id),
        people=people,
        by_group=[(name, list(same)) for name, same in groupby(people, lambda one: one.group)],
        sums=ticks.sums(people),
        waiting=waiting_for(session, actor, event_id=event_id) if decides else Waiting((), ()),
        keeps=keeps,
        has_begun=event.begins_at <= clock.now(),
        is_planned=event.state is EventState.PLANNED,
        brings_facts=brings_facts(event.begins_at, event.planned_at),
        reason_length=REASON_LENGTH,
    )
