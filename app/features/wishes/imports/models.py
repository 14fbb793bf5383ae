"""Uploaded lists of wishes between the file and its confirmation. What they say of people is sealed from the start."""

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


class WishUpload(Base):
    """One uploaded list. Only who uploaded it sees it; once confirmed, only rows with problems are left, for a day."""

    __tablename__ = "wish_uploads"
    __table_args__ = (
        CheckConstraint("row_count > 0", name="has_rows"),
        CheckConstraint("(confirmed_at IS NULL) = (outcome IS NULL)", name="outcome_iff_confirmed"),
        Index("ix_wish_uploads_uploaded_at", "uploaded_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    uploaded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    file_name: Mapped[str] = mapped_column(String(200))
    row_count: Mapped[int] = mapped_column(comment="rows about wishes below the headings")
    sealed: Mapped[str] = mapped_column(Text, comment="imports.rules.Reading, see core/sealing.py")
    key_id: Mapped[str] = mapped_column(String(KEY_ID_LENGTH), comment="the key that sealed it")
    confirmed_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), comment="imports.rules.Outcome")
