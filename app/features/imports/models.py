"""Lists between the file and its confirmation. They may hold personal data, and live for a day at most."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.sealing import KEY_ID_LENGTH
from app.features.members.models import Member, Organisation

FILE_NAME_LENGTH = 200
KIND_LENGTH = 20


class Upload(Base):
    """One uploaded file. Only who uploaded it sees it; once confirmed, only the rows that come back are left."""

    __tablename__ = "uploads"
    __table_args__ = (
        CheckConstraint("row_count > 0", name="has_rows"),
        CheckConstraint("(confirmed_at IS NULL) = (outcome IS NULL)", name="outcome_iff_confirmed"),
        CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name="sealed_with_a_key"),
        CheckConstraint("(sealed IS NULL) <> (header IS NULL)", name="open_or_sealed"),
        Index("ix_uploads_uploaded_at", "uploaded_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH), comment="the name of its list, imports.lists.ListKind")
    uploaded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    place_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Organisation.id), comment="the organisation it is for; NULL: all that its uploader looks after"
    )
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    row_count: Mapped[int] = mapped_column(comment="rows of the list below the headings")
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what was ticked beside the file")
    header: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="service.About: headings, and what of the file was read"
    )
    sealed: Mapped[str | None] = mapped_column(Text, comment="service.Kept, see core/sealing.py")
    key_id: Mapped[str | None] = mapped_column(String(KEY_ID_LENGTH), comment="the key that sealed it")
    confirmed_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="numbers of rows: new, changed, same, returned"
    )


class UploadPart(Base):
    """Some hundred rows of an upload that is not sealed: their cells, and what they say once they are read."""

    __tablename__ = "upload_parts"
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="from 0")
    cells: Mapped[list[Any]] = mapped_column(JSON, comment="tables.Row of each; rows.ReturnedRow once confirmed")
    rows: Mapped[list[Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="rows.ReadRow of each; NULL: not read yet"
    )
