"""An uploaded file on its way: kept, read in portions, confirmed once, forgotten after a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import CursorResult, bindparam, delete, func, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.tables import Header, Row, one_line
from app.features.members.actor import Actor
from app.features.roster import service
from app.features.roster.importer import importer
from app.features.roster.models import RosterPart, RosterUpload
from app.features.roster.rules import Outcome, Plan, ReturnedRow, RosterRow, outcome
from app.features.roster.sheet.columns import Column
from app.features.roster.sheet.rows import roster_rows
from app.features.roster.sheet.table import RosterTable

KEPT_FOR: Final = timedelta(days=1)
"""How long an upload may wait for its confirmation, and its bad rows to be fetched."""
ROWS_IN_A_PART: Final = 500
"""Rows read in one go: a small roster at once, a large one in steps that show."""

_HEADER: Final = TypeAdapter(Header[Column])
_CELLS: Final = TypeAdapter(list[Row])
_ROWS: Final = TypeAdapter(list[RosterRow])
_OUTCOME: Final = TypeAdapter(Outcome)

_MINE: Final = select(RosterUpload).where(
    RosterUpload.id == bindparam("upload"), RosterUpload.uploaded_by_id == bindparam("me")
)
_WAITING: Final = (
    select(RosterUpload.id, RosterUpload.file_name, RosterUpload.uploaded_at)
    .where(
        RosterUpload.uploaded_by_id == bindparam("me"),
        RosterUpload.confirmed_at.is_(None),
        RosterUpload.uploaded_at >= bindparam("since"),
    )
    .order_by(RosterUpload.uploaded_at.desc())
)
_HELD: Final = _MINE.with_for_update().execution_options(populate_existing=True)
_UNREAD: Final = (
    select(RosterPart)
    .where(RosterPart.upload_id == bindparam("upload"), RosterPart.rows.is_(None))
    .order_by(RosterPart.position)
    .limit(bindparam("parts"))
)
_FIRST_UNREAD: Final = select(func.min(RosterPart.position)).where(
    RosterPart.upload_id == bindparam("upload"), RosterPart.rows.is_(None)
)
_PARTS: Final = select(RosterPart.rows).where(RosterPart.upload_id == bindparam("upload")).order_by(RosterPart.position)
_DISCARD: Final = delete(RosterUpload).where(
    RosterUpload.id == bindparam("upload"), RosterUpload.uploaded_by_id == bindparam("me")
)
_FORGET_PARTS: Final = delete(RosterPart).where(RosterPart.upload_id == bindparam("upload"))
_FORGET_OLD: Final = delete(RosterUpload).where(RosterUpload.uploaded_at < bindparam("before"))


def keep_upload(
    session: Session, actor: Actor, *, file_name: str, table: RosterTable, create_branches: bool
) -> RosterUpload:
    """Keep the rows of a file until they are confirmed; a small file is read at once. What is old is forgotten."""
    forget_old(session, clock.now())
    upload = RosterUpload(
        id=new_id(),
        uploaded_by_id=actor.member_id,
        file_name=one_line(file_name)[-200:],
        header=_HEADER.dump_python(table.header, mode="json"),
        row_count=len(table.rows),
        create_branches=create_branches and importer(actor).reaches_all,
    )
    session.add(upload)
    session.flush()
    for position, first in enumerate(range(0, len(table.rows), ROWS_IN_A_PART)):
        cells = _CELLS.dump_python(list(table.rows[first : first + ROWS_IN_A_PART]), mode="json")
        session.add(RosterPart(upload_id=upload.id, position=position, cells=cells))
    session.flush()
    if upload.row_count <= ROWS_IN_A_PART:
        read_next(session, upload)
    return upload


def waiting(session: Session, actor: Actor) -> Sequence[SqlRow[UUID, str, datetime]]:
    """The actor's uploads that are not confirmed yet, the newest first: rows ``id, file_name, uploaded_at``."""
    return session.execute(_WAITING, {"me": actor.member_id, "since": clock.now() - KEPT_FOR}).all()


def upload_of(session: Session, actor: Actor, upload_id: UUID) -> RosterUpload:
    """The actor's own upload.

    Raises:
        NotFoundError: there is none of that id, it is somebody else's, or it was forgotten.
    """
    return _found(session.scalars(_MINE, {"upload": upload_id, "me": actor.member_id}).one_or_none())


def hold_upload(session: Session, actor: Actor, upload_id: UUID) -> RosterUpload:
    """The same, held until the unit of work ends: two taps on one button do one thing.

    Raises:
        NotFoundError: as for ``upload_of``.
    """
    return _found(session.scalars(_HELD, {"upload": upload_id, "me": actor.member_id}).one_or_none())


def rows_read(session: Session, upload: RosterUpload) -> int:
    """How many of the upload's ``row_count`` rows are read."""
    first_unread = session.scalar(_FIRST_UNREAD, {"upload": upload.id})
    return upload.row_count if first_unread is None else first_unread * ROWS_IN_A_PART


def read_next(session: Session, upload: RosterUpload, *, parts: int = 1) -> None:
    """Read the next ``parts`` portions; where all is read, nothing happens."""
    header = header_of(upload)
    for part in session.scalars(_UNREAD, {"upload": upload.id, "parts": parts}).all():
        rows = roster_rows(_CELLS.validate_python(part.cells), header, today=clock.today())
        part.rows = _ROWS.dump_python(rows, mode="json")
    session.flush()


def read_all(session: Session, upload: RosterUpload) -> list[RosterRow]:
    """All rows of the upload, read now where they were not."""
    read_next(session, upload, parts=upload.row_count)
    return read_rows(session, upload)


def read_rows(session: Session, upload: RosterUpload) -> list[RosterRow]:
    """The rows of the upload that are read."""
    parts = session.scalars(_PARTS, {"upload": upload.id})
    return [row for rows in parts for row in _ROWS.validate_python(rows or [])]


def plan_of(session: Session, actor: Actor, upload: RosterUpload) -> Plan:
    """What confirming the upload would do now."""
    rows = read_rows(session, upload)
    return service.plan(session, importer(actor), rows, create_branches=upload.create_branches)


def confirm(session: Session, actor: Actor, *, upload_id: UUID) -> Outcome:
    """Import the good rows. Confirming once more changes nothing and gives the same outcome.

    Of the upload only the rows that come back are kept, until it is forgotten.

    Raises:
        NotFoundError: as for ``upload_of``.
        MovedOnError: somebody changed the same people at this moment.
    """
    upload = hold_upload(session, actor, upload_id)
    if done := outcome_of(upload):
        return done
    rows = read_all(session, upload)
    plan = service.import_rows(session, importer(actor), rows, create_branches=upload.create_branches)
    done = outcome(plan)
    upload.confirmed_at, upload.outcome = clock.now(), _OUTCOME.dump_python(done, mode="json")
    session.execute(_FORGET_PARTS, {"upload": upload.id})
    session.flush()
    return done


def discard(session: Session, actor: Actor, *, upload_id: UUID) -> None:
    """Forget an upload that is not wanted; one that is forgotten already stays so."""
    session.execute(_DISCARD, {"upload": upload_id, "me": actor.member_id})


def outcome_of(upload: RosterUpload) -> Outcome | None:
    """What confirming the upload did, or ``None`` while it waits."""
    return None if upload.outcome is None else _OUTCOME.validate_python(upload.outcome)


def header_of(upload: RosterUpload) -> Header[Column]:
    """The file's row of headings and what was understood of it."""
    return _HEADER.validate_python(upload.header)


def returned_rows(session: Session, actor: Actor, upload: RosterUpload) -> tuple[ReturnedRow, ...]:
    """The rows with problems: as they were confirmed, or as they stand before."""
    return (outcome_of(upload) or outcome(plan_of(session, actor, upload))).returned


def forget_old(session: Session, now: datetime) -> int:
    """Forget uploads older than ``KEPT_FOR``, whoever they belong to; gives their number."""
    return cast(CursorResult[Any], session.execute(_FORGET_OLD, {"before": now - KEPT_FOR})).rowcount


def _found(upload: RosterUpload | None) -> RosterUpload:
    if upload is None:
        raise NotFoundError
    return upload
