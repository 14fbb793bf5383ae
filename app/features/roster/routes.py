"""The roster's pages: a file comes in, is looked at, and is confirmed; the roster goes out again."""

from math import ceil
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.core import forms, pages
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router, Units
from app.core.tables import XLSX_MEDIA_TYPE, NoFileError, UnreadableTableError, check_size
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.roster import queries, uploads
from app.features.roster.forms import UploadForm
from app.features.roster.importer import importer
from app.features.roster.models import RosterUpload
from app.features.roster.rules import Outcome, Plan, Verdict
from app.features.roster.sentences import VERDICT_LABELS, note_sentence, reason
from app.features.roster.sheet.columns import heading
from app.features.roster.sheet.outgoing import empty_file, returned_file, roster_file
from app.features.roster.sheet.table import RosterTable, roster_table
from app.features.sign_in.door import require

router = Router()
UPLOAD: Final = "roster/upload.html"
READING: Final = "roster/reading.html"
PREVIEW: Final = "roster/preview.html"
RESULT: Final = "roster/result.html"
ROWS_ON_A_PAGE: Final = 100
KeepsPeople = Annotated[Actor, require(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]


@router.get("/roster")
def upload_page(request: Request, session: DbSession, actor: KeepsPeople) -> Response:
    """Where a file is chosen, and what it should look like."""
    return _upload_page(request, actor, Form(), waiting=uploads.waiting(session, actor))


@router.post("/roster")
def upload(request: Request, units: Units, actor: KeepsPeople, raw: RawForm) -> Response:
    """The file is read here and nothing is imported; what cannot be read is refused at the field."""
    form = forms.parse(UploadForm, raw)
    try:
        name, table = _table(raw)
    except UnreadableTableError as refusal:
        return _upload_page(request, actor, form.refused(refusal, at="file"), status=refusal.status)
    create_branches = bool(form.value and form.value.create_branches)
    with units.write() as session:
        kept = uploads.keep_upload(session, actor, file_name=name, table=table, create_branches=create_branches)
        return pages.go(request, f"/roster/{kept.id}")


@router.get("/roster/template.xlsx")
def template(_door: KeepsPeople) -> Response:
    """An empty roster with all headings."""
    return _download(empty_file(), _("Roster template"))


@router.get("/roster/export.xlsx")
def export(session: DbSession, actor: KeepsPeople) -> Response:
    """Everybody within reach, in the columns that an import reads."""
    return _download(roster_file(queries.entries(session, importer(actor))), _("Roster"))


@router.get("/roster/{upload_id}")
def look(
    *,
    request: Request,
    units: Units,
    actor: KeepsPeople,
    upload_id: UUID,
    show: Verdict | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """How far the file is read, what importing it would do, or what it did."""
    with units.read() as session:
        kept = uploads.upload_of(session, actor, upload_id)
        if outcome := uploads.outcome_of(kept):
            return _result(request, kept, outcome)
        read = uploads.rows_read(session, kept)
        if read < kept.row_count:
            return pages.render(request, READING, upload=kept, read=read)
        return _preview(request, kept, uploads.plan_of(session, actor, kept), show, page)


@router.post("/roster/{upload_id}/read")
def read_on(request: Request, session: DbSession, actor: KeepsPeople, upload_id: UUID) -> Response:
    """Read the next portion, or all that is left where nobody watches the bar."""
    kept = uploads.hold_upload(session, actor, upload_id)
    if not pages.wants_fragment(request):
        uploads.read_all(session, kept)
        return pages.see_other(f"/roster/{upload_id}")
    uploads.read_next(session, kept)
    read = uploads.rows_read(session, kept)
    if read < kept.row_count:
        return pages.render(request, READING, block="roster_reading", upload=kept, read=read)
    return pages.go(request, f"/roster/{upload_id}")


@router.post("/roster/{upload_id}/confirm")
def confirm(request: Request, units: Units, actor: KeepsPeople, upload_id: UUID) -> Response:
    """Import the good rows; the page then says what was done. Confirming twice is confirming once."""
    with units.write() as session:
        uploads.confirm(session, actor, upload_id=upload_id)
    return pages.go(request, f"/roster/{upload_id}")


@router.post("/roster/{upload_id}/discard")
def discard(request: Request, session: DbSession, actor: KeepsPeople, upload_id: UUID) -> Response:
    """Nothing is imported, and the file is forgotten."""
    uploads.discard(session, actor, upload_id=upload_id)
    return pages.go(request, "/roster", message=_("The file is forgotten. Nothing was imported."))


@router.get("/roster/{upload_id}/problems.xlsx")
def problems(session: DbSession, actor: KeepsPeople, upload_id: UUID) -> Response:
    """The rows with problems, each with its reason in the last column."""
    kept = uploads.upload_of(session, actor, upload_id)
    rows = [(row.cells, reason(row.problems)) for row in uploads.returned_rows(session, actor, kept)]
    return _download(returned_file(uploads.header_of(kept).headings, rows), _("Roster rows to correct"))


def _table(raw: FormData) -> tuple[str, RosterTable]:
    """Name and content of the chosen file.

    Raises:
        UnreadableTableError: none was chosen, or it cannot be read.
    """
    file = forms.upload(raw, "file")
    if file is None:
        raise NoFileError
    check_size(file.size or 0)
    return file.filename or "", roster_table(file.file.read())


def _upload_page(request: Request, actor: Actor, form: Form[UploadForm], status: int = 200, **more: Any) -> Response:
    context = {"form": form, "reaches_all": importer(actor).reaches_all, "waiting": [], **more}
    return pages.render(request, UPLOAD, block="roster_form", status=status, **context)


def _preview(request: Request, kept: RosterUpload, plan: Plan, show: Verdict | None, page: int) -> Response:
    counts = {verdict: len(plan.having(verdict)) for verdict in VERDICT_LABELS}
    shown = show or next(verdict for verdict, count in counts.items() if count)
    rows = plan.having(shown)
    first = (page - 1) * ROWS_ON_A_PAGE
    return pages.render(
        request,
        PREVIEW,
        upload=kept,
        views=[
            (f"?show={verdict}", f"{VERDICT_LABELS[verdict]} {count}", verdict is shown)
            for verdict, count in counts.items()
        ],
        shown=shown,
        rows=rows[first : first + ROWS_ON_A_PAGE],
        number=page,
        last=max(1, ceil(len(rows) / ROWS_ON_A_PAGE)),
        good=counts[Verdict.NEW] + counts[Verdict.CHANGED],
        new_branches=plan.new_branches,
        unread=uploads.header_of(kept).unread,
        labels=VERDICT_LABELS,
        heading=heading,
        reason=reason,
        note_sentence=note_sentence,
    )


def _result(request: Request, kept: RosterUpload, outcome: Outcome) -> Response:
    counts = {Verdict.NEW: outcome.new, Verdict.CHANGED: outcome.changed, Verdict.SAME: outcome.same}
    named = [(VERDICT_LABELS[verdict], count) for verdict, count in counts.items()]
    return pages.render(request, RESULT, upload=kept, outcome=outcome, counts=named, reason=reason)


def _download(content: bytes, name: str) -> Response:
    """An XLSX file under a name that may be Chinese (RFC 6266)."""
    disposition = f"attachment; filename=\"roster.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX_MEDIA_TYPE, headers=headers)
