"""My duties and the branch's, giving them out, and one duty: how it stands, what can be said and changed about it."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, OnPage, act
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.duties import assigning, outcomes, queries, service, whom
from app.features.shows.duties.assigning import offered
from app.features.shows.duties.coverage import coverage
from app.features.shows.duties.forms import (
    AssignmentForm,
    CancelForm,
    DueDayForm,
    DutyForm,
    EndForm,
    HandOverForm,
    HelpersForm,
    ProgressForm,
)
from app.features.shows.duties.history import history
from app.features.shows.duties.imports.outgoing import list_file
from app.features.shows.duties.queries import LEAST_YEAR, View, by_person, is_officer
from app.features.shows.duties.rules import BASIS_LENGTH, MATTER_LENGTH, SENTENCE_LENGTH, DutyKind, DutyState, Repeat
from app.features.sign_in.door import require

HOME: Final = "/shows/duties"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.APPROVE, Permission.RECORD_FOR_OTHERS)]


@router.get("")
def mine(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """What I am responsible for: what is due first, what has ended last."""
    found, officer = queries.mine(session, actor), is_officer(actor, actor.branch_id)
    return pages.render(request, "shows/duties/mine.html", mine=found, is_officer=officer, year=clock.today().year)


@router.get("/new")
def new(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """The form on which I take a duty on."""
    return _form(request, session, actor)


@router.post("")
def take(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Take a duty on; a form that is sent twice takes it once."""

    def do(form: DutyForm) -> Done:
        duty_id = assigning.take_duty(session, actor, **form.model_dump())
        return Done(f"{HOME}/{duty_id}", _("It is on your list now."))

    return act(request, session, raw, DutyForm, do, page=partial(_form, request, session, actor, raw=raw))


@router.get("/branch")
def branch(request: Request, session: DbSession, actor: Officer, show: View = View.DUE) -> Response:
    """What is due in the branch, by group and name: never by how much anybody has."""
    today = clock.today()
    unsettled = queries.unsettled(session, actor.branch_id, until=queries.until(show, today))
    people = members.branch_members(session, actor.branch_id)
    return pages.render(
        request,
        "shows/duties/branch.html",
        block="branch_list",
        shown=show,
        people=by_person(unsettled, [person.id for person in people]),
        coverage=coverage(session, actor.branch_id, today.year),
        year=today.year,
    )


@router.get("/assign")
def assignment(request: Request, session: DbSession, actor: Officer, to: UUID | None = None) -> Response:
    """The form on which duties are given out, perhaps for somebody already named."""
    return _form(request, session, actor, for_others=True, ticked=[str(to)] if to else [])


@router.post("/assign")
def assign(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Give one duty to everybody who is ticked; sent twice, it is given once."""

    def do(form: AssignmentForm) -> Done:
        number = assigning.assign_duty(session, actor, **form.model_dump())
        said = ngettext("Assigned to %(num)s member.", "Assigned to %(num)s members.", number) % {"num": number}
        return Done(f"{HOME}/branch?show={View.ALL}", said)

    page = partial(_form, request, session, actor, raw=raw, for_others=True)
    return act(request, session, raw, AssignmentForm, do, page=page)


@router.get("/export.xlsx")
def export(
    session: DbSession, actor: Officer, year: Annotated[int | None, Query(ge=LEAST_YEAR, le=date.max.year)] = None
) -> Response:
    """The branch's list of a year, in the columns that an import reads."""
    year = year or clock.today().year
    order = [person.id for person in members.branch_members(session, actor.branch_id)]
    content = list_file(by_person(queries.of_year(session, actor.branch_id, year), order))
    name = _("Duty list %(branch)s %(year)s") % {"branch": actor.branch_name, "year": year}
    return pages.download(content, name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)


@router.get("/reports/{report_id}")
def of_report(session: DbSession, actor: MemberActor, report_id: UUID) -> Response:
    """The duty whose end was reported under this id: where a returned report is done anew."""
    return pages.see_other(f"{HOME}/{queries.of_report(session, actor, report_id)}")


@router.get("/{duty_id}")
def one(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """One duty with its history."""
    return _duty(request, session, actor, duty_id)


@router.post("/{duty_id}/progress")
def progress(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Say how it goes: one tap."""

    def do(form: ProgressForm) -> str:
        outcomes.report_progress(session, actor, duty_id=duty_id, **form.model_dump())
        return _("Noted: %(how)s.") % {"how": form.state.label}

    return _on_duty(request, session, actor, duty_id).act(raw, ProgressForm, do, at="progress")


@router.post("/{duty_id}/end")
def end(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Report how it ended."""

    def do(form: EndForm) -> str:
        outcomes.report_outcome(session, actor, duty_id=duty_id, **form.model_dump())
        return _("Reported. It now waits for an officer.")

    at = "not_done" if raw.get("result") != "done" else "end"
    return _on_duty(request, session, actor, duty_id).act(raw, EndForm, do, at=at)


@router.post("/{duty_id}/end/withdraw")
def withdraw_end(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """Take a reported end back while nobody has decided."""
    outcomes.withdraw_outcome(session, actor, duty_id=duty_id)
    return _on_duty(request, session, actor, duty_id).shown(_("Taken back. The duty is open again."))


@router.post("/{duty_id}/hand-over")
def hand_over(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Let somebody else be responsible from a day on."""

    def do(form: HandOverForm) -> str:
        service.hand_over(session, actor, duty_id=duty_id, **form.model_dump())
        return _("Handed over.")

    return _on_duty(request, session, actor, duty_id).act(raw, HandOverForm, do, at="hand_over")


@router.post("/{duty_id}/due-day")
def due_day(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Move the due day; the old one stays in the history."""

    def do(form: DueDayForm) -> str:
        service.move_due_day(session, actor, duty_id=duty_id, **form.model_dump())
        return _("The due day is moved.")

    return _on_duty(request, session, actor, duty_id).act(raw, DueDayForm, do, at="due_day")


@router.post("/{duty_id}/helpers")
def helpers(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Say anew who helps."""

    def do(form: HelpersForm) -> str:
        service.change_helpers(session, actor, duty_id=duty_id, helper_ids=form.helper_ids)
        return _("Saved.")

    return _on_duty(request, session, actor, duty_id).act(raw, HelpersForm, do, at="helpers")


@router.post("/{duty_id}/cancel")
def cancel(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Strike a duty for a reason."""

    def do(form: CancelForm) -> str:
        service.cancel(session, actor, duty_id=duty_id, reason=form.reason)
        return _("Cancelled. It counts for nobody.")

    return _on_duty(request, session, actor, duty_id).act(raw, CancelForm, do, at="cancel")


@router.post("/{duty_id}/restore")
def restore(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """Put a duty back on the list that was struck by mistake."""
    service.restore(session, actor, duty_id=duty_id)
    return _on_duty(request, session, actor, duty_id).shown(_("It is on the list again."))


@router.post("/{duty_id}/stop-repeating")
def stop_repeating(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """Let it come no more after this one."""
    service.stop_repeating(session, actor, duty_id=duty_id)
    return _on_duty(request, session, actor, duty_id).shown(_("It does not come again."))


def _on_duty(request: Request, session: Session, actor: Actor, duty_id: UUID) -> OnPage:
    return OnPage(request, session, partial(_duty, request, session, actor, duty_id), f"{HOME}/{duty_id}")


def _duty(request: Request, session: Session, actor: Actor, duty_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    duty = queries.card(session, actor, duty_id)
    officer = is_officer(actor, duty.branch_id)
    people = [(row.id, row.name) for row in members.branch_members(session, duty.branch_id)] if officer else []
    may = offered(session, actor, duty_id)
    return answer.drawn(
        request,
        "shows/duties/one.html",
        block="duty",
        duty=duty,
        events=history(session, duty_id),
        is_mine=duty.responsible_id == actor.member_id,
        is_officer=officer,
        may_change=may.change,
        may_hand_over=may.hand_over,
        may_withdraw=duty.state is DutyState.REPORTED and actor.member_id in {duty.responsible_id, duty.reported_by_id},
        people=people,
        helping={str(helper_id) for helper_id in duty.helper_ids},
        id=new_id(),
        today=clock.today(),
        sentence_length=SENTENCE_LENGTH,
    )


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    raw: FormData | None = None,
    for_others: bool = False,
    ticked: Sequence[str] = (),
) -> Response:
    """The empty form, or the one that was typed with what is wrong: for oneself or, ``for_others``, to give out."""
    people = members.branch_members(session, actor.branch_id)
    return answer.drawn(
        request,
        "shows/duties/new.html",
        block="duty_form",
        id=new_id(),
        people=[(str(person.id), person.name) for person in people if for_others or person.id != actor.member_id],
        helping=set(raw.getlist("helper_ids")) if raw else set(),
        holding=set(raw.getlist("member_ids") if raw else ticked) if for_others else None,
        wholes=whom.wholes(session, actor.branch_id) if for_others else [],
        chosen_wholes=set(raw.getlist("wholes")) if raw else set(),
        kinds=DutyKind.choices(),
        repeats=Repeat.choices(),
        today=clock.today(),
        matter_length=MATTER_LENGTH,
        basis_length=BASIS_LENGTH,
    )
