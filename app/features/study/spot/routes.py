"""The page of spot checks: promise, reveal, look, let the rest follow; and the record of one to print."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import clock, formats, ids, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.clock import first_of_month
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE, Table, write_tables
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study.quiz.draws import Draw
from app.features.study.quiz.rules import Next
from app.features.study.record import RECORD
from app.features.study.spot import queries, service
from app.features.study.spot.models import REASON_LENGTH
from app.features.study.spot.queries import Checked

HOME = "/study/spot-checks"
router = Router(prefix=HOME)
Officer = Annotated[Actor, require(Permission.APPROVE)]
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
USUAL_PERCENT = 10
Do = Callable[[FormModel], str]


class PromiseForm(FormModel):
    """Which days, and how many in a hundred."""

    id: UUID
    first: Day
    last: Day
    percent: Annotated[int, Field(ge=1, le=100)]


class RedrawForm(FormModel):
    """Why it is drawn again."""

    id: UUID
    reason: Annotated[str, Field(min_length=1, max_length=REASON_LENGTH)]


@router.get("")
def draws(request: Request, session: DbSession, actor: Officer) -> Response:
    """What was drawn lately, and the form for a new one."""
    return _list(request, session, actor)


@router.post("")
def promise(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Fix the pool and promise the seed."""

    def do(form: PromiseForm) -> Done:
        draw = service.promise(session, actor, **dict(form))
        return Done(f"{HOME}/{draw.id}", _("The seed is promised. Now reveal what it draws."))

    return act(request, session, raw, PromiseForm, do, page=partial(_list, request, session, actor))


@router.get("/{draw_id:uuid}")
def one(request: Request, session: DbSession, actor: Officer, draw_id: UUID) -> Response:
    """How far a check stands."""
    return _one(request, session, actor, draw_id)


@router.get("/{draw_id:uuid}/paper")
def paper(request: Request, session: DbSession, actor: Officer, draw_id: UUID) -> Response:
    """抽检记录: everything that somebody needs to recompute it."""
    return pages.render(
        request,
        "paper.html",
        tables=record_table(
            queries.checked(session, actor, draw_id), pages.address_outside(request, f"{HOME}/{draw_id}/draw")
        ),
        sub=actor.branch_name,
        file=f"{HOME}/{draw_id}/record.xlsx",
        back=(f"{HOME}/{draw_id}", _("Spot check")),
        more=(f"{HOME}/{draw_id}/draw", _("The draw, computed again")),
    )


@router.get("/{draw_id:uuid}/record.xlsx")
def record(request: Request, session: DbSession, actor: Officer, draw_id: UUID) -> Response:
    """The same as a file."""
    found = record_table(
        queries.checked(session, actor, draw_id), pages.address_outside(request, f"{HOME}/{draw_id}/draw")
    )
    return pages.download(
        write_tables(found), name=f"{actor.branch_name} {found[0].name}.xlsx", media_type=XLSX_MEDIA_TYPE
    )


@router.get("/{draw_id:uuid}/draw")
def laid_open(request: Request, session: DbSession, actor: MemberActor, draw_id: UUID) -> Response:
    """The draws of a check for anybody of the branch to compute again: ids, no name and no record."""
    found = queries.laid_open(session, actor, draw_id)
    first = found[0]
    mine = queries.own_ids(session, actor, first.pool)
    shown = [draw for draw in found if draw.revealed_at]
    days = f"{formats.short_day(first.first_day)} – {formats.short_day(first.last_day)}"
    is_officer = first.drawn_by_id == actor.member_id
    return pages.render(
        request,
        "study/draw.html",
        back=(f"{HOME}/{draw_id}", _("Spot check")) if is_officer else ("/study", _("My study")),
        about=_("A spot check of study records of %(days)s: some are drawn and looked at.") % {"days": days},
        promise="\n".join(draw.commitment for draw in found),
        seed="\n".join(draw.seed for draw in shown),
        waits=_("The seed stands here as soon as the officer has revealed it."),
        draws=[
            Draw(_("Second draw") if draw.follows_id else _("Draw"), draw.seed, draw.pool, draw.take, mine)
            for draw in shown
        ],
        said=dict.fromkeys(mine, _("your record")),
        yours=_("your record"),
        nothing="",
    )


@router.post("/{draw_id:uuid}/reveal")
def reveal(request: Request, session: DbSession, actor: Officer, raw: RawForm, draw_id: UUID) -> Response:
    """Show the seed."""

    def do(_form: FormModel) -> str:
        service.reveal(session, actor, draw_id=draw_id)
        return _("Drawn. Look at these records one by one.")

    return _act(request, session, actor, raw, draw_id=draw_id, do=do)


@router.post("/{draw_id:uuid}/again")
def again(request: Request, session: DbSession, actor: Officer, raw: RawForm, draw_id: UUID) -> Response:
    """Promise the second draw."""

    def do(_form: FormModel) -> str:
        service.draw_again(session, actor, draw_id=draw_id)
        return _("The seed of the second draw is promised.")

    return _act(request, session, actor, raw, draw_id=draw_id, do=do)


@router.post("/{draw_id:uuid}/rest")
def rest(request: Request, session: DbSession, actor: Officer, raw: RawForm, draw_id: UUID) -> Response:
    """Approve what was not drawn."""

    def do(_form: FormModel) -> str:
        outcome = service.approve_rest(session, actor, draw_id=draw_id)
        number = len(outcome.done)
        return ngettext("%(num)s record approved.", "%(num)s records approved.", number) % {"num": number}

    return _act(request, session, actor, raw, draw_id=draw_id, do=do)


@router.post("/{draw_id:uuid}/redraw")
def redraw(request: Request, session: DbSession, actor: Officer, raw: RawForm, draw_id: UUID) -> Response:
    """Draw the same records again, with a reason."""

    def do(form: RedrawForm) -> Done:
        draw = service.redraw(session, actor, draw_id=draw_id, **dict(form))
        return Done(f"{HOME}/{draw.id}", _("The seed is promised. Now reveal what it draws."))

    return act(request, session, raw, RedrawForm, do, page=partial(_one, request, session, actor, draw_id))


def _act(request: Request, session: Session, actor: Actor, raw: FormData, *, draw_id: UUID, do: Do) -> Response:
    page = partial(_one, request, session, actor, draw_id)
    return act(request, session, raw, FormModel, do, page=page, to=f"{HOME}/{draw_id}")


def _list(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    today, form = clock.today(), answer.form
    return pages.render(
        request,
        "study/spot_checks.html",
        block="draws",
        status=answer.status,
        form=form,
        refusal=answer.refusal,
        id=(form and answer.status == 422 and ids.read(form.typed("id"))) or new_id(),
        rows=queries.of_branch(session, actor),
        first=_first_day(today),
        today=today,
        percent=USUAL_PERCENT,
        me=actor.member_id,
    )


def _first_day(today: date) -> date:
    """The first day that the form offers: of last month, since what waits is mostly from then."""
    return first_of_month(first_of_month(today) - timedelta(days=1))


def _one(request: Request, session: Session, actor: Actor, draw_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    return pages.render(
        request,
        "study/spot_check.html",
        block="check",
        status=answer.status,
        message=answer.message,
        refusal=answer.refusal,
        form=answer.form,
        found=queries.checked(session, actor, draw_id),
        steps=Next,
        describe=RECORD.describe,
        id=new_id(),
        reason_length=REASON_LENGTH,
    )


def record_table(found: Checked, address: str) -> list[Table]:
    """The draws of a check, what they drew, the pool in its order, and the ``address`` at which all of it stands."""
    headings = (
        _("Period"),
        _("Records"),
        _("Percent"),
        _("Drawn"),
        _("Seed"),
        _("Promised SHA-256 of the seed"),
        _("Numbers drawn"),
        _("Conclusion"),
    )
    rows = []
    for sample in found.samples:
        draw = sample.draw
        words = _("%(n)s returned") % {"n": sample.returned} if sample.is_looked_at else _("being looked at")
        numbers = " ".join(str(draw.pool.index(str(row.id)) + 1) for row in sample.rows)
        period = f"{draw.first_day.isoformat()} – {draw.last_day.isoformat()}"
        rows.append((period, len(draw.pool), draw.percent, draw.take, draw.seed, draw.commitment, numbers, words))
    conclusion = conclusion_of(found)
    pool = [(number, name) for number, name in enumerate(found.draw.pool, 1)]
    return [
        Table(_("Record of a spot check"), headings, rows),
        Table(_("Conclusion"), (_("Conclusion"),), [(conclusion,)]),
        Table(_("What was drawn from"), (_("No."), _("Id of the record")), pool),
        Table(_("To compute it again"), (_("Address"),), [(address,)]),
    ]


def conclusion_of(found: Checked) -> str:
    """How the check stands, in words."""
    if found.next is None:
        return _("The sample is being looked at.")
    if found.next is Next.NOTHING:
        return _("Nothing is left to decide.")
    return str(found.next.label)
