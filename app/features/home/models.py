"""What a person answered to the notice of purposes."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member

VERSION_LENGTH: Final = 10


class NoticeAnswer(Base):
    """One answer to one version of the notice; the last one holds. Triggers let nobody change what was said."""

    __tablename__ = "notice_answers"
    __table_args__ = (
        CheckConstraint("length(version) > 0", name="of_a_version"),
        Index("ix_notice_answers_member", "member_id", "version", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    version: Mapped[str] = mapped_column(String(VERSION_LENGTH), comment="see home/notice.py")
    agreed: Mapped[bool] = mapped_column(comment="or: read, and not agreed to, or no longer")
    at: Mapped[datetime] = mapped_column(default=clock.now)
