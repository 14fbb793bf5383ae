"""My duties, and one duty: how it stands, what can be said and changed about it, and its history."""

from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import clock, forms, pages
from app.core.errors import AppError, ConflictError
from app.core.forms import Form, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.duties import changes, giving, outcomes, queries
from app.features.shows.duties.forms import (
    CancelForm,
    DueDayForm,
    DutyForm,
    EndForm,
    HandOverForm,
    HelpersForm,
    ProgressForm,
)
from app.features.shows.duties.history import history
from app.features.shows.duties.locking import is_officer, may_change
from app.features.shows.duties.repeats import REPEAT_LABELS
from app.features.shows.duties.rules import BASIS_LENGTH, MATTER_LENGTH, SENTENCE_LENGTH
from app.features.shows.duties.states import KIND_LABELS, PROGRESS_LABELS, RESULT_LABELS, DutyState
from app.features.sign_in.door import require

router = Router(prefix="/shows/duties")
MINE: Final = "shows/duties/mine.html"
NEW: Final = "shows/duties/new.html"
ONE: Final = "shows/duties/one.html"
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
F = TypeVar("F", bound=FormModel)


class Asked(NamedTuple):
    """Who asks for which duty, and where the answer goes."""

    request: Request
    session: Session
    actor: Actor
    duty_id: UUID


@router.get("")
def mine(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """What I am responsible for: what is due first, what has ended last."""
    found = queries.mine(session, actor)
    return pages.render(
        request, MINE, mine=found, is_officer=is_officer(actor, actor.branch_id), year=clock.today().year
    )


@router.get("/new")
def new(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """The form on which I take a duty on."""
    return _form(request, session, actor)


@router.post("")
def take(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Take a duty on; a form that is sent twice takes it once."""
    form = forms.parse(DutyForm, raw)
    if form.value is None:
        return _form(request, session, actor, form=form, raw=raw, status=422)
    try:
        with session.begin_nested():
            duty_id = giving.take(session, actor, **form.value.model_dump())
    except AppError as error:
        return _form(request, session, actor, form=form.refused(error), raw=raw, status=error.status)
    return pages.go(request, f"/shows/duties/{duty_id}", message=_("It is on your list now."))


@router.get("/reports/{report_id}")
def of_report(session: DbSession, actor: MemberActor, report_id: UUID) -> Response:
    """The duty whose end was reported under this id: where a returned report is done anew."""
    return pages.see_other(f"/shows/duties/{queries.of_report(session, actor, report_id)}")


@router.get("/{duty_id}")
def one(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """One duty with its history."""
    return _show(Asked(request, session, actor, duty_id))


@router.post("/{duty_id}/progress")
def progress(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Say how it goes: one tap."""

    def say(value: ProgressForm) -> str:
        outcomes.say_progress(session, actor, duty_id=duty_id, **value.model_dump())
        return _("Noted: %(how)s.") % {"how": PROGRESS_LABELS[value.state]}

    return _act(Asked(request, session, actor, duty_id), raw, ProgressForm, say, at="progress")


@router.post("/{duty_id}/end")
def end(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Report how it ended."""

    def report(value: EndForm) -> str:
        outcomes.report_end(session, actor, duty_id=duty_id, **value.model_dump())
        return _("Reported. It now waits for an officer.")

    at = "not_done" if raw.get("result") != "done" else "end"
    return _act(Asked(request, session, actor, duty_id), raw, EndForm, report, at=at)


@router.post("/{duty_id}/end/withdraw")
def withdraw_end(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """Take a reported end back while nobody has decided."""
    outcomes.withdraw_end(session, actor, duty_id=duty_id)
    return _answer(Asked(request, session, actor, duty_id), _("Taken back. The duty is open again."))


@router.post("/{duty_id}/hand-over")
def hand_over(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Let somebody else be responsible from a day on."""

    def do(value: HandOverForm) -> str:
        changes.hand_over(session, actor, duty_id=duty_id, **value.model_dump())
        return _("Handed over.")

    return _act(Asked(request, session, actor, duty_id), raw, HandOverForm, do, at="hand_over")


@router.post("/{duty_id}/due-day")
def due_day(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Move the due day; the old one stays in the history."""

    def do(value: DueDayForm) -> str:
        changes.move_due_day(session, actor, duty_id=duty_id, **value.model_dump())
        return _("The due day is moved.")

    return _act(Asked(request, session, actor, duty_id), raw, DueDayForm, do, at="due_day")


@router.post("/{duty_id}/helpers")
def helpers(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Say anew who helps."""

    def do(value: HelpersForm) -> str:
        changes.change_helpers(session, actor, duty_id=duty_id, helper_ids=value.helper_ids)
        return _("Saved.")

    return _act(Asked(request, session, actor, duty_id), raw, HelpersForm, do, at="helpers")


@router.post("/{duty_id}/cancel")
def cancel(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID, raw: RawForm) -> Response:
    """Strike a duty for a reason."""

    def do(value: CancelForm) -> str:
        changes.cancel(session, actor, duty_id=duty_id, reason=value.reason)
        return _("Cancelled. It counts for nobody.")

    return _act(Asked(request, session, actor, duty_id), raw, CancelForm, do, at="cancel")


@router.post("/{duty_id}/restore")
def restore(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """Put a duty back on the list that was struck by mistake."""
    changes.restore(session, actor, duty_id=duty_id)
    return _answer(Asked(request, session, actor, duty_id), _("It is on the list again."))


@router.post("/{duty_id}/stop-repeating")
def stop_repeating(request: Request, session: DbSession, actor: MemberActor, duty_id: UUID) -> Response:
    """Let it come no more after this one."""
    changes.stop_repeating(session, actor, duty_id=duty_id)
    return _answer(Asked(request, session, actor, duty_id), _("It does not come again."))


def _act(asked: Asked, raw: FormData, model: type[F], act: Callable[[F], str], *, at: str) -> Response:
    """Do what the form called ``at`` asks for; ``act`` says what was done.

    A refusal stands at its field, or over a page on which the form may be gone by now.
    """
    form = forms.parse(model, raw)
    if form.value is None:
        return _show(asked, typed={at: form}, status=422)
    try:
        with asked.session.begin_nested():
            message = act(form.value)
    except ConflictError as error:
        if error.field in model.model_fields:
            return _show(asked, typed={at: form.refused(error)}, status=error.status)
        return _show(asked, refusal=error.sentence, status=error.status)
    return _answer(asked, message)


def _answer(asked: Asked, message: str) -> Response:
    if pages.wants_fragment(asked.request):
        return _show(asked, message=message)
    return pages.see_other(f"/shows/duties/{asked.duty_id}", message=message)


def _show(
    asked: Asked,
    *,
    typed: dict[str, Form[Any]] | None = None,
    refusal: str | None = None,
    status: int = 200,
    message: str | None = None,
) -> Response:
    request, session, actor, duty_id = asked
    duty = queries.card(session, actor, duty_id)
    officer = is_officer(actor, duty.branch_id)
    people = [(row.id, row.name) for row in members.branch_members(session, duty.branch_id)] if officer else []
    return pages.render(
        request,
        ONE,
        block="duty",
        status=status,
        message=message,
        refusal=refusal,
        duty=duty,
        events=history(session, duty_id),
        forms=typed or {},
        is_mine=duty.responsible_id == actor.member_id,
        is_officer=officer,
        may_change=may_change(session, actor, duty_id),
        may_withdraw=duty.state is DutyState.REPORTED and actor.member_id in {duty.responsible_id, duty.reported_by_id},
        people=people,
        helping={str(helper_id) for helper_id in duty.helper_ids},
        id=new_id(),
        today=clock.today(),
        results=RESULT_LABELS,
        sentence_length=SENTENCE_LENGTH,
    )


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    form: Form[DutyForm] | None = None,
    raw: FormData | None = None,
    status: int = 200,
) -> Response:
    """The empty form, or the one that was typed with what is wrong."""
    people = [row for row in members.branch_members(session, actor.branch_id) if row.id != actor.member_id]
    return pages.render(
        request,
        NEW,
        block="duty_form",
        status=status,
        form=form,
        id=new_id(),
        people=[(str(row.id), row.name) for row in people],
        helping=set(raw.getlist("helper_ids")) if raw else set(),
        holding=None,
        kinds=KIND_LABELS,
        repeats=REPEAT_LABELS,
        today=clock.today(),
        matter_length=MATTER_LENGTH,
        basis_length=BASIS_LENGTH,
    )
