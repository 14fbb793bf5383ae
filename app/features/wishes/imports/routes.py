"""The pages of a list of wishes: a file comes in, is looked at, and is confirmed."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response

from app.core import clock, forms, pages
from app.core.errors import AppError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.routing import DbSession, Router, Units
from app.core.tables import XLSX_MEDIA_TYPE, NoFileError, check_size
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.organisations.communities import queries as communities
from app.features.private.rules import FIELD_LABELS
from app.features.sign_in.door import require
from app.features.wishes.imports import queries, service
from app.features.wishes.imports.forms import UploadForm
from app.features.wishes.imports.models import WishUpload
from app.features.wishes.imports.outgoing import empty_file, returned_file
from app.features.wishes.imports.reading import read_list
from app.features.wishes.imports.rules import VERDICT_LABELS, PlannedRow, Verdict, reason
from app.features.wishes.intake import rules as intake
from app.features.wishes.rules import Category

UPLOAD: Final = "wishes/import.html"
PREVIEW: Final = "wishes/import_preview.html"
RESULT: Final = "wishes/import_result.html"
ROWS_ON_A_PAGE: Final = 50
ADDRESS: Final = "/wishes/imports"
router = Router(prefix=ADDRESS)
Answerer = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]


@router.get("")
def upload_page(request: Request, session: DbSession, actor: Answerer) -> Response:
    """Where a file is chosen, and what it should look like."""
    return _upload_page(request, session, actor, Form())


@router.post("")
def upload(request: Request, units: Units, actor: Answerer, raw: RawForm) -> Response:
    """The file is read here and nothing is entered; what cannot be read is refused at the field."""
    form = forms.parse(UploadForm, raw)
    try:
        file = forms.upload(raw, "file")
        if file is None:
            raise NoFileError
        check_size(file.size or 0)
        reading = read_list(file.file.read(), today=clock.today())
        with units.write() as session:
            kept = service.keep_upload(
                session,
                actor,
                community_id=form.value.community_id if form.value else None,
                file_name=file.filename or "",
                reading=reading,
            )
            return pages.go(request, f"{ADDRESS}/{kept.id}")
    except AppError as refusal:
        field = refusal.field if refusal.field == "community_id" else "file"
        with units.read() as session:
            return _upload_page(request, session, actor, form.refused(refusal, at=field), status=refusal.status)


@router.get("/template.xlsx")
def template(_door: Answerer) -> Response:
    """An empty list with all headings."""
    return pages.download(empty_file(), name=_("List of wishes") + ".xlsx", media_type=XLSX_MEDIA_TYPE)


@router.get("/{upload_id:uuid}")
def look(
    *,
    request: Request,
    session: DbSession,
    actor: Answerer,
    upload_id: UUID,
    show: Verdict | None = None,
    page: Annotated[int, Query(ge=1, le=100)] = 1,
) -> Response:
    """What confirming the file would do, or what it did."""
    kept = queries.upload_of(session, actor, upload_id)
    if outcome := service.outcome_of(kept):
        rows = [(row.number, reason(row.problems)) for row in service.read(kept).rows]
        return pages.render(request, RESULT, upload=kept, outcome=outcome, rows=rows)
    return _preview(request, session, kept, show, page)


@router.post("/{upload_id:uuid}/confirm")
def confirm(request: Request, session: DbSession, actor: Answerer, upload_id: UUID) -> Response:
    """Enter the good rows; the page then says what was done. Confirming twice is confirming once."""
    done = service.confirm(session, actor, upload_id=upload_id)
    message = ngettext("%(n)s wish is entered as a draft.", "%(n)s wishes are entered as drafts.", done.new)
    return pages.go(request, f"{ADDRESS}/{upload_id}", message=message % {"n": done.new})


@router.post("/{upload_id:uuid}/discard")
def discard(request: Request, session: DbSession, actor: Answerer, upload_id: UUID) -> Response:
    """Nothing is entered, and the file is forgotten."""
    service.discard(session, actor, upload_id=upload_id)
    return pages.go(request, ADDRESS, message=_("The file is forgotten. Nothing was entered."))


@router.get("/{upload_id:uuid}/problems.xlsx")
def problems(session: DbSession, actor: Answerer, upload_id: UUID) -> Response:
    """The rows with problems, each with its reason in the last column."""
    reading = service.read(queries.upload_of(session, actor, upload_id))
    rows = [(row.cells, reason(row.problems)) for row in reading.rows if row.problems]
    content = returned_file(reading.headings, rows)
    return pages.download(content, name=_("Wishes to correct") + ".xlsx", media_type=XLSX_MEDIA_TYPE)


def _upload_page(
    request: Request, session: DbSession, actor: Actor, form: Form[UploadForm], status: int = 200
) -> Response:
    return pages.render(
        request,
        UPLOAD,
        block="import_form",
        status=status,
        form=form,
        communities=[(row.id, row.name) for row in communities.answered(session, actor)],
        waiting=queries.waiting(session, actor, since=clock.now() - service.KEPT_FOR),
    )


def _preview(request: Request, session: DbSession, kept: WishUpload, show: Verdict | None, page: int) -> Response:
    plan = service.plan(session, kept)
    by_verdict: dict[Verdict, list[PlannedRow]] = {
        verdict: [row for row in plan if row.verdict is verdict] for verdict in VERDICT_LABELS
    }
    shown = show or next(verdict for verdict, rows in by_verdict.items() if rows)
    rows = by_verdict[shown][(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE]
    known = queries.recent(session, kept.community_id, since=clock.now() - intake.LOOKED_BACK)
    return pages.render(
        request,
        PREVIEW,
        upload=kept,
        views=[
            (f"?show={verdict}", f"{VERDICT_LABELS[verdict]} {len(found)}", verdict is shown)
            for verdict, found in by_verdict.items()
        ],
        shown=shown,
        rows=[(row.row, _alike(row, known)) for row in rows],
        number=page,
        last=max(1, -(-len(by_verdict[shown]) // ROWS_ON_A_PAGE)),
        good=len(by_verdict[Verdict.NEW]),
        unread=service.read(kept).unread,
        labels=VERDICT_LABELS,
        categories={word: word.label for word in Category},
        fields=FIELD_LABELS,
        reason=reason,
    )


def _alike(row: PlannedRow, known: list[intake.Known]) -> list[intake.Known]:
    entry = row.row.entry
    return intake.alike(entry.title, entry.need, entry.category, known) if row.verdict is Verdict.NEW else []
