"""An uploaded list on its way: kept, read in portions, looked at, confirmed once, forgotten after a day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row as SqlRow
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.rows import rowcount
from app.core.sealing import sealer
from app.core.tables import (
    Book,
    FoundTable,
    Header,
    Row,
    UnreadableTableError,
    find_header,
    find_table,
    one_line,
    read_book,
)
from app.features.imports.kept import CELLS, KEPT, RETURNED, About, SealedList, about_of, rows_of
from app.features.imports.lists import AnyList, E, K, ListKind, Placed, Planning
from app.features.imports.models import FILE_NAME_LENGTH, Upload, UploadPart
from app.features.imports.rows import P, ReadRow, ReturnedRow, outcome
from app.features.members.actor import Actor

KEPT_FOR: Final = timedelta(days=1)
"""How long an upload may wait for its confirmation or for its next part, and its bad rows to be fetched."""
ROWS_IN_A_PART: Final = 500
"""Rows read in one go: a small list at once, a large one in steps that show."""

_MINE: Final = select(Upload).where(
    Upload.id == bindparam("upload"), Upload.kind == bindparam("kind"), Upload.uploaded_by_id == bindparam("me")
)
_HELD: Final = _MINE.with_for_update().execution_options(populate_existing=True)
_WAITING: Final = (
    select(Upload.id, Upload.file_name, Upload.uploaded_at, Upload.place_id)
    .where(
        Upload.kind == bindparam("kind"),
        Upload.uploaded_by_id == bindparam("me"),
        Upload.confirmed_at.is_(None),
        Upload.uploaded_at >= bindparam("since"),
    )
    .order_by(Upload.uploaded_at.desc())
)
_UNREAD: Final = (
    select(UploadPart)
    .where(UploadPart.upload_id == bindparam("upload"), UploadPart.rows.is_(None))
    .order_by(UploadPart.position)
    .limit(bindparam("parts"))
)
_FIRST_UNREAD: Final = select(func.min(UploadPart.position)).where(
    UploadPart.upload_id == bindparam("upload"), UploadPart.rows.is_(None)
)
PARTS: Final = (
    select(UploadPart.cells, UploadPart.rows)
    .where(UploadPart.upload_id == bindparam("upload"))
    .order_by(UploadPart.position)
)
_DISCARD: Final = delete(Upload).where(
    Upload.id == bindparam("upload"), Upload.kind == bindparam("kind"), Upload.uploaded_by_id == bindparam("me")
)
_FORGET_PARTS: Final = delete(UploadPart).where(UploadPart.upload_id == bindparam("upload"))
_FORGET_OLD: Final = delete(Upload).where(Upload.uploaded_at < bindparam("before"))


class NoHeaderError(UnreadableTableError):
    """No row of headings was found."""

    code = "no_header"


class NoRowsError(UnreadableTableError):
    """Headings, and nothing below them."""

    code = "no_rows"


class TooManyRowsError(UnreadableTableError):
    """More rows than a list of this kind has."""

    code = "too_many_rows"


def table_of(kind: ListKind[K, E, P], content: bytes) -> FoundTable[K]:
    """The list in a file: the rows of all its sheets that have the headings.

    Raises:
        UnreadableTableError: the file cannot be read as a table.
        NoHeaderError: no sheet has a row with the required heading and one more.
        NoRowsError, TooManyRowsError: nothing stands below the headings, or more than ``most_rows``.
    """
    found = (kind.find or partial(_find, kind))(read_book(content))
    if found is None:
        raise NoHeaderError(kind.words.no_header)
    if not found.rows:
        raise NoRowsError(kind.words.no_rows)
    if kind.most_rows and len(found.rows) > kind.most_rows:
        raise TooManyRowsError(kind.words.too_many, rows=kind.most_rows)
    return FoundTable(kind.complete(found.header, found.rows), found.rows, found.above, found.report)


def _find(kind: ListKind[K, E, P], book: Book) -> FoundTable[K] | None:
    return find_table(book, kind.names, required=kind.required, about=kind.about, section=kind.section)


def keep_upload(
    session: Session, actor: Actor, kind: AnyList, *, file_name: str, table: FoundTable[Any], placed: Placed
) -> Upload:
    """Keep the rows of a file until they are confirmed; a small file is read at once. What is old is forgotten.

    Raises:
        KeyMissingError: the list is a sealed one, and the server cannot seal it.
    """
    forget_old(session, clock.now())
    upload = Upload(
        id=new_id(),
        kind=kind.name,
        uploaded_by_id=actor.member_id,
        place_id=placed.place_id,
        file_name=one_line(file_name)[-FILE_NAME_LENGTH:],
        row_count=len(table.rows),
        choices=dict(placed.choices),
    )
    if kind.is_sealed:
        _seal(upload, SealedList(table.header.headings, table.rows, table.report, table.header.from_1904))
    else:
        header = kind.settle(session, upload, table.header)
        upload.header = about_of(kind).dump_python(About(header, table.report), mode="json")
    session.add(upload)
    session.flush()
    if not kind.is_sealed:
        _keep_cells(session, upload, table.rows)
        if upload.row_count <= ROWS_IN_A_PART and not kind.ask_first(upload):
            read_next(session, kind, upload)
    return upload


def waiting(session: Session, actor: Actor, kind: AnyList) -> Sequence[SqlRow[UUID, str, datetime, UUID | None]]:
    """The actor's uploads that are not confirmed yet, the newest first: rows ``id, file_name, uploaded_at``."""
    since = clock.now() - KEPT_FOR
    return session.execute(_WAITING, {"kind": kind.name, "me": actor.member_id, "since": since}).all()


def upload_of(session: Session, actor: Actor, kind: AnyList, upload_id: UUID, *, hold: bool = False) -> Upload:
    """The actor's own upload; ``hold`` keeps it until the unit of work ends: two taps on one button do one thing.

    Raises:
        NotFoundError: there is none of that id, it is somebody else's, it was forgotten, or the actor no longer looks
            after what it is for.
    """
    asked = {"upload": upload_id, "kind": kind.name, "me": actor.member_id}
    found = session.scalars(_HELD if hold else _MINE, asked).one_or_none()
    if found is None or not kind.reaches(session, actor, found):
        raise NotFoundError
    return found


def rows_read(session: Session, upload: Upload) -> int:
    """How many of the upload's ``row_count`` rows are read."""
    first_unread = session.scalar(_FIRST_UNREAD, {"upload": upload.id})
    return upload.row_count if first_unread is None else first_unread * ROWS_IN_A_PART


def read_next(session: Session, kind: AnyList, upload: Upload, *, parts: int = 1) -> None:
    """Read the next ``parts`` portions; where all is read, nothing happens."""
    header = about(kind, upload).header
    adapter = rows_of(kind)
    for part in session.scalars(_UNREAD, {"upload": upload.id, "parts": parts}).all():
        rows = [kind.read(row, header, clock.today()) for row in CELLS.validate_python(part.cells)]
        part.rows = adapter.dump_python(rows, mode="json")
    session.flush()


def plan(session: Session, actor: Actor, kind: ListKind[K, E, P], upload: Upload) -> Planning[P]:
    """What confirming the upload would do now."""
    return kind.plan(session, actor, upload, _rows(session, kind, upload))


def confirm(session: Session, actor: Actor, kind: AnyList, *, upload_id: UUID) -> Upload:
    """Take the good rows in. Confirming once more changes nothing.

    Of the upload only the rows that come back are kept, until it is forgotten.

    Raises:
        NotFoundError: as for ``upload_of``.
        AppError: what the list itself refuses.
    """
    upload = upload_of(session, actor, kind, upload_id, hold=True)
    if upload.confirmed_at is not None:
        return upload
    read_next(session, kind, upload, parts=upload.row_count)
    done = kind.take_in(session, actor, upload, _rows(session, kind, upload))
    session.execute(_FORGET_PARTS, {"upload": upload.id})
    if kind.is_sealed:
        kept = _open(upload)
        _seal(upload, SealedList(kept.headings, (), kept.report, kept.from_1904, done.returned))
    elif done.returned:
        cells = RETURNED.dump_python(list(done.returned), mode="json")
        session.add(UploadPart(upload_id=upload.id, position=0, cells=cells, rows=[]))
    upload.confirmed_at = clock.now()
    upload.outcome = {"new": done.new, "changed": done.changed, "same": done.same, "returned": len(done.returned)} | (
        {"skipped": done.skipped} if kind.skips else {}
    )
    session.flush()
    return upload


def discard(session: Session, actor: Actor, kind: AnyList, *, upload_id: UUID) -> None:
    """Forget an upload that is not wanted; one that is forgotten already stays so."""
    session.execute(_DISCARD, {"upload": upload_id, "kind": kind.name, "me": actor.member_id})


def about(kind: AnyList, upload: Upload) -> About[Any]:
    """The headings of the file, and what of it was read."""
    if not kind.is_sealed:
        return about_of(kind).validate_python(upload.header)
    kept = _open(upload)
    return About(_header_of(kind, kept), kept.report)


def returned_rows(session: Session, actor: Actor, kind: AnyList, upload: Upload) -> tuple[ReturnedRow, ...]:
    """The rows with problems: as they were confirmed, or as they stand before."""
    if upload.confirmed_at is None:
        return outcome(plan(session, actor, kind, upload).rows).returned
    if kind.is_sealed:
        return _open(upload).returned
    parts = session.execute(PARTS, {"upload": upload.id}).all()
    rows = [row for part in parts for row in RETURNED.validate_python(part.cells)]
    sheets = list(dict.fromkeys(row.table for row in rows))
    return tuple(
        sorted(rows, key=lambda row: (sheets.index(row.table), row.number))
    )  # parts have an order of their own


def forget_old(session: Session, now: datetime) -> int:
    """Forget uploads of all lists older than ``KEPT_FOR``, whoever they belong to; gives their number."""
    return rowcount(session.execute(_FORGET_OLD, {"before": now - KEPT_FOR}))


def _rows(session: Session, kind: AnyList, upload: Upload) -> list[ReadRow[Any]]:
    """The rows of the upload that are read."""
    if kind.is_sealed:
        kept = _open(upload)
        header = _header_of(kind, kept)
        return [kind.read(row, header, clock.today()) for row in kept.rows]
    adapter = rows_of(kind)
    parts = session.execute(PARTS, {"upload": upload.id})
    return [row for part in parts for row in adapter.validate_python(part.rows or [])]


def _keep_cells(session: Session, upload: Upload, rows: Sequence[Row]) -> None:
    for position, some in enumerate(_portions(rows)):
        cells = CELLS.dump_python(list(some), mode="json")
        session.add(UploadPart(upload_id=upload.id, position=position, cells=cells))
    session.flush()


def _portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for first in range(0, len(rows), ROWS_IN_A_PART):
        yield rows[first : first + ROWS_IN_A_PART]


def _header_of(kind: AnyList, kept: SealedList) -> Header[Any]:
    """The headings of a sealed list, understood anew."""
    found = find_header([Row(1, kept.headings)], kind.names, required=(kind.required,))
    columns = found.columns if found else {}
    return kind.complete(Header(1, columns, kept.headings, kept.from_1904), kept.rows)


def _seal(upload: Upload, kept: SealedList) -> None:
    upload.sealed, upload.key_id = sealer().seal(KEPT.dump_json(kept).decode(), belongs_to=upload.id)


def _open(upload: Upload) -> SealedList:
    return KEPT.validate_json(sealer().open(upload.sealed or "", belongs_to=upload.id))
