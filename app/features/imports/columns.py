"""What of an open upload somebody says anew: what its columns mean, and who is meant by a row."""

from collections.abc import Mapping
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import bindparam, null, update
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.tables import Header, Row
from app.features.imports.kept import CELLS, About, about_of
from app.features.imports.lists import AnyList
from app.features.imports.models import Upload, UploadPart
from app.features.imports.service import PARTS, ROWS_IN_A_PART, about, plan, read_next, upload_of
from app.features.members.actor import Actor

_UNREAD: Final = update(UploadPart).where(UploadPart.upload_id == bindparam("of")).values(rows=null())

_CHOSEN: Final = "chosen"


def settle(session: Session, kind: AnyList, upload: Upload, header: Header[Any]) -> None:
    """Let the columns of a held upload mean what ``header`` says; a small file is read at once."""
    upload.header = about_of(kind).dump_python(About(header, about(kind, upload).report), mode="json")
    session.flush()
    session.execute(_UNREAD, {"of": upload.id}, execution_options={"synchronize_session": "fetch"})
    if upload.row_count <= ROWS_IN_A_PART:
        read_next(session, kind, upload)


def first_rows(session: Session, upload: Upload, number: int) -> list[Row]:
    """Some of its rows, to show what stands in its columns."""
    part = session.execute(PARTS, {"upload": upload.id}).first()
    return CELLS.validate_python(part.cells[:number]) if part else []


def chosen(upload: Upload) -> Mapping[str, str]:
    """Who was chosen for which rows, by their place: ids as text."""
    return cast(Mapping[str, str], upload.choices.get(_CHOSEN, {}))


def choose(session: Session, actor: Actor, kind: AnyList, *, upload_id: UUID, place: str, who: UUID) -> None:
    """Keep who is meant by a row; on an upload that is confirmed nothing is chosen any more.

    Raises:
        NotFoundError: as for ``upload_of``, or the row may not mean that one.
    """
    upload = upload_of(session, actor, kind, upload_id, hold=True)
    if kind.choose is None:
        raise NotFoundError
    if upload.confirmed_at is None:
        picked = kind.choose(plan(session, actor, kind, upload).rows, place, who)
        upload.choices = {**upload.choices, _CHOSEN: {**chosen(upload), **picked}}
        session.flush()
