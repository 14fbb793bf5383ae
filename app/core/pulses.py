"""When something of the house was last well: a row for each such thing, written anew each time."""

from datetime import datetime
from typing import Final, cast

from sqlalchemy import String, Table, bindparam, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base, insert_renewing


class Pulse(Base):
    """One thing and when it was last well."""

    __tablename__ = "pulses"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    beat_at: Mapped[datetime]


_TABLE: Final = cast(Table, Pulse.__table__)
_LAST: Final = select(Pulse.beat_at).where(Pulse.name == bindparam("name"))


def beat(session: Session, name: str, now: datetime) -> None:
    """``name`` is well ``now``."""
    session.execute(insert_renewing(session, _TABLE, where=true()), {"name": name, "beat_at": now})


def last(session: Session, name: str) -> datetime | None:
    """When ``name`` was last well; ``None``: never."""
    return session.execute(_LAST, {"name": name}).scalar_one_or_none()
