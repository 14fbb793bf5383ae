"""A database as a bench needs it: the demo's people and their year, a full queue, and a meeting of fifty."""

import os
import subprocess
from datetime import time, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.features.meetings.ticks.rules import Mark
from app.features.members.models import Member
from app.features.members.rules import OrganisationKind, Role
from app.features.records import service as records
from app.features.records.rules import NewRecord
from app.features.streams import announce
from app.features.study.record import RECORD
from app.features.study.rules import Studied, StudyKind
from bench.servers import SANLIANG
from tests.features.meetings.gatherings.makers import make_meeting, tick
from tests.makers import Place, make_member

SECRETARY: Final = "13800000001"
MEMBER: Final = "13800000011"
PASSWORD: Final = "sanliang-demo"
QUEUE: Final = 50
"""Records that wait in the secretary's queue; the page shows as many."""
MEETING: Final = UUID("01920000-0000-7000-8000-000000000050")
MET: Final = 50
"""Who is expected there; somebody else has ticked all of them, and the secretary may confirm."""


def furnish(url: str, folder: Path) -> None:
    """Fill the empty database ``url``: the usual demo, and ``QUEUE`` records more that wait in the first branch."""
    environment = os.environ | {"SANLIANG_DATABASE_URL": url, "SANLIANG_DATA_DIR": str(folder)}
    for command in (("migrate",), ("contacts", "new-key", "--if-missing"), ("demo",)):
        subprocess.run([SANLIANG, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    announce()
    database = Database(url)
    with database.write() as session:
        secretary = session.scalars(select(Member).where(Member.phone == SECRETARY)).one()
        others = select(Member).where(Member.branch_id == secretary.branch_id, Member.id != secretary.id)
        members = session.scalars(others.order_by(Member.id)).all()
        news = [_waiting(members[number % len(members)], number) for number in range(QUEUE)]
        records.record_all(session, RECORD, news)
        _meet(session, secretary.branch_id, len(members) + 1)
    if not database.is_sqlite:  # which no installation analyses; PostgreSQL does it by itself
        with database.write() as session:
            session.execute(text("ANALYZE"))
    database.close()


def _meet(session: Session, branch_id: UUID, there: int) -> None:
    """A meeting of today that has begun, of the branch made up to ``MET`` people, with an exception in ten."""
    branch = Place(branch_id, "", OrganisationKind.BRANCH)
    organiser, *others = [
        make_member(session, branch, roles=() if number else (Role.ORGANISATION,)) for number in range(MET - there)
    ]
    make_meeting(session, organiser, id=MEETING, day=clock.today(), begins=time(0, 0), ends=time(23, 50))
    tick(session, organiser, MEETING, but=dict.fromkeys(others[::10], Mark.ABSENT))


def _waiting(member: Member, number: int) -> NewRecord[Studied]:
    moment = clock.now() - timedelta(hours=number)
    return NewRecord(
        id=new_id(),
        branch_id=member.branch_id,
        member_id=member.id,
        recorded_by_id=member.id,
        said=Studied(kind=StudyKind.SELF_STUDY, title=f"《中国共产党支部工作条例》第 {number + 1} 讲", minutes=30),
        occurred_on=clock.local_day(moment),
        occurred_at=moment,
        device_time=clock.local_time(moment).isoformat(timespec="seconds"),
        received_at=moment,
    )
