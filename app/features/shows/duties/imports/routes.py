"""A list comes in, is looked at and confirmed; an empty one goes out."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import forms, pages
from app.core.forms import Form, FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router, Units
from app.core.tables import XLSX_MEDIA_TYPE, NoFileError, UnreadableTableError, check_size
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.duties.imports import uploads
from app.features.shows.duties.imports.outgoing import empty_file, returned_file
from app.features.shows.duties.imports.planning import PlannedRow, Verdict
from app.features.shows.duties.imports.reading import duty_table
from app.features.shows.duties.imports.sentences import VERDICT_LABELS, reason
from app.features.shows.duties.models import DutyUpload
from app.features.sign_in.door import require

router = Router(prefix="/shows/duties")
UPLOAD: Final = "shows/duties/upload.html"
PREVIEW: Final = "shows/duties/preview.html"
RESULT: Final = "shows/duties/result.html"
Officer = Annotated[Actor, require(Permission.APPROVE, Permission.RECORD_FOR_OTHERS)]


@router.get("/import")
def upload_page(request: Request, session: DbSession, actor: Officer) -> Response:
    """Where a file is chosen, and what it should look like."""
    return pages.render(request, UPLOAD, form=Form[FormModel](), waiting=uploads.waiting(session, actor))


@router.post("/import")
def upload(request: Request, units: Units, actor: Officer, raw: RawForm) -> Response:
    """The file is read here and nothing is written to the list; what cannot be read is refused at the field."""
    try:
        file = forms.upload(raw, "file")
        if file is None:
            raise NoFileError
        check_size(file.size or 0)
        header, rows = duty_table(file.file.read())
    except UnreadableTableError as refusal:
        form = Form[FormModel]().refused(refusal, at="file")
        return pages.render(request, UPLOAD, block="upload_form", status=refusal.status, form=form, waiting=[])
    with units.write() as session:
        kept = uploads.keep_upload(session, actor, file_name=file.filename or "", header=header, rows=rows)
        return pages.go(request, f"/shows/duties/import/{kept.id}")


@router.get("/template.xlsx")
def template(_door: Officer) -> Response:
    """An empty list with all headings."""
    return pages.download(empty_file(), name=_("Duty list template") + ".xlsx", media_type=XLSX_MEDIA_TYPE)


@router.get("/import/{upload_id}")
def look(
    request: Request, session: DbSession, actor: Officer, upload_id: UUID, show: Verdict | None = None
) -> Response:
    """What taking the file in would do, or what it did."""
    kept = uploads.upload_of(session, actor, upload_id)
    if outcome := uploads.outcome_of(kept):
        return pages.render(request, RESULT, upload=kept, outcome=outcome, reason=reason)
    return _preview(request, kept, uploads.plan_of(session, kept), show)


@router.post("/import/{upload_id}/confirm")
def confirm(request: Request, session: DbSession, actor: Officer, upload_id: UUID) -> Response:
    """Put the good rows on the list. Confirming twice is confirming once."""
    uploads.confirm(session, actor, upload_id=upload_id)
    return pages.go(request, f"/shows/duties/import/{upload_id}")


@router.post("/import/{upload_id}/discard")
def discard(request: Request, session: DbSession, actor: Officer, upload_id: UUID) -> Response:
    """Nothing is written, and the file is forgotten."""
    uploads.discard(session, actor, upload_id=upload_id)
    return pages.go(request, "/shows/duties/import", message=_("The file is forgotten. Nothing was taken in."))


@router.get("/import/{upload_id}/problems.xlsx")
def problems(session: DbSession, actor: Officer, upload_id: UUID) -> Response:
    """The rows with problems, each with its reason in the last column."""
    kept = uploads.upload_of(session, actor, upload_id)
    rows = [(row.cells, reason(row.problems)) for row in uploads.returned_rows(session, kept)]
    content = returned_file(uploads.header_of(kept).headings, rows)
    return pages.download(content, name=_("Duties to correct") + ".xlsx", media_type=XLSX_MEDIA_TYPE)


def _preview(request: Request, kept: DutyUpload, planned: list[PlannedRow], show: Verdict | None) -> Response:
    by_verdict = {verdict: [row for row in planned if row.verdict is verdict] for verdict in VERDICT_LABELS}
    shown = show or next(verdict for verdict, rows in by_verdict.items() if rows)
    return pages.render(
        request,
        PREVIEW,
        upload=kept,
        views=[
            (f"?show={verdict}", f"{VERDICT_LABELS[verdict]} {len(rows)}", verdict is shown)
            for verdict, rows in by_verdict.items()
        ],
        shown=shown,
        rows=by_verdict[shown],
        labels=VERDICT_LABELS,
        good=sum(len(row.holders) for row in by_verdict[Verdict.NEW]),
        unread=uploads.header_of(kept).unread,
        reason=reason,
    )
