"""The officers' pages of the duty list: what is due in the branch, giving duties out, the list as a file."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import clock, forms, pages
from app.core.errors import AppError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.duties import giving, queries
from app.features.shows.duties.forms import AssignmentForm
from app.features.shows.duties.imports.outgoing import list_file
from app.features.shows.duties.queries import LEAST_YEAR, View, by_person, until
from app.features.shows.duties.repeats import REPEAT_LABELS
from app.features.shows.duties.rules import BASIS_LENGTH, MATTER_LENGTH
from app.features.shows.duties.states import KIND_LABELS
from app.features.sign_in.door import require

router = Router(prefix="/shows/duties")
BRANCH: Final = "shows/duties/branch.html"
NEW: Final = "shows/duties/new.html"
Officer = Annotated[Actor, require(Permission.APPROVE, Permission.RECORD_FOR_OTHERS)]


@router.get("/branch")
def branch(request: Request, session: DbSession, actor: Officer, show: View = View.DUE) -> Response:
    """What is due in the branch, by group and name: never by how much anybody has."""
    today = clock.today()
    open_ones = queries.unsettled(session, actor.branch_id, until=until(show, today))
    people = members.branch_members(session, actor.branch_id)
    return pages.render(
        request,
        BRANCH,
        block="branch_list",
        shown=show,
        people=by_person(open_ones, [person.id for person in people]),
        coverage=queries.coverage(session, actor.branch_id, today.year),
        year=today.year,
    )


@router.get("/assign")
def assignment(request: Request, session: DbSession, actor: Officer, to: UUID | None = None) -> Response:
    """The form on which duties are given out, perhaps for somebody already named."""
    return _form(request, session, actor, holding=[str(to)] if to else [])


@router.post("/assign")
def assign(request: Request, session: DbSession, actor: Officer, raw: RawForm) -> Response:
    """Give one duty to everybody who is ticked; sent twice, it is given once."""
    form = forms.parse(AssignmentForm, raw)
    if form.value is None:
        return _form(request, session, actor, form=form, raw=raw, status=422)
    try:
        with session.begin_nested():
            giving.assign(session, actor, **form.value.model_dump())
    except AppError as error:
        return _form(request, session, actor, form=form.refused(error), raw=raw, status=error.status)
    number = len(set(form.value.member_ids))
    said = ngettext("Given to %(num)s member.", "Given to %(num)s members.", number) % {"num": number}
    return pages.go(request, f"/shows/duties/branch?show={View.ALL}", message=said)


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


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    *,
    form: Form[AssignmentForm] | None = None,
    raw: FormData | None = None,
    holding: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """The empty form, or the one that was typed with what is wrong."""
    people = members.branch_members(session, actor.branch_id)
    return pages.render(
        request,
        NEW,
        block="duty_form",
        status=status,
        form=form,
        id=new_id(),
        people=[(str(person.id), person.name) for person in people],
        helping=set(raw.getlist("helper_ids")) if raw else set(),
        holding=set(raw.getlist("member_ids")) if raw else set(holding),
        kinds=KIND_LABELS,
        repeats=REPEAT_LABELS,
        today=clock.today(),
        matter_length=MATTER_LENGTH,
        basis_length=BASIS_LENGTH,
    )
