"""When the text of a wish was corrected after it had been handed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.wishes.models import Wish


class WishCorrection(Base):
    """An officer corrected what members read. The old words may be the very thing that had to go: they are not kept.

    Triggers let nobody change or remove it.
    """

    __tablename__ = "wish_corrections"
    __table_args__ = (Index("ix_wish_corrections_wish", "wish_id", "id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    fields: Mapped[list[str]] = mapped_column(JSON, comment="which ones changed; neither the old nor the new words")
