"""The pages of a list: a file comes in, is looked at, and is confirmed; what needs a correction goes out again."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from app.core import forms, pages
from app.core.answers import Answer, Done, act
from app.core.forms import Form, RawForm
from app.core.routing import DbSession, Door, Router, Units
from app.core.tables import XLSX_MEDIA_TYPE, Cell, FoundTable, NoFileError, UnreadableTableError, check_size, write_xlsx
from app.features.imports import columns, service, taking
from app.features.imports.forms import PickForm, UploadForm
from app.features.imports.gaps import left_out, read_as
from app.features.imports.lists import AnyList, ListKind
from app.features.imports.models import Upload
from app.features.imports.rows import RowVerdict, reason
from app.features.members.actor import Actor

UPLOAD: Final = "imports/upload.html"
READING: Final = "imports/reading.html"
PREVIEW: Final = "imports/preview.html"
RESULT: Final = "imports/result.html"
ROWS_ON_A_PAGE: Final = 100


def list_pages(kind: AnyList, door: Door) -> Router:
    """The routes of ``kind`` for people whom ``door`` lets in; it is asked again at each step."""
    router = Router()
    _coming_in(router, kind, door)
    _looked_at(router, kind, door)
    _taken_in(router, kind, door)
    _going_out(router, kind, door)
    return router


def _coming_in(router: Router, kind: AnyList, door: Door) -> None:
    address = kind.address

    @router.get(address)
    def upload_page(request: Request, units: Units, actor: Annotated[Actor, door]) -> Response:
        """Where a file is chosen, and what it should look like."""
        return _upload_page(request, units, actor, kind, Answer())

    @router.post(address)
    def upload(request: Request, units: Units, actor: Annotated[Actor, door], raw: RawForm) -> Response:
        """The file is read here and nothing is written; what cannot be read is refused at the field."""

        def keep(form: UploadForm) -> Done:
            name, table = _pasted(kind, form.text) if kind.words.paste and form.text else _sent(kind, raw)
            with units.write() as session:
                placed = kind.place(session, actor, form)
                kept = service.keep_upload(session, actor, kind, file_name=name, table=table, placed=placed)
                return Done(f"{address}/{kept.id}")

        def page(answer: Answer) -> Response:
            return _upload_page(request, units, actor, kind, answer)

        return act(request, None, raw, kind.form, keep, page=page)


def _looked_at(router: Router, kind: AnyList, door: Door) -> None:
    address = kind.address

    @router.get(address + "/{upload_id:uuid}")
    def look(
        *,
        request: Request,
        units: Units,
        actor: Annotated[Actor, door],
        upload_id: UUID,
        show: RowVerdict | None = None,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    ) -> Response:
        """How far the file is read, what taking it in would do, or what it did."""
        with units.read() as session:
            kept = service.upload_of(session, actor, kind, upload_id)
            if kept.outcome is not None:
                return _result(request, session, actor, kind, kept)
            if asked := kind.ask_first(kept):
                return pages.go(request, asked)
            if taking.is_begun(kept):
                return _on_its_way(request, kind, kept, to="take", read=taking.rows_taken(kept))
            if (read := service.rows_read(session, kept)) < kept.row_count:
                return _on_its_way(request, kind, kept, to="read", read=read)
            return _preview(request, session, actor, kind, kept, show=show, page=page)

    @router.post(address + "/{upload_id:uuid}/read")
    def read_on(request: Request, session: DbSession, actor: Annotated[Actor, door], upload_id: UUID) -> Response:
        """Read the next portion, or all that is left where nobody watches the bar."""
        kept = service.upload_of(session, actor, kind, upload_id, hold=True)
        watched = pages.wants_fragment(request)
        service.read_next(session, kind, kept, parts=1 if watched else kept.row_count)
        read = service.rows_read(session, kept)
        if watched and read < kept.row_count:
            return _on_its_way(request, kind, kept, to="read", read=read)
        return pages.go(request, f"{address}/{upload_id}")

    if kind.choose:

        @router.post(address + "/{upload_id:uuid}/choose")
        def choose(
            request: Request, session: DbSession, actor: Annotated[Actor, door], upload_id: UUID, raw: RawForm
        ) -> Response:
            """Keep who of several is meant by a row; it is asked once and may be chosen anew until it is confirmed."""
            picked = forms.sent(PickForm, raw)
            columns.choose(session, actor, kind, upload_id=upload_id, place=picked.place, who=picked.who)
            return pages.go(request, f"{address}/{upload_id}")


def _taken_in(router: Router, kind: AnyList, door: Door) -> None:
    address = kind.address

    @router.post(address + "/{upload_id:uuid}/confirm")
    def confirm(request: Request, units: Units, actor: Annotated[Actor, door], upload_id: UUID) -> Response:
        """Take the good rows in; the page then says what was done. Confirming twice is confirming once."""
        taking.confirm(units, actor, kind, upload_id=upload_id, watched=pages.wants_fragment(request))
        return pages.go(request, f"{address}/{upload_id}")

    @router.post(address + "/{upload_id:uuid}/take")
    def take(request: Request, units: Units, actor: Annotated[Actor, door], upload_id: UUID) -> Response:
        """Take in the next part of a long list, or all that is left where nobody watches the bar."""
        taking.go_on(units, actor, kind, upload_id=upload_id, watched=pages.wants_fragment(request))
        with units.read() as session:
            kept = service.upload_of(session, actor, kind, upload_id)
            if taking.is_begun(kept):
                return _on_its_way(request, kind, kept, to="take", read=taking.rows_taken(kept))
        return pages.go(request, f"{address}/{upload_id}")

    @router.post(address + "/{upload_id:uuid}/discard")
    def discard(request: Request, session: DbSession, actor: Annotated[Actor, door], upload_id: UUID) -> Response:
        """Nothing is written, and the file is forgotten; one that is on its way in stays."""
        if not taking.discard(session, actor, kind, upload_id=upload_id):
            return pages.go(request, f"{address}/{upload_id}")
        return pages.go(request, address, message=str(kind.words.left))


def _going_out(router: Router, kind: AnyList, door: Door) -> None:
    @router.get(kind.template_address)
    def template(actor: Annotated[Actor, door]) -> Response:  # noqa: ARG001 - the door asks
        """An empty list with all headings."""
        return _download(empty_file(kind), str(kind.words.template))

    @router.get(kind.address + "/{upload_id:uuid}/problems.xlsx")
    def problems(session: DbSession, actor: Annotated[Actor, door], upload_id: UUID) -> Response:
        """The rows with problems, each with its reason in the last column."""
        kept = service.upload_of(session, actor, kind, upload_id)
        returned = service.returned_rows(session, actor, kind, kept)
        rows = [(row.cells, reason(row.problems, kind.sentences)) for row in returned]
        headings = service.about(kind, kept).header.headings
        return _download(returned_file(kind, headings, rows), str(kind.words.to_correct))


def _sent(kind: AnyList, raw: FormData) -> tuple[str, FoundTable[Any]]:
    name, content = _file(raw)
    return name, service.table_of(kind, content)


def _pasted(kind: AnyList, text: str) -> tuple[str, FoundTable[Any]]:
    """Rows that were typed or pasted; what is wrong with them is said at their field."""
    try:
        return "", service.table_of(kind, text.encode())
    except UnreadableTableError as refusal:
        refusal.field = "text"
        raise


def _file(raw: FormData) -> tuple[str, bytes]:
    """Name and content of the chosen file.

    Raises:
        NoFileError, FileTooLargeError: none was chosen, or it is too large to be read.
    """
    file = forms.upload(raw, "file")
    if file is None:
        raise NoFileError
    check_size(file.size or 0)
    return file.filename or "", file.file.read()


def _upload_page(request: Request, units: Units, actor: Actor, kind: AnyList, answer: Answer) -> Response:
    with units.read() as session:
        return answer.drawn(
            request,
            UPLOAD,
            block="upload_form",
            kind=kind,
            words=kind.words,
            form=answer.form or Form(),
            asked=kind.asks(session, actor),
            waiting=service.waiting(session, actor, kind),
        )


def _on_its_way(request: Request, kind: AnyList, kept: Upload, *, to: str, read: int) -> Response:
    """How far a long list is read, or taken in; it asks for the next part by itself."""
    return pages.render(request, READING, block="list_reading", kind=kind, upload=kept, to=to, read=read)


def _preview(
    request: Request, session: Session, actor: Actor, kind: AnyList, kept: Upload, *, show: RowVerdict | None, page: int
) -> Response:
    plan = service.plan(session, actor, kind, kept)
    about = service.about(kind, kept)
    by_verdict = {verdict: [row for row in plan.rows if row.verdict is verdict] for verdict in _verdicts(kind)}
    shown = show or next(verdict for verdict, rows in by_verdict.items() if rows)
    rows = by_verdict[shown]
    some = rows[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE]
    return pages.render(
        request,
        PREVIEW,
        kind=kind,
        words=kind.words,
        upload=kept,
        views=[
            (f"?show={verdict}", f"{_label(kind, verdict)} {len(found)}", verdict is shown)
            for verdict, found in by_verdict.items()
        ],
        shown=shown,
        label=_label(kind, shown),
        rows=[
            (row, shown_row, reason(row.problems, kind.sentences))
            for row, shown_row in zip(some, kind.shown(session, actor, kept, some), strict=True)
        ],
        number=page,
        last=max(1, ceil(len(rows) / ROWS_ON_A_PAGE)),
        good=kind.count_new(plan.rows),
        announced=plan.announced,
        ways=plan.ways,
        report=about.report,
        read_as=read_as(kind, about.header),
        left_out=left_out(kind, about.header, about.report),
    )


def _result(request: Request, session: Session, actor: Actor, kind: AnyList, kept: Upload) -> Response:
    outcome = kept.outcome or {}
    order = (RowVerdict.NEW, RowVerdict.CHANGED, RowVerdict.SAME, RowVerdict.SKIPPED)
    taken = [verdict for verdict in order if verdict in _verdicts(kind)]
    returned = service.returned_rows(session, actor, kind, kept)[:ROWS_ON_A_PAGE]
    return pages.render(
        request,
        RESULT,
        kind=kind,
        words=kind.words,
        upload=kept,
        outcome=outcome,
        counts=[(_label(kind, verdict), outcome[verdict.value]) for verdict in taken],
        rows=[(row.place, reason(row.problems, kind.sentences)) for row in returned],
    )


def _verdicts(kind: AnyList) -> list[RowVerdict]:
    of_some = {RowVerdict.CHANGED: kind.changes, RowVerdict.SKIPPED: kind.skips}
    return [verdict for verdict in RowVerdict if of_some.get(verdict, True)]


def _label(kind: AnyList, verdict: RowVerdict) -> str:
    return str(kind.words.same if verdict is RowVerdict.SAME else verdict.label)


def _download(content: bytes, name: str) -> Response:
    return pages.download(content, name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)


def empty_file(kind: ListKind[Any, Any, Any]) -> bytes:
    """The headings, and below them how to fill in the rows."""
    headings = [names[0] for column, names in kind.names.items() if column not in kind.not_in_template]
    return write_xlsx(kind.words.sheet_name, headings, ((line,) for line in kind.how_to))


def returned_file(
    kind: ListKind[Any, Any, Any], headings: Sequence[str], rows: Iterable[tuple[Sequence[Cell], str]]
) -> bytes:
    """Rows as they came under the file's own headings, each with what is wrong with it in a last column.

    Correct them there and bring the file in again: the last column is not read.
    """
    headings = headings[:-1] if headings[-1] == kind.reason_heading else headings  # the file has come back once already
    width = len(headings)
    padded = ((*cells[:width], *("",) * (width - len(cells)), reason) for cells, reason in rows)
    return write_xlsx(kind.words.sheet_name, (*headings, kind.reason_heading), padded)
