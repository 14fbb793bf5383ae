"""Where all chains ended, day by day."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class DayAnchor(Base):
    """The ends of all chains on one day. What proves is its digest, which somebody keeps elsewhere."""

    __tablename__ = "day_anchors"
    __table_args__ = (CheckConstraint("length(digest) = 64", name="digest_whole"),)
    day: Mapped[date] = mapped_column(primary_key=True, comment="branch-local")
    at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64), comment="of all ends together, ledger/anchors.digest")
    moved: Mapped[dict[str, str]] = mapped_column(
        JSON, comment="chain → seq:digest, where it moved since the day before in the same month; empty: it is gone"
    )
