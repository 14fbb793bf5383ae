"""My year of education hours, as a page, as paper and as a file; and a committee's word on online hours."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, ids, pages
from app.core.answers import AS_IT_IS, Answer, act
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE, write_tables
from app.features.education import rules, sources
from app.features.education.rules import HoursClass, Taken, once
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study import words
from app.features.study.hours import queries, service, tables
from app.features.study.hours.models import DOCUMENT_LENGTH, HoursDecision

HOME = "/study/hours"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Above = Annotated[Actor, require(Permission.STAND_IN)]
Year = Annotated[int | None, Query(ge=2000, le=2100)]


class DecisionForm(FormModel):
    """Whether online hours count, from when on, by which decision."""

    id: UUID
    committee: UUID
    first_year: Annotated[int, Field(ge=2000, le=2100)]
    network_counts: bool
    day_hours: Annotated[int, Field(ge=6, le=8, multiple_of=2)] = rules.DAY_HOURS[0]
    document: Annotated[str, Field(min_length=1, max_length=DOCUMENT_LENGTH)]


@router.get("")
def my_year(request: Request, session: DbSession, actor: MemberActor, year: Year = None) -> Response:
    """Every entry of the year, and what the classes come to."""
    year = year or clock.today().year
    taken, sums = _of(session, actor, year)
    kept = {id(taken[place].entry) for place in once([one.entry for one in taken])}
    return pages.render(
        request,
        "study/hours.html",
        year=year,
        this_year=clock.today().year,
        taken=[(one, id(one.entry) in kept) for one in taken],
        sums=sums,
        classes=HoursClass,
        decision=queries.decision(session, actor.branch_id, year),
        hours_words=words.hours,
    )


@router.get("/paper")
def paper(request: Request, session: DbSession, actor: MemberActor, year: Year = None) -> Response:
    """学习培训登记: the same to print."""
    year = year or clock.today().year
    return pages.render(
        request,
        "paper.html",
        tables=tables.register(*_of(session, actor, year)),
        sub=f"{actor.branch_name} · {actor.name} · {year}",
        file=f"{HOME}/register.xlsx?year={year}",
        back=(f"{HOME}?year={year}", _("Education hours")),
    )


@router.get("/register.xlsx")
def register(session: DbSession, actor: MemberActor, year: Year = None) -> Response:
    """The same as a file."""
    year = year or clock.today().year
    found = tables.register(*_of(session, actor, year))
    name = f"{found[0].name} {actor.name} {year}.xlsx"
    return pages.download(write_tables(found), name=name, media_type=XLSX_MEDIA_TYPE)


@router.get("/decisions")
def decisions(request: Request, session: DbSession, actor: Above) -> Response:
    """What the actor's committee decided about online hours."""
    if not actor.leads:
        raise NotFoundError
    return _decisions(request, session, actor)


@router.post("/decisions")
def decide(request: Request, session: DbSession, actor: Above, raw: RawForm) -> Response:
    """Decide it anew."""

    def do(form: DecisionForm) -> str:
        service.decide(session, actor, **dict(form))
        return _(
            "Noted. It holds for all branches below, and stands in the audit log; of a day of training once two "
            "officers say the same."
        )

    return act(
        request,
        session,
        raw,
        DecisionForm,
        do,
        page=partial(_decisions, request, session, actor),
        to=f"{HOME}/decisions",
    )


def _of(session: Session, actor: Actor, year: int) -> tuple[list[Taken], queries.Sums]:
    taken = sources.of_year(session, [actor.member_id], year)[actor.member_id]
    return taken, queries.sums(taken, network=queries.network_counts(session, actor.branch_id, year))


def _decisions(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    form = answer.form
    return pages.render(
        request,
        "study/hours_decisions.html",
        block="decisions",
        status=answer.status,
        message=answer.message,
        form=form,
        id=(form and answer.status == 422 and ids.read(form.typed("id"))) or new_id(),
        rows=queries.decisions(session, actor),
        committees=queries.committees(session, actor),
        day_lengths=[(str(n), words.length(n * rules.MINUTES)) for n in rules.DAY_HOURS],
        same_as=_same_as,
        me=actor.member_id,
        year=clock.today().year,
        document_length=DOCUMENT_LENGTH,
    )


def _same_as(said: HoursDecision) -> dict[str, str]:
    """What another officer sends who says the same."""
    return {
        "id": str(new_id()),
        "committee": str(said.organisation_id),
        "first_year": str(said.first_year),
        "network_counts": "yes" if said.network_counts else "no",
        "day_hours": str(said.day_hours),
        "document": said.document,
    }
