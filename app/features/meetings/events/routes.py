"""The form of a meeting: planned, changed, copied out of last month."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import answers, clock, formats
from app.core.answers import AS_IT_IS, Answer, Done
from app.core.errors import NotFoundError
from app.core.forms import Day, RawForm, id_of
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.months import months_later
from app.core.routing import DbSession, Router
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import copying, partners, queries, rules, service
from app.features.meetings.events.forms import CopyForm, MeetingForm
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Month = Annotated[Day | None, Query()]
MONTHS_MORE: Final = (1, 2, 5, 11)
_LENGTHS: Final[dict[str, Any]] = {
    "title_length": rules.TITLE_LENGTH,
    "place_length": rules.PLACE_LENGTH,
    "name_length": rules.NAME_LENGTH,
    "reason_length": rules.REASON_LENGTH,
    "branches_length": rules.BRANCHES_LENGTH,
}


@router.get("/new")
def new(
    request: Request,
    session: DbSession,
    actor: MemberActor,
    *,
    copy: UUID | None = None,
    day: Month = None,
    kinds: Annotated[list[Kind] | None, Query()] = None,
) -> Response:
    """The form, empty, for a day or kinds that were chosen, or filled with another meeting, a month later."""
    _check_plans(session, actor)
    return _form(request, session, actor, copied_id=copy, begun={"day": day, "kinds": kinds})


@router.post("")
def plan(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Plan a meeting; a form that is sent twice plans it once."""

    def do(form: MeetingForm) -> Done:
        said = form.model_dump(exclude={"repeat"})
        event_id = service.plan_meeting(session, actor, **said)
        number = copying.repeat(session, actor, event_id, months=form.repeat)
        again = ngettext("Planned, and %(num)s more.", "Planned, and %(num)s more.", number) % {"num": number}
        return Done(f"{HOME}/{event_id}", again if number else _("Planned."))

    _check_plans(session, actor)
    return answers.act(request, session, raw, MeetingForm, do, page=partial(_form, request, session, actor, raw=raw))


@router.get("/copy")
def copy(request: Request, session: DbSession, actor: MemberActor, month: Month = None) -> Response:
    """Last month's meetings, each on its day of this month or the next one, to be planned in one tap."""
    _check_plans(session, actor)
    return _copy(request, session, actor, month=month or months_later(clock.first_of_month(clock.today()), 1))


@router.post("/copy")
def copy_month(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Plan those that are ticked; twice is once."""

    def do(form: CopyForm) -> Done:
        number = copying.copy_month(session, actor, month=clock.first_of_month(form.month), ids=form.ids)
        return Done(HOME, ngettext("%(num)s meeting planned.", "%(num)s meetings planned.", number) % {"num": number})

    _check_plans(session, actor)
    typed = copying.month_said(str(raw.get("month")))
    return answers.act(request, session, raw, CopyForm, do, page=partial(_copy, request, session, actor, month=typed))


@router.get("/{event_id}/change")
def change_form(request: Request, session: DbSession, actor: MemberActor, event_id: UUID) -> Response:
    """The form with what is planned."""
    service.kept(session, actor, event_id, held=False)
    return _form(request, session, actor, changed_id=event_id)


@router.post("/{event_id}/change")
def change(request: Request, session: DbSession, actor: MemberActor, event_id: UUID, raw: RawForm) -> Response:
    """Say it anew: another day is postponing."""

    def do(form: MeetingForm) -> Done:
        said = form.model_dump(exclude={"id", "repeat"})
        step = service.change_meeting(session, actor, event_id=event_id, **said)
        return Done(f"{HOME}/{event_id}", _("Postponed.") if step is rules.Step.POSTPONED else _("Saved."))

    service.kept(session, actor, event_id, held=False)
    page = partial(_form, request, session, actor, raw=raw, changed_id=event_id)
    return answers.act(request, session, raw, MeetingForm, do, page=page)


def _check_plans(session: Session, actor: Actor) -> None:
    if not queries.may_plan(session, actor):
        raise NotFoundError


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    raw: FormData | None = None,
    copied_id: UUID | None = None,
    changed_id: UUID | None = None,
    begun: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """The empty form, one filled with another meeting, or what was typed with what is wrong."""
    filled: dict[str, Any] = dict.fromkeys(MeetingForm.model_fields) | dict(begun)
    if raw is None and (source_id := changed_id or copied_id):
        filled |= _filled(session, actor, source_id, moves=changed_id is None)
    today = clock.today()
    day = clock.local_day(queries.whole(session, actor, changed_id).begins_at) if changed_id else today
    people = [(str(row.id), row.name) for row in members.branch_members(session, actor.branch_id)]
    groups = [(str(row.id), row.name) for row in members.groups_of(session, actor.branch_id)]
    first, last = min(day, months_later(today, -1)), max(day, months_later(today, 2))
    near = queries.of_branch(session, actor, actor.branch_id, first, last)
    near = [row for row in near if row.state is not rules.EventState.CANCELLED]
    if not queries.plans_for_branch(actor):
        near = [row for row in near if row.is_mine]
        led = {str(one) for one in queries.led_groups(session, actor)}
        groups = [group for group in groups if group[0] in led]
    chosen = set(map(str, raw.getlist("kinds") if raw else filled["kinds"] or ()))
    address = f"{HOME}/{changed_id}/change" if changed_id else HOME
    return answer.drawn(
        request,
        "meetings/form.html",
        block="meeting_form",
        filled=filled,
        chosen=chosen,
        study=bool(raw.get("study")) if raw else bool(filled["study"]),
        id=changed_id or id_of(answer.form),
        address=address,
        changed_id=changed_id,
        baskets=[] if changed_id else _baskets(actor, filled["day"], chosen),
        repeats=[(n, ngettext("%(num)s month more", "%(num)s months more", n) % {"num": n}) for n in MONTHS_MORE],
        kinds=Kind.choices() if queries.plans_for_branch(actor) else [(Kind.GROUP.value, Kind.GROUP.label)],
        people=people,
        groups=groups,
        others=[(str(row.id), f"{row.title} {_short(row.begins_at)}") for row in near if row.id != changed_id],
        is_past=bool(answer.form and "reason" in answer.form.errors) or bool(filled["reason"]),
        **_LENGTHS,
    )


def _baskets(actor: Actor, day: date | None, chosen: Collection[str]) -> list[tuple[str, str, bool]]:
    """Kinds that are often held together, each to be chosen in one tap: address, words, whether it is chosen."""
    if not queries.plans_for_branch(actor):
        return []
    found = []
    for kinds in rules.BASKETS:
        words = _(" + ").join(str(kind.label) for kind in kinds)
        asked = urlencode([("kinds", kind.value) for kind in kinds] + ([("day", day)] if day else []))
        found.append((f"{HOME}/new?{asked}", words, chosen == {str(kind) for kind in kinds}))
    return found


def _filled(session: Session, actor: Actor, event_id: UUID, *, moves: bool) -> dict[str, Any]:
    event, agenda = queries.whole(session, actor, event_id), queries.items(session, [event_id])[event_id]
    day = clock.local_day(event.begins_at)
    others = partners.partners(session, event_id)
    plan = copying.as_plan(event, agenda, copying.next_day(session, event, day) if moves else day, others)
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
    months = sorted({this, months_later(this, 1), first})
    return answer.drawn(
        request,
        "meetings/copy.html",
        block="copy_form",
        month=first,
        views=[(f"{HOME}/copy?month={one}", formats.month(one), one == first) for one in months],
        proposals=copying.proposals(session, actor, first),
    )
