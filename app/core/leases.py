"""Who does what only one process may do at a time, among all that share a database: a row with an end, renewed.

The time is the database's own, so that no two machines have to agree on it. Whoever dies leaves a lease that runs out;
whoever was away for longer than it lasts (a machine asleep, a dead line) is asked to end when it comes back.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import String, Table, bindparam, delete, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base, Database, UtcDateTime, insert_renewing
from app.core.ids import new_id

log = logging.getLogger("sanliang")
LASTS: Final = timedelta(minutes=5)
AHEAD: Final = 2 * LASTS
"""An end that far ahead is no honest one. More than ``LASTS``: PostgreSQL's time is that of the unit's beginning, so
whoever began earlier may find an end by somebody who began later and was quicker."""
RENEWED_EVERY_S: Final = 60.0


class Lease(Base):
    """One thing that is being done, by whom, and until when nobody else may."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[UUID]
    ends_at: Mapped[datetime]


_TABLE: Final = cast(Table, Lease.__table__)
_NOW: Final = select(func.current_timestamp(type_=UtcDateTime()))
_ENDS: Final = select(Lease.ends_at).where(Lease.name == bindparam("name"))
_FREE: Final = or_(
    Lease.ends_at <= bindparam("now"),
    Lease.ends_at > bindparam("latest"),  # written before the clock was put back: nobody would have it for years
    Lease.holder == bindparam("mine"),
)
_GIVE_BACK: Final = delete(Lease).where(Lease.name == bindparam("its_name"), Lease.holder == bindparam("mine"))


@contextmanager
def held(database: Database, name: str) -> Iterator[bool]:
    """Hold the lease ``name`` in the block, and say whether it could be had.

    It is renewed meanwhile. If that fails for as long as it lasts, the process is asked to end (SIGTERM).
    """
    holder = new_id()
    with database.write() as session:
        is_mine = take(session, name, holder)
    if not is_mine:
        yield False
        return
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(database, name, holder, over), daemon=True)
    renewing.start()
    try:
        yield True
    finally:
        over.set()
        renewing.join()
        with suppress(SQLAlchemyError), database.write() as session:  # else it runs out
            session.execute(_GIVE_BACK, {"its_name": name, "mine": holder})


def take(session: Session, name: str, holder: UUID) -> bool:
    """Take the lease, or have it for longer; says whether it is the ``holder``'s now."""
    now = session.execute(_NOW).scalar_one()
    statement = insert_renewing(session, _TABLE, where=_FREE).returning(_TABLE.c.holder)
    row = {"name": name, "holder": holder, "ends_at": now + LASTS}
    asked = {**row, "now": now, "latest": now + AHEAD, "mine": holder}
    return session.execute(statement, asked).first() is not None


def is_taken(session: Session, name: str) -> bool:
    """Whether somebody has the lease now."""
    now = session.execute(_NOW).scalar_one()
    ends_at = session.execute(_ENDS, {"name": name}).scalar_one_or_none()
    return ends_at is not None and now < ends_at <= now + AHEAD


def _renew(database: Database, name: str, holder: UUID, over: threading.Event) -> None:
    """Until it is ``over``, or lost."""
    lost_at = time.monotonic() + LASTS.total_seconds()
    while not over.wait(RENEWED_EVERY_S):
        began = time.monotonic()
        is_mine = None
        try:
            with database.write() as session:
                is_mine = take(session, name, holder)
        except SQLAlchemyError:
            log.warning("the lease %s could not be renewed", name)
        if is_mine:
            lost_at = began + LASTS.total_seconds()
        elif is_mine is False or time.monotonic() > lost_at:
            log.error("the lease %s was lost: what was being done under it ends here", name)
            os.kill(os.getpid(), signal.SIGTERM)
            return
