"""The agenda, one meeting, and what is asked of the branch."""

from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages
from app.core.answers import AS_IT_IS, Answer, OnPage
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.history.service import history
from app.features.meetings.asked.queries import standing
from app.features.meetings.checkins.queries import not_expected
from app.features.meetings.checkins.rules import HANDED_OUT, is_handed_out
from app.features.meetings.events import expected, guests, partners, queries, rules
from app.features.meetings.events.forms import CancelForm, GuestForm, JoinsForm
from app.features.meetings.minutes import queries as minutes
from app.features.meetings.resolutions import queries as resolutions
from app.features.meetings.resolutions.rules import VOTED_AT
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.captures import LISTED_AHEAD
from app.features.meetings.ticks.service import Waiting, cancel_meeting, waiting_among
from app.features.meetings.venue_code.rules import EARLIEST
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
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
    items = queries.items(session, found)
    ahead = [row for row in rows if row.ends_at > clock.now() and row.state is not rules.EventState.CANCELLED]
    past = [row for row in reversed(rows) if row not in ahead]
    return pages.render(
        request,
        "meetings/agenda.html",
        months=_by_month(ahead),
        past=_by_month(past),
        items=items,
        mine=ticks.own_marks(session, actor.member_id, found),
        mark_of=ticks.said_of,
        to_record=queries.kept(session, actor, [row for row in past if row.state is rules.EventState.PLANNED], items),
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
    return pages.render(request, "meetings/calendar.html", stands=stands, year=year, first_year=first)


@router.get("/{event_id}")
def one(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """One meeting: when, where, what, and what was said about the own attendance."""
    return _one(request, session, actor, event_id)


@router.post("/{event_id}/cancel")
def cancel(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Let it not be held, for a reason that everybody expected reads."""

    def do(form: CancelForm) -> str:
        cancel_meeting(session, actor, event_id=event_id, reason=form.reason)
        return _("Cancelled. Whoever was expected is told.")

    return _on(request, session, actor, event_id).act(raw, CancelForm, do, at="cancel")


@router.post("/{event_id}/guests")
def add_guest(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Let somebody sit in."""

    def do(form: GuestForm) -> str:
        guests.add_guest(session, actor, event_id=event_id, name=form.name, who=form.who)
        return _("Added as a guest.")

    return _on(request, session, actor, event_id).act(raw, GuestForm, do, at="guest")


@router.post("/{event_id}/guests/{guest_id}/remove")
def remove_guest(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, guest_id: UUID) -> Response:
    """Let somebody not sit in."""
    guests.remove_guest(session, actor, event_id=event_id, guest_id=guest_id)
    return _on(request, session, actor, event_id).shown(_("Taken off the list of guests."))


@router.post("/{event_id}/joins")
def answer_invitation(
    request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm
) -> Response:
    """Say for the own branch whether it meets jointly."""

    def do(form: JoinsForm) -> str:
        partners.answer(session, actor, event_id=event_id, joins=form.joins)
        return _("Your branch takes part.") if form.joins else _("Your branch does not take part.")

    return _on(request, session, actor, event_id).act(raw, JoinsForm, do, at="joins")


def _on(request: Request, session: Session, actor: Actor, event_id: UUID) -> OnPage:
    return OnPage(request, session, partial(_one, request, session, actor, event_id), f"{HOME}/{event_id}")


def _is_out(event: AnyRow) -> bool:
    return is_handed_out(event.begins_at, event.ends_at, event.state, now=clock.now())


def _takes_codes(event: AnyRow) -> bool:
    return bool(event.begins_at - EARLIEST <= clock.now() <= event.ends_at)


def _by_month(rows: list[Any]) -> list[tuple[date, list[Any]]]:
    def month(row: Any) -> date:
        return clock.first_of_month(clock.local_day(row.begins_at))

    return [(first, list(same)) for first, same in groupby(rows, month)]


def _meant(session: Session, answer: Answer) -> list[tuple[str, str]]:
    """Who bears the name that was typed for a guest, to choose from."""
    form = answer.forms.get("guest")
    if not form or "who" not in form.errors:
        return []
    known = [(str(row.id), f"{row.name} · {row.branch}") for row in guests.named(session, form.typed("name").strip())]
    return [*known, (guests.NOBODY_WE_KNOW, _("Somebody else of this name"))]


def _one(request: Request, session: Session, actor: Actor, event_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    event = queries.card(session, actor, event_id)
    agenda = queries.items(session, [event_id])[event_id]
    decides, joint = actor.may(Permission.APPROVE), partners.partners(session, event_id)
    keeps = queries.may_keep(session, actor, event.branch_id, [(item.kind, item.group_id) for item in agenda])
    own = actor.branch_id if actor.may(Permission.SEE_BRANCH) else None
    joined = sorted(row.branch_id for row in joint if row.answer is rules.Joins.JOINED)
    there = expected.current(session, event, agenda, joined) if keeps or own else {}
    if not keeps and own != event.branch_id:
        there = {member: one for member, one in there.items() if one.own_branch_id == own}
    last = ticks.last_ticks(session, event_id) if there else {}
    people = ticks.people(session, actor, event, there, last) if there else []
    organises, beside = event.organiser_id == actor.member_id, guests.guests(session, event_id)
    sits_in = any(row.member_id == actor.member_id for row in beside)
    numbers = ticks.numbers(session, event_id) if joint and (keeps or there) else {}
    hosts = keeps or own == event.branch_id
    steps = [(rules.Step(step.step), step) for step in history(session, event_id)]
    said, read = ticks.history(session, event_id, actor.member_id), minutes.readable(session, actor, event, agenda)
    return answer.drawn(
        request,
        "meetings/one.html",
        block="meeting",
        event=event,
        items=agenda,
        kinds={item.kind for item in agenda},
        linked=queries.linked(session, actor, event),
        overlaps=queries.at_one_time(session, actor, event_id),
        steps=steps if keeps else [],
        cancelled=next((said.note for step, said in steps if step is rules.Step.CANCELLED), ""),
        moved_from=lambda detail: datetime.fromisoformat(detail["before"]),
        own=said,
        people=people,
        by_group=[(name, list(same)) for name, same in groupby(people, lambda one: one.group)],
        sums=ticks.sums(people),
        waiting=waiting_among(last, actor, event, agenda) if decides else Waiting((), ()),
        shows_code=keeps and organises and _is_out(event),
        forgets_code=organises
        and event.state is not rules.EventState.PLANNED
        and event.ends_at > clock.now() - HANDED_OUT,
        types_code=event.is_mine
        and not (sits_in or said)
        and event.state is not rules.EventState.CANCELLED
        and _takes_codes(event),
        keeps=keeps,
        guests=beside,
        not_expected=not_expected(session, event_id) if keeps else [],
        joint=joint,
        answers=next((row for row in joint if row.branch_id == own), None) if queries.plans_for_branch(actor) else None,
        numbers={of: row for of, row in numbers.items() if hosts or of == own},
        together=ticks.Came(*map(sum, zip(*numbers.values(), strict=True))) if numbers else None,
        meant=_meant(session, answer),
        votes=resolutions.standing(session, event_id, read),
        takes_votes=event.branch_id == actor.branch_id
        and not event.is_joint
        and any(item.kind in VOTED_AT for item in agenda)
        and queries.plans_for_branch(actor),
        minutes=read,
        sees_count=actor.may(Permission.SEE_BRANCH) and actor.branch_id == event.branch_id,
        has_begun=event.begins_at <= clock.now(),
        is_near=event.begins_at < clock.midnight(clock.today() + LISTED_AHEAD),
        is_planned=event.state is rules.EventState.PLANNED,
        brings_facts=rules.brings_facts(event.begins_at, event.planned_at),
        reason_length=rules.REASON_LENGTH,
        name_length=rules.NAME_LENGTH,
    )
