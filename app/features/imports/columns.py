"""What the columns of an open upload mean, said anew by somebody; its rows are read again then."""

from typing import Any, Final

from sqlalchemy import bindparam, null, update
from sqlalchemy.orm import Session

from app.core.tables import Header, Row
from app.features.imports.kept import CELLS, About, about_of
from app.features.imports.lists import AnyList
from app.features.imports.models import Upload, UploadPart
from app.features.imports.service import PARTS, ROWS_IN_A_PART, about, read_next

_UNREAD: Final = update(UploadPart).where(UploadPart.upload_id == bindparam("of")).values(rows=null())


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
