"""Posters of communities. The word of the address is no secret of ours: it hangs in the stairwell."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member, Organisation
from app.features.wishes.posters.rules import TOKEN_LENGTH

_CURRENT: Final = "ended_at IS NULL"


class WishPoster(Base):
    """The address under which a community takes wishes from the public. It has one at a time; older ones say so."""

    __tablename__ = "wish_posters"
    __table_args__ = (
        UniqueConstraint("token", name="uq_wish_posters_token"),
        CheckConstraint(f"length(token) = {TOKEN_LENGTH}", name="token_unguessable"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_wish_posters_current",
            "community_id",
            unique=True,
            sqlite_where=text(_CURRENT),
            postgresql_where=text(_CURRENT),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    token: Mapped[str] = mapped_column(String(TOKEN_LENGTH))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    ended_at: Mapped[datetime | None]
