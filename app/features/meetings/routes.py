"""The agenda, planning, copying last month, one meeting, and what is asked of the branch."""

from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import answers, clock, formats, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.errors import NotFoundError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.months import months_later
from app.core.routing import DbSession, Router
from app.features.history.service import history
from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import expected, queries, service
from app.features.meetings.events.forms import CancelForm, CopyForm, MeetingForm
from app.features.meetings.events.rules import (
    NAME_LENGTH,
    PLACE_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    EventState,
    Step,
    brings_facts,
)
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.service import waits_for
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Month = Annotated[date | None, Query()]
Year = Annotated[int | None, Query(ge=2000, le=2199)]
_LENGTHS: Final[dict[str, Any]] = {
    "title_length": TITLE_LENGTH,
    "place_length": PLACE_LENGTH,
    "name_length": NAME_LENGTH,
    "reason_length": REASON_LENGTH,
}


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
        may_plan=_may_plan(session, actor),
        stands=standing(session, actor.branch_id, today.year, today) if actor.may(Permission.SEE_BRANCH) else None,
        year=year,
        this_year=today.year,
    )


@router.get("/new")
def new(request: Request, session: DbSession, actor: MemberActor, copy: UUID | None = None) -> Response:
    """The form, empty or filled with another meeting, a month later."""
    _check_plans(session, actor)
    return _form(request, session, actor, copied_id=copy)


@router.post("")
def plan(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Plan a meeting; a form that is sent twice plans it once."""

    def do(form: MeetingForm) -> Done:
        event_id = service.plan_meeting(session, actor, **form.model_dump())
        return Done(f"{HOME}/{event_id}", _("Planned."))

    _check_plans(session, actor)
    return answers.act(request, session, raw, MeetingForm, do, page=partial(_form, request, session, actor, raw=raw))


@router.get("/calendar")
def calendar(request: Request, session: DbSession, actor: Officer, year: Year = None) -> Response:
    """What the regulations ask of the branch in a year, period by period."""
    today = clock.today()
    year = min(year or today.year, today.year)
    stands = standing(session, actor.branch_id, year, today)
    by_kind = [(kind, list(of_kind)) for kind, of_kind in groupby(stands.asked, lambda one: one.kind)]
    return pages.render(request, "meetings/calendar.html", stands=stands, by_kind=by_kind, year=year, today=today)


@router.get("/copy")
def copy(request: Request, session: DbSession, actor: MemberActor, month: Month = None) -> Response:
    """Last month's meetings, each on its day of this month or the next one, to be planned in one tap."""
    _check_plans(session, actor)
    return _copy(request, session, actor, month=month or months_later(clock.first_of_month(clock.today()), 1))


@router.post("/copy")
def copy_month(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Plan those that are ticked; twice is once."""

    def do(form: CopyForm) -> Done:
        number = service.copy_month(session, actor, month=clock.first_of_month(form.month), ids=form.ids)
        return Done(HOME, ngettext("%(num)s meeting planned.", "%(num)s meetings planned.", number) % {"num": number})

    _check_plans(session, actor)
    typed = _month_of(raw)
    return answers.act(request, session, raw, CopyForm, do, page=partial(_copy, request, session, actor, month=typed))


@router.get("/{event_id}")
def one(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """One meeting: when, where, what, and what was said about the own attendance."""
    return _one(request, session, actor, event_id)


@router.get("/{event_id}/change")
def change_form(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """The form with what is planned."""
    service.check_keeps(session, actor, event_id)
    return _form(request, session, actor, changed_id=event_id)


@router.post("/{event_id}/change")
def change(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Say it anew: another day is postponing."""

    def do(form: MeetingForm) -> Done:
        said = form.model_dump(exclude={"id"})
        step = service.change_meeting(session, actor, event_id=event_id, **said)
        return Done(f"{HOME}/{event_id}", _("Postponed.") if step is Step.POSTPONED else _("Saved."))

    service.check_keeps(session, actor, event_id)
    page = partial(_form, request, session, actor, raw=raw, changed_id=event_id)
    return answers.act(request, session, raw, MeetingForm, do, page=page)


@router.post("/{event_id}/cancel")
def cancel(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Let it not be held, for a reason that everybody expected reads."""

    def do(form: CancelForm) -> str:
        service.cancel_meeting(session, actor, event_id=event_id, reason=form.reason)
        return _("Cancelled. Whoever was expected is told.")

    page = partial(_one, request, session, actor, event_id)
    return answers.act(request, session, raw, CancelForm, do, page=page, to=f"{HOME}/{event_id}", at="cancel")


def _month_of(raw: FormData) -> date:
    """The month a form was drawn for, or the next one where it says none."""
    try:
        return clock.first_of_month(date.fromisoformat(str(raw.get("month"))))
    except ValueError:
        return months_later(clock.first_of_month(clock.today()), 1)


def _may_plan(session: Session, actor: Actor) -> bool:
    return queries.plans_for_branch(actor) or bool(queries.led_groups(session, actor))


def _check_plans(session: Session, actor: Actor) -> None:
    if not _may_plan(session, actor):
        raise NotFoundError


def _by_month(rows: list[Any]) -> list[tuple[date, list[Any]]]:
    def month(row: Any) -> date:
        return clock.first_of_month(clock.local_day(row.begins_at))

    return [(first, list(same)) for first, same in groupby(rows, month)]


def _one(request: Request, session: Session, actor: Actor, event_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    event = queries.card(session, actor, event_id)
    agenda = queries.items(session, [event_id])[event_id]
    keeps = queries.may_keep(session, actor, event.branch_id, [(item.kind, item.group_id) for item in agenda])
    sees_all = keeps or (actor.may(Permission.SEE_BRANCH) and actor.branch_id == event.branch_id)
    people = (
        ticks.people(session, event_id, expected.current(session, queries.whole(session, actor, event_id)))
        if sees_all
        else []
    )
    steps = [(Step(step.step), step) for step in history(session, event_id)]
    waiting = [one for one in people if waits_for(one.tick, actor)] if actor.may(Permission.APPROVE) else []
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
        waiting=waiting,
        keeps=keeps,
        has_begun=event.begins_at <= clock.now(),
        is_planned=event.state is EventState.PLANNED,
        brings_facts=brings_facts(event.begins_at, event.planned_at),
        reason_length=REASON_LENGTH,
    )


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    raw: FormData | None = None,
    copied_id: UUID | None = None,
    changed_id: UUID | None = None,
) -> Response:
    """The empty form, one filled with another meeting, or what was typed with what is wrong."""
    filled: dict[str, Any] = dict.fromkeys(MeetingForm.model_fields)
    if raw is None and (source_id := changed_id or copied_id):
        filled |= _filled(session, actor, source_id, moves=changed_id is None)
    today = clock.today()
    people = [(str(row.id), row.name) for row in members.branch_members(session, actor.branch_id)]
    groups = [(str(row.id), row.name) for row in members.groups_of(session, actor.branch_id)]
    if not queries.plans_for_branch(actor):
        led = {str(one) for one in queries.led_groups(session, actor)}
        groups = [group for group in groups if group[0] in led]
    chosen = raw.getlist("kinds") if raw else [str(kind) for kind in filled["kinds"] or ()]
    near = queries.of_branch(session, actor, actor.branch_id, today, months_later(today, 2))
    address = f"{HOME}/{changed_id}/change" if changed_id else HOME
    return pages.render(
        request,
        "meetings/form.html",
        block="meeting_form",
        status=answer.status,
        form=answer.form,
        filled=filled,
        chosen=set(map(str, chosen)),
        study=bool(raw.get("study")) if raw else bool(filled["study"]),
        id=changed_id or (answer.form and ids.read(answer.form.typed("id"))) or new_id(),
        address=address,
        changed_id=changed_id,
        kinds=Kind.choices() if queries.plans_for_branch(actor) else [(Kind.GROUP.value, Kind.GROUP.label)],
        people=people,
        groups=groups,
        others=[(str(row.id), f"{row.title} {_short(row.begins_at)}") for row in near if row.id != changed_id],
        is_past=bool(answer.form and "reason" in answer.form.errors) or bool(filled["reason"]),
        **_LENGTHS,
    )


def _filled(session: Session, actor: Actor, event_id: UUID, *, moves: bool) -> dict[str, Any]:
    event, agenda = queries.whole(session, actor, event_id), queries.items(session, [event_id])[event_id]
    day = clock.local_day(event.begins_at)
    plan = service.as_plan(event, agenda, service.next_day(event, day) if moves else day)
    values = asdict(plan)
    if not moves:
        values |= {
            "chair_id": event.chair_id,
            "recorder_id": event.recorder_id,
            "linked_to_id": event.linked_to_id,
            "reason": event.backfill_reason,
            "speaker": next((item.speaker for item in agenda if item.speaker), None),
        }
    return values | {"begins": f"{plan.begins:%H:%M}", "ends": f"{plan.ends:%H:%M}"}


def _short(moment: datetime) -> str:
    return f"{clock.local_time(moment):%m-%d %H:%M}"


def _copy(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS, *, month: date) -> Response:
    first = clock.first_of_month(month)
    this = clock.first_of_month(clock.today())
    return pages.render(
        request,
        "meetings/copy.html",
        block="copy_form",
        status=answer.status,
        form=answer.form,
        month=first,
        views=[(f"{HOME}/copy?month={one}", formats.month(one), one == first) for one in (this, months_later(this, 1))],
        proposals=service.proposals(session, actor, first),
    )
