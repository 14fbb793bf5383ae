"""Materials of a branch or a committee; the content of a file lies apart, so that no list reads it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member, Organisation
from app.features.study.materials.rules import (
    ADDRESS_LENGTH,
    BODY_LENGTH,
    FILE_NAME_LENGTH,
    LICENCE_LENGTH,
    MOST_BYTES,
    TITLE_LENGTH,
    MaterialKind,
)


class Material(Base):
    """Something to study. Who opened it is written nowhere."""

    __tablename__ = "materials"
    __table_args__ = (
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}", name="has_title"),
        CheckConstraint(f"length(trim(body)) BETWEEN 1 AND {BODY_LENGTH}", name="body_not_blank"),
        CheckConstraint(f"length(trim(licence)) BETWEEN 1 AND {LICENCE_LENGTH}", name="licence_not_blank"),
        CheckConstraint("(kind = 'text') = (body IS NOT NULL)", name="body_iff_text"),
        CheckConstraint("(kind = 'link') = (address IS NOT NULL)", name="address_iff_link"),
        CheckConstraint("(kind = 'file') = (file_name IS NOT NULL)", name="name_iff_file"),
        CheckConstraint("(file_name IS NULL) = (size IS NULL)", name="size_iff_file"),
        CheckConstraint(f"size BETWEEN 1 AND {MOST_BYTES}", name="size_in_range"),
        Index("ix_materials_owner", "owner_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the branch or committee that keeps it")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    kind: Mapped[MaterialKind]
    body: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(ADDRESS_LENGTH), comment="of a page outside; https or http")
    file_name: Mapped[str | None] = mapped_column(String(FILE_NAME_LENGTH))
    size: Mapped[int | None] = mapped_column(comment="bytes")
    licence: Mapped[str | None] = mapped_column(
        String(LICENCE_LENGTH), comment="where from, and why it may be given on"
    )
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class MaterialFile(Base):
    """The content of a file."""

    __tablename__ = "material_files"
    id: Mapped[UUID] = mapped_column(ForeignKey(Material.id, ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
