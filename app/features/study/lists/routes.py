"""Lists of hours: what their columns mean, which wait, which count; confirmed and taken back by another officer."""

from collections.abc import Sequence
from functools import partial
from math import ceil
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import Day, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Router
from app.core.tables import Row, one_line
from app.features.education.rules import HoursClass
from app.features.history import service as history
from app.features.imports import columns
from app.features.imports import service as imports
from app.features.imports.pages import list_pages
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.study import words
from app.features.study.lists import profiles, queries, service
from app.features.study.lists.listing import ADDRESS, HOME, HOURS, columns_at, rule
from app.features.study.lists.mapping import SOURCES, Column, Headings
from app.features.study.lists.models import REASON_LENGTH, SOURCE_LENGTH

router: Final[Router] = list_pages(HOURS, require(Permission.BRING_HOURS))
Bringer = Annotated[Actor, require(Permission.BRING_HOURS)]
Officer = Annotated[Actor, require(Permission.BRING_HOURS, Permission.APPROVE, Permission.STAND_IN)]
EXAMPLES: Final = 3
ON_A_PAGE: Final = 100


class MappingForm(FormModel):
    """What a list is, and what its columns mean, in the order of those that are offered."""

    source: Annotated[str, Field(min_length=1, max_length=SOURCE_LENGTH)]
    hours_class: HoursClass
    is_cumulative: bool = False
    as_of: Day | None = None
    columns: Annotated[list[str], Field(default_factory=list)]


class ReasonForm(FormModel):
    """Why something is taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=REASON_LENGTH)]


@router.get(ADDRESS + "/{upload_id:uuid}/columns")
def mapping(request: Request, session: DbSession, actor: Bringer, upload_id: UUID) -> Response:
    """What the columns mean: as remembered, or as they seem."""
    return _columns(request, session, actor, upload_id)


@router.post(ADDRESS + "/{upload_id:uuid}/columns")
def say(request: Request, session: DbSession, actor: Bringer, raw: RawForm, upload_id: UUID) -> Response:
    """Let them mean this from now on; what is confirmed stays as it was."""

    def do(form: MappingForm) -> Done:
        upload = imports.upload_of(session, actor, HOURS, upload_id, hold=True)
        if upload.confirmed_at is None:
            header = imports.about(HOURS, upload).header
            new = profiles.ListChoices(form.source, form.hours_class, form.is_cumulative, form.as_of)
            said = [Column(name) if name in set(Column) else None for name in form.columns]
            header = profiles.say(session, actor, upload, header, columns=said, new=new)
            columns.settle(session, HOURS, upload, header)
        return Done(f"{ADDRESS}/{upload_id}")

    return act(
        request,
        session,
        raw,
        MappingForm,
        do,
        page=partial(_columns, request, session, actor, upload_id, typed=raw.getlist("columns")),
    )


@router.get(HOME)
def lists(request: Request, session: DbSession, actor: Officer) -> Response:
    """Which lists were brought in lately, and what waits of them."""
    return pages.render(request, "study/hours_lists.html", rows=queries.listed(session, actor))


@router.get(HOME + "/{list_id:uuid}")
def one(
    request: Request,
    session: DbSession,
    actor: Officer,
    list_id: UUID,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """What of a list the actor may know, by branch and name."""
    return _one(request, session, actor, list_id, page=page)


@router.post(HOME + "/{list_id:uuid}/confirm")
def confirm(request: Request, session: DbSession, actor: Officer, raw: RawForm, list_id: UUID) -> Response:
    """Let what waits for the actor's word count."""

    def do(_form: FormModel) -> str:
        number = service.confirm(session, actor, list_id=list_id)
        return ngettext("%(num)s entry counts now.", "%(num)s entries count now.", number) % {"num": number}

    page = partial(_one, request, session, actor, list_id)
    return act(request, session, raw, FormModel, do, page=page, to=f"{HOME}/{list_id}")


@router.post(HOME + "/{list_id:uuid}/take-back")
def take_back(request: Request, session: DbSession, actor: Officer, raw: RawForm, list_id: UUID) -> Response:
    """Take back what the actor may, with a reason."""

    def do(form: ReasonForm) -> str:
        number = service.take_back(session, actor, list_id=list_id, reason=form.reason)
        return ngettext("%(num)s entry is taken back.", "%(num)s entries are taken back.", number) % {"num": number}

    page = partial(_one, request, session, actor, list_id)
    return act(request, session, raw, ReasonForm, do, page=page, to=f"{HOME}/{list_id}")


def _columns(
    request: Request,
    session: Session,
    actor: Actor,
    upload_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    typed: Sequence[object] = (),
) -> Response:
    upload = imports.upload_of(session, actor, HOURS, upload_id)
    if upload.confirmed_at is not None:
        return pages.go(request, f"{ADDRESS}/{upload_id}")
    header = imports.about(HOURS, upload).header
    headings, said, profile = Headings(header.headings), profiles.said(upload), profiles.of(session, upload)
    means = {place: column for column, place in (header.columns or headings.guess()).items()}
    rows = columns.first_rows(session, upload, EXAMPLES)
    offered = [
        (
            header.headings[place],
            typed[at] if at < len(typed) else means.get(place, ""),
            _examples(rows, place),
        )
        for at, place in enumerate(headings.offered)
    ]
    return pages.render(
        request,
        "study/hours_columns.html",
        block="columns",
        status=answer.status,
        form=answer.form,
        upload=upload,
        address=columns_at(upload_id),
        back=f"{ADDRESS}/{upload_id}" if said else ADDRESS,
        known=profile,
        as_of=said and said.as_of,
        today=clock.today(),
        grows=profile.is_cumulative if profile else headings.grows,
        offered=offered,
        meanings=Column.choices(),
        left_out=headings.left_out,
        rule=rule(),
        classes=HoursClass.choices(),
        usual=HoursClass.NETWORK,
        sources=SOURCES,
        source_length=SOURCE_LENGTH,
    )


def _examples(rows: Sequence[Row], place: int) -> str:
    return _(", ").join(text[:20] for row in rows if place < len(row.cells) and (text := one_line(row.cells[place])))


def _one(
    request: Request, session: Session, actor: Actor, list_id: UUID, answer: Answer = AS_IT_IS, *, page: int = 1
) -> Response:
    shown = queries.shown(session, actor, list_id)
    return pages.render(
        request,
        "study/hours_list.html",
        block="list",
        status=answer.status,
        message=answer.message,
        refusal=answer.refusal,
        form=answer.form,
        shown=shown,
        rows=shown.entries[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        number=page,
        last=max(1, ceil(len(shown.entries) / ON_A_PAGE)),
        mine=shown.of.brought_by_id == actor.member_id,
        waiting=sum(one.waits for one in shown.entries),
        steps=service.Step,
        happened=history.history(session, list_id),
        hours_words=words.hours,
        reason_length=REASON_LENGTH,
    )
