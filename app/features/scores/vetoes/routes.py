"""The page of vetoes, for the committee of a branch alone."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import answers, clock, pages
from app.core.answers import AS_IT_IS, Answer
from app.core.errors import NotFoundError
from app.core.forms import Day, FormModel, RawForm, id_of, sent
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import DOCUMENT_LENGTH, SecondForm
from app.features.scores.sheet import Veto
from app.features.scores.vetoes import queries, service
from app.features.scores.vetoes.models import BASIS_LENGTH
from app.features.scores.vetoes.rules import STATUTE
from app.features.sign_in.door import require

HOME = "/sheets/vetoes"
router = Router(prefix=HOME)
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
SecondOne = Annotated[Actor, require(Permission.SEE_BRANCH, Permission.STAND_IN)]
Above = Annotated[Actor, require(Permission.STAND_IN)]


class LiftingForm(FormModel):
    """Why a veto is lifted, by which decision."""

    id: UUID
    basis: Annotated[str, Field(min_length=1, max_length=BASIS_LENGTH)]
    document: Annotated[str, Field(min_length=1, max_length=DOCUMENT_LENGTH)]
    dated: Day


class VetoForm(LiftingForm):
    """A veto over somebody's year."""

    member_id: UUID
    year: Annotated[int, Field(ge=2000, le=2999)]
    kind: Veto


@router.get("")
def vetoes(request: Request, session: DbSession, actor: Officer) -> Response:
    """All vetoes of the branch, and what waits for a second word."""
    return _page(request, session, actor)


@router.get("/above")
def above(request: Request, session: DbSession, actor: Above) -> Response:
    """What waits for the committee above, because a branch's own is one person."""
    if not actor.leads:
        raise NotFoundError
    rows = queries.of_below(session, actor)
    return pages.render(
        request, "scores/vetoes_above.html", rows=rows, me=actor.member_id, inactive=Veto.INACTIVE, statute=STATUTE
    )


@router.post("")
def enter(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Enter one, for another to confirm."""

    def do(form: VetoForm) -> str:
        service.enter_veto(session, actor, **dict(form))
        return _("Entered. It counts when another one of the committee has confirmed it.")

    return answers.act(
        request, session, raw, VetoForm, do, page=partial(_page, request, session, actor), to=HOME, at="veto"
    )


@router.post("/{veto_id}/lift")
def lift(request: Request, session: DbSession, actor: Officer, veto_id: UUID, raw: RawForm) -> Response:
    """Say that it is lifted, for another to confirm."""

    def do(form: LiftingForm) -> str:
        service.lift_veto(session, actor, veto_id=veto_id, **dict(form))
        return _("Entered. It is lifted when another one of the committee has confirmed it.")

    page = partial(_page, request, session, actor)
    return answers.act(request, session, raw, LiftingForm, do, page=page, to=HOME, at=str(veto_id))


@router.post("/{veto_id}/decide")
def decide(request: Request, session: DbSession, actor: SecondOne, veto_id: UUID, raw: RawForm) -> Response:
    """Confirm a veto or a lifting, or not."""
    second = sent(SecondForm, raw).second
    is_above = bool(actor.leads) and any(row.id == veto_id for row in queries.of_below(session, actor))
    service.decide_veto(session, actor, veto_id=veto_id, second=second)
    return pages.go(request, f"{HOME}/above" if is_above else HOME, message=second.said)


def _page(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    rows = queries.of_branch(session, actor)
    people = queries.about(session, actor)
    today, form = clock.today(), answer.forms.get("veto")
    return answer.drawn(
        request,
        "scores/vetoes.html",
        block="vetoes",
        form=form,
        id=id_of(form),
        new_id=new_id,
        rows=rows,
        alone=queries.alone(session, actor),
        pending={row.lifts_id for row in rows if row.stands == "waiting"},
        people=[(str(row.id), row.name) for row in people],
        liftable={row.id for row in people},
        years=[(str(year), str(year)) for year in (today.year, today.year - 1)],
        kinds=Veto.choices(),
        inactive=Veto.INACTIVE,
        statute=STATUTE,
        me=actor.member_id,
        today=today,
        document_length=DOCUMENT_LENGTH,
        basis_length=BASIS_LENGTH,
    )
