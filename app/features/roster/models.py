"""Uploaded rosters between the file and its confirmation. They hold personal data and live for a day at most."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member


class RosterUpload(Base):
    """One uploaded file. Only who uploaded it sees it; once confirmed, only the rows that come back are left."""

    __tablename__ = "roster_uploads"
    __table_args__ = (
        CheckConstraint("row_count > 0", name="has_rows"),
        CheckConstraint("(confirmed_at IS NULL) = (outcome IS NULL)", name="outcome_iff_confirmed"),
        Index("ix_roster_uploads_uploaded_at", "uploaded_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    uploaded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    file_name: Mapped[str] = mapped_column(String(200))
    header: Mapped[dict[str, Any]] = mapped_column(JSON, comment="the row of headings, tables.Header")
    row_count: Mapped[int] = mapped_column(comment="rows below the headings, blank lines and footers included")
    create_branches: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), comment="rules.Outcome")


class RosterPart(Base):
    """Some hundred rows of an upload: their cells, and what they say once they are read."""

    __tablename__ = "roster_parts"
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("roster_uploads.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="from 0")
    cells: Mapped[list[Any]] = mapped_column(JSON, comment="tables.Row of each")
    rows: Mapped[list[Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="rules.RosterRow of those about people; NULL: not read yet"
    )
