"""How a pledge goes: a tap once a quarter, or oftener."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Table, Uuid, bindparam, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ContentDiffersError
from app.features.members.actor import Actor
from app.features.reviews.errors import NotYoursError
from app.features.shows.pledges.calendar import quarter_of
from app.features.shows.pledges.due import settle_done
from app.features.shows.pledges.models import PledgeProgress
from app.features.shows.pledges.rules import Progress, check_progress
from app.features.shows.pledges.service import hold

_PROGRESS: Final = cast(Table, PledgeProgress.__table__)
_AMONG: Final = select(
    PledgeProgress.id, PledgeProgress.member_id, PledgeProgress.pledge_id, PledgeProgress.state, PledgeProgress.note
).where(PledgeProgress.id.in_(bindparam("ids", type_=Uuid(), expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgress:
    """One tap about a pledge, as it was made."""

    id: UUID
    pledge_id: UUID
    member_id: UUID
    year: int
    """Of the pledge."""
    state: Progress
    note: str | None
    recorded_by_id: UUID
    said_at: datetime
    received_at: datetime
    device_time: str | None = None
    made_offline: bool = False


def report_progress(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    state: Progress,
    note: str | None = None,
) -> None:
    """Say how a pledge goes. A tap sent twice is one; the last word of a quarter holds.

    Raises:
        NotFoundError: no such pledge in the actor's reach.
        NotApprovedError, EvaluatedError: see ``rules.check_progress``.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    pledge, whose = hold(session, actor, pledge_id)
    there = session.get(PledgeProgress, id)
    if there is not None:
        if there.member_id != whose.member_id:
            raise NotYoursError
        if (there.pledge_id, there.state, there.note) != (pledge_id, state, note):
            raise ContentDiffersError
        return
    check_progress(pledge.state)
    now = clock.now()
    record_progress(
        session,
        [
            NewProgress(
                id=id,
                pledge_id=pledge_id,
                member_id=whose.member_id,
                year=pledge.year,
                state=state,
                note=note,
                recorded_by_id=actor.member_id,
                said_at=now,
                received_at=now,
            )
        ],
    )


def record_progress(session: Session, news: Iterable[NewProgress]) -> None:
    """Write what was said, in one statement, in the order of the ids; reminders that asked for it go."""
    news = sorted(news, key=lambda new: new.id)
    rows = [
        {
            "id": new.id,
            "pledge_id": new.pledge_id,
            "member_id": new.member_id,
            "quarter": quarter_of(clock.local_day(new.said_at), new.year),
            "state": new.state,
            "note": new.note,
            "recorded_by_id": new.recorded_by_id,
            "said_at": new.said_at,
            "device_time": new.device_time,
            "received_at": new.received_at,
            "made_offline": new.made_offline,
        }
        for new in news
    ]
    if rows:
        session.execute(insert(_PROGRESS), rows)
        for member_id in sorted({new.member_id for new in news}):  # a phone's batch is of one
            settle_done(session, member_id)


def progress_among(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Row[*tuple[Any, ...]]]:
    """Those of these ids that are taps about a pledge: rows ``member_id, pledge_id, state, note``."""
    return {row.id: row for row in session.execute(_AMONG, {"ids": sorted(ids)})}
