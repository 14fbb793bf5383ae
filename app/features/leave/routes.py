"""My leaves and the branch's, asking, and one leave: how it stands, and what can be said about it."""

from functools import partial
from itertools import groupby
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, OnPage, shown
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.messages import Undo
from app.core.papers import workbook
from app.core.routing import DbSession, Router
from app.features.leave import findings, queries, service
from app.features.leave.forms import ChecksForm, CloseForm, FindingForm, LeaveForm, UnreportedForm
from app.features.leave.life import End, State, TripCheck
from app.features.leave.view import ShownLeave, form_of, rows_of, table_of, title_of
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/leave"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.APPROVE, Permission.STAND_IN)]
Reader = Annotated[Actor, require(Permission.SEE_BRANCH, Permission.STAND_IN)]
"""Officers of the branch read type and days; who decides on them is another question."""
Recorder = Annotated[Actor, require(Permission.APPROVE)]


@router.get("")
def mine(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """My own, the newest first."""
    leaves = queries.mine(session, actor)
    return pages.render(
        request,
        "leave/mine.html",
        open=[leave for leave in leaves if leave.is_standing or leave.state is State.ASKED],
        returned=[leave for leave in leaves if leave.state is State.REFUSED and not leave.is_corrected],
        over=[leave for leave in leaves if leave.state in {State.CLOSED, State.CANCELLED, State.EXTENDED}],
        unreported=queries.own_unreported(session, actor),
        sees_branch=actor.may(Permission.SEE_BRANCH) or actor.may(Permission.STAND_IN),
    )


@router.get("/new")
def new(
    request: Request,
    session: DbSession,
    actor: MemberActor,
    *,
    corrects: UUID | None = None,
    extends: UUID | None = None,
    for_other: bool = False,
) -> Response:
    """The form: empty, or with a returned leave that is corrected, or with one that is extended."""
    return _form(request, session, actor, corrects_id=corrects, extends_id=extends, for_other=for_other)


@router.post("")
def ask(request: Request, session: DbSession, actor: MemberActor, raw: RawForm) -> Response:
    """Ask for it; a form that is sent twice asks once."""

    def do(form: LeaveForm) -> Done:
        asked = form.model_dump(exclude={"first", "first_half", "last", "last_half"})
        review = service.ask(session, actor, span=form.span, **asked)
        return Done(f"{HOME}/{review.id}", _("Sent. It now waits for an officer."))

    return answers.act(request, session, raw, LeaveForm, do, page=partial(_form, request, session, actor))


@router.get("/branch")
def branch(request: Request, session: DbSession, actor: Reader) -> Response:
    """Who is away, by group and name, and what waits for an officer's word."""
    return _branch(request, session, actor)


@router.post("/unreported")
def say_unreported(request: Request, session: DbSession, actor: Recorder, raw: RawForm) -> Response:
    """Say that somebody was away without a report."""

    def do(form: UnreportedForm) -> str:
        findings.say_unreported(session, actor, **form.model_dump())
        return _("Noted. The member reads it and can object.")

    page = partial(_branch, request, session, actor)
    return answers.act(request, session, raw, UnreportedForm, do, page=page, to=f"{HOME}/branch")


@router.get("/findings/{finding_id}")
def finding(request: Request, session: DbSession, actor: MemberActor, finding_id: UUID) -> Response:
    """What an officer said, for whom it is about and for officers."""
    return _finding(request, session, actor, finding_id)


@router.post("/findings/{finding_id}/take-back")
def take_back(request: Request, session: DbSession, actor: Officer, finding_id: UUID) -> Response:
    """Take back what was said."""
    findings.take_back(session, actor, finding_id=finding_id)
    page = partial(_finding, request, session, actor, finding_id)
    return shown(request, _("Taken back: it counts no longer."), page=page, to=f"{HOME}/findings/{finding_id}")


@router.get("/{leave_id}")
def one(request: Request, session: DbSession, actor: MemberActor, leave_id: UUID) -> Response:
    """One leave."""
    return _leave(request, session, actor, leave_id)


@router.get("/{leave_id}/slip")
def slip(request: Request, session: DbSession, actor: MemberActor, leave_id: UUID) -> Response:
    """The usual form on paper 请假条, 报备单."""
    leave = queries.card(session, actor, leave_id)
    whose = members.member_card(session, leave.member_id)
    return pages.render(
        request, "leave/slip.html", leave=leave, whose=whose, title=title_of(leave), rows=rows_of(leave, whose)
    )


@router.get("/{leave_id}/slip.xlsx")
def slip_file(session: DbSession, actor: MemberActor, leave_id: UUID) -> Response:
    """The same as a file."""
    leave = queries.card(session, actor, leave_id)
    tables = [table_of(leave, members.member_card(session, leave.member_id))]
    return workbook(tables, f"{title_of(leave)} {leave.name}")


@router.post("/{leave_id}/close")
def close(request: Request, session: DbSession, actor: MemberActor, leave_id: UUID, raw: RawForm) -> Response:
    """Say that somebody is back: one tap."""
    page = _on(request, session, actor, leave_id)

    def do(form: CloseForm) -> Response:
        end = service.close(session, actor, leave_id=leave_id, returned_on=form.returned_on)
        if end is End.CANCELLED:
            return page.shown(_("It had not begun, so it is cancelled."))
        undo = Undo(f"{HOME}/{leave_id}/reopen", _("Undo"))
        is_mine = queries.card(session, actor, leave_id).member_id == actor.member_id
        return page.shown(_("Closed. Welcome back.") if is_mine else _("Closed for the member."), undo=undo)

    return page.act(raw, CloseForm, do, at="close")


@router.post("/{leave_id}/reopen")
def reopen(request: Request, session: DbSession, actor: MemberActor, leave_id: UUID) -> Response:
    """Take back a closing that was a slip."""
    stays = service.reopen(session, actor, leave_id=leave_id)
    said = _("It is open again. Its extension stays withdrawn: ask for it anew.") if stays else _("It is open again.")
    return _on(request, session, actor, leave_id).shown(said)


@router.post("/{leave_id}/cancel")
def cancel(request: Request, session: DbSession, actor: MemberActor, leave_id: UUID) -> Response:
    """Call it off before it begins."""
    service.cancel(session, actor, leave_id=leave_id)
    return _on(request, session, actor, leave_id).shown(_("Cancelled. The days are free again."))


@router.post("/{leave_id}/checks")
def checks(request: Request, session: DbSession, actor: MemberActor, leave_id: UUID, raw: RawForm) -> Response:
    """Tick what was looked through before the trip."""

    def do(form: ChecksForm) -> str:
        service.tick(session, actor, leave_id=leave_id, checks=form.checks)
        return _("Saved. A good journey.")

    return _on(request, session, actor, leave_id).act(raw, ChecksForm, do, at="checks")


@router.post("/{leave_id}/findings")
def say(request: Request, session: DbSession, actor: Officer, leave_id: UUID, raw: RawForm) -> Response:
    """An officer's word on what was missed."""

    def do(form: FindingForm) -> str:
        findings.say(session, actor, leave_id=leave_id, finding=form.finding, verdict=form.verdict)
        return _("%(what)s: %(verdict)s.") % {"what": form.finding.label, "verdict": form.verdict.label}

    return _on(request, session, actor, leave_id).act(raw, FindingForm, do, at="finding")


def _on(request: Request, session: Session, actor: Actor, leave_id: UUID) -> OnPage:
    return OnPage(request, session, partial(_leave, request, session, actor, leave_id), f"{HOME}/{leave_id}")


def _leave(request: Request, session: Session, actor: Actor, leave_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    leave = queries.card(session, actor, leave_id)
    is_mine = leave.member_id == actor.member_id
    said = queries.findings_of(session, leave_id)
    standing = {row.finding for row in said if row.taken_back_at is None}
    return answer.drawn(
        request,
        "leave/one.html",
        block="leave",
        leave=leave,
        is_mine=is_mine,
        may_act=is_mine or queries.is_officer(actor, leave),
        decides=not is_mine and findings.decides(session, actor, leave),
        standing=standing,
        said=said,
        list_of_trip=list(TripCheck),
    )


def _branch(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    today, sees = clock.today(), actor.may(Permission.SEE_BRANCH)
    people = members.branch_members(session, actor.branch_id) if sees else []
    places = {person.id: place for place, person in enumerate(people)}
    leaves = queries.of_branch(session, actor.branch_id, today) if sees else []
    missed = queries.missed(session, actor, today)
    asked = {leave.id for leave in missed}
    leaves = [leave for leave in leaves if leave.id not in asked]
    leaves.sort(key=lambda leave: (places.get(leave.member_id, len(places)), leave.member_id))
    return answer.drawn(
        request,
        "leave/branch.html",
        block="branch_leaves",
        missed=missed,
        people=[(name, list(theirs)) for (_id, name), theirs in groupby(leaves, key=_person)],
        unreported=queries.unreported_in(session, actor.branch_id) if sees else [],
        sees=sees,
        may_note=actor.may(Permission.APPROVE),
        others=[(person.id, person.name) for person in people if person.id != actor.member_id],
        id=new_id(),
        today=today,
        ahead=queries.AHEAD.days,
    )


def _person(leave: ShownLeave) -> tuple[UUID, str]:
    return leave.member_id, leave.name


def _finding(request: Request, session: Session, actor: Actor, finding_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    said = queries.finding(session, actor, finding_id)
    return pages.render(
        request,
        "leave/finding.html",
        block="finding",
        message=answer.message,
        said=said,
        leave=queries.card(session, actor, said.leave_id) if said.leave_id else None,
        is_mine=said.member_id == actor.member_id,
        may_take_back=findings.may_take_back(session, actor, said),
    )


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    answer: Answer = AS_IT_IS,
    *,
    corrects_id: UUID | None = None,
    extends_id: UUID | None = None,
    for_other: bool = False,
) -> Response:
    filled = form_of(session, actor, answer, corrects_id=corrects_id, extends_id=extends_id, for_other=for_other)
    return answer.drawn(request, "leave/new.html", block="leave_form", **filled)
