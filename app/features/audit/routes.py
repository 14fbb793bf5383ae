"""The audit log, for the audit administrator alone."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import StringConstraints
from starlette.datastructures import FormData

from app.core import clock, forms, pages
from app.core.chain import spelled
from app.core.errors import BadInputError, NotFoundError
from app.core.forms import Day, Form, FormModel
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router, Units
from app.core.rows import Rows
from app.core.tables import XLSX_MEDIA_TYPE, Cell, Table, write_tables
from app.features.audit import day_anchors, queries, sending
from app.features.audit.queries import Wanted
from app.features.audit.rules import MOST_EXPORTED, in_words, who_in_words
from app.features.members.actor import Actor
from app.features.members.models import NAME_LENGTH, PLACE_NAME_LENGTH
from app.features.members.rules import AuditAction, Permission
from app.features.reviews.kinds import labels
from app.features.sign_in.door import require, require_recent

ENTRIES = "audit/entries.html"
HEADS = "audit/heads.html"
router = Router(prefix="/audit")
Auditor = Annotated[Actor, require(Permission.AUDIT)]
SureAuditor = Annotated[Actor, require_recent(Permission.AUDIT)]


class FilterForm(FormModel):
    """Empty fields leave nothing out. ``before`` is the last entry of the page before."""

    person: Annotated[str | None, StringConstraints(max_length=NAME_LENGTH)] = None
    """A part of the name of who did it or whom it was about."""
    branch: Annotated[str | None, StringConstraints(max_length=PLACE_NAME_LENGTH)] = None
    """A part of the name of the branch or community."""
    day: Day | None = None
    """The day, or the first one where ``until`` is said."""
    until: Day | None = None
    """The last day."""
    action: AuditAction | None = None
    before: UUID | None = None


@router.get("")
def list_entries(request: Request, session: DbSession, _actor: Auditor) -> Response:
    """Who did what, newest first; by person, branch, days and kind if wanted. And whether all was found in order."""
    form = _form(request)
    found = queries.entries(session, _wanted(form)) if form.value else ()
    shown = found[: queries.PAGE]
    filtered = {name: form.typed(name) for name in FilterForm.model_fields if name != "before" and form.typed(name)}
    older = urlencode(filtered | {"before": str(shown[-1].id)}) if len(found) > len(shown) else None
    return pages.render(
        request,
        ENTRIES,
        block="entry_list",
        status=200 if form.value else 422,
        form=form,
        entries=shown,
        older=older,
        filtered=urlencode(filtered),
        verified=queries.last_verified(session),
        most_exported=MOST_EXPORTED,
        in_words=partial(in_words, kinds=labels()),
        who=who_in_words,
        actions=AuditAction.choices(),
    )


@router.get("/heads")
def heads(request: Request, session: DbSession, _actor: Auditor) -> Response:
    """Where all chains ended, day by day, whether that went out, and how somebody checks it."""
    return pages.render(
        request,
        HEADS,
        last=day_anchors.last(session),
        ways=sending.went_out(session),
        days=day_anchors.listed(session),
        spelled=spelled,
    )


@router.get("/heads/export.json")
def heads_file(units: Units, _actor: SureAuditor, day: date | None = None) -> Response:
    """The heads of a day as the file that was sent out; of this moment where no day is said."""
    with units.read() as session:
        anchor = day_anchors.of_day(session, day) if day else day_anchors.of_now(session, clock.now())
        if anchor is None:
            raise NotFoundError
        content = day_anchors.as_file(anchor, day_anchors.names(session))
    return pages.download(content.encode(), name=anchor.file_name, media_type="application/json")


@router.get("/export.xlsx")
def export(request: Request, units: Units, _actor: SureAuditor) -> Response:
    """The newest of the same as a file, which is noted like every other one.

    Raises:
        BadInputError: the days are none.
    """
    form = _form(request)
    if form.value is None:
        raise BadInputError
    with units.read() as session:
        found = queries.entries(session, _wanted(form), most=MOST_EXPORTED)
    name = _("Audit log %(day)s") % {"day": clock.today().isoformat()}
    return pages.download(log_file(found), name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)


def _form(request: Request) -> Form[FilterForm]:
    return forms.parse(FilterForm, FormData(dict(request.query_params)))


def _wanted(form: Form[FilterForm]) -> Wanted:
    return Wanted(**form.value.model_dump()) if form.value else Wanted()


def log_file(entries: Rows) -> bytes:
    """XLSX: a row for each entry, with its id for machines."""
    headings = [_("When"), _("By"), _("What was done"), _("About"), _("Branch"), _("Before and after"), _("Id")]
    return write_tables([Table(_("Audit log"), headings, _rows(entries))])


def _rows(entries: Rows) -> Iterator[list[Cell]]:
    kinds = labels()
    for entry in entries:
        changes = (f"{said.field}: {said.before or ''} → {said.after or ''}" for said in in_words(entry.changes, kinds))
        yield [
            clock.local_time(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            str(who_in_words(entry.actor, entry.action)),
            str(entry.action.label),
            entry.subject or "",
            entry.place or "",
            "\n".join(changes),
            str(entry.id),
        ]
