"""Results of votes as they are shown, and what stands before a vote."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFoundError
from app.core.rows import one_row
from app.features.meetings.attendance.rules import Kind, State
from app.features.meetings.counted.queries import Counted, counted
from app.features.meetings.events import expected
from app.features.meetings.events import queries as events
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.minutes import queries as minutes
from app.features.meetings.resolutions.models import CorrectionWord, Resolution
from app.features.meetings.resolutions.rules import VOTED_AT
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.votes.rules import Matter, Need, VoteOutcome, need
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.members.two_people import Second

_By, _Second, _Newer, _Word = aliased(Member), aliased(Member), aliased(Resolution), aliased(CorrectionWord)
_CONFIRMED: Final = _Word.second == Second.CONFIRM
IS_CORRECTED: Final = (
    exists()
    .where(_Newer.corrects_id == Resolution.id, _Word.resolution_id == _Newer.id, _CONFIRMED)
    .label("is_corrected")
)
STANDS: Final = ~IS_CORRECTED.element & (
    Resolution.corrects_id.is_(None)
    | exists().where(CorrectionWord.resolution_id == Resolution.id, CorrectionWord.second == Second.CONFIRM)
)
_ROWS: Final = (
    select(
        *Resolution.__table__.columns,
        _By.name.label("recorded_by"),
        CorrectionWord.second,
        _Second.name.label("second_by"),
        IS_CORRECTED,
    )
    .join(_By, _By.id == Resolution.recorded_by_id)
    .outerjoin(CorrectionWord, CorrectionWord.resolution_id == Resolution.id)
    .outerjoin(_Second, _Second.id == CorrectionWord.said_by_id)
    .order_by(Resolution.id)
)
_OF_EVENT: Final = _ROWS.where(Resolution.event_id == bindparam("event"))
_ONE: Final = _ROWS.where(Resolution.id == bindparam("resolution"))
_CARRIED_ABOUT: Final = select(Resolution.id, Resolution.matter, Resolution.months, Resolution.event_id).where(
    Resolution.about_id == bindparam("about"), Resolution.outcome == VoteOutcome.CARRIED, STANDS
)


class Before(NamedTuple):
    """What stands before a vote: who has one, how many of them came, and what it needs."""

    kind: Kind
    """The item of the agenda."""
    counted: Counted
    n: int
    present: int
    need: Need

    @property
    def kept(self) -> dict[str, Any]:
        """What a result keeps of it: the item, N and how it came about."""
        full, resting = len(self.counted.full) or self.counted.committee, len(self.counted.resting)
        left_out = full - resting - self.n
        return {"kind": self.kind, "full_members": full, "resting": resting, "left_out": left_out, "n": self.n}


def before(session: Session, event: MeetingEvent, matter: Matter) -> Before:
    """N of a matter, how many of them came by the list of attendance, and the need.

    Whoever becomes a full member at this very meeting has no vote at it. Source: domain, meetings §2.

    Raises:
        ImpossibleError: nobody has a vote.
    """
    kind = _item_of(session, event.id, matter)
    who = counted(session, event)
    became = {row.about_id for row in of_event(session, event.id) if stands(row) and row.matter is Matter.CONVERSION}
    who = who._replace(full=who.full - became)
    came = {tick.member_id for tick in ticks.last_ticks(session, event.id).values() if tick.said.state is State.PRESENT}
    n, present = who.n(matter), len(came & who.voters(matter))
    return Before(kind, who, n, present, need(matter, n=n, present=present))


def of_event(session: Session, event_id: UUID) -> Sequence[AnyRow]:
    """Every result of a meeting, corrections too. For callers that know who reads them."""
    return session.execute(_OF_EVENT, {"event": event_id}).all()


def stands(row: AnyRow) -> bool:
    """Whether a result holds: no confirmed correction took its place, and it is no correction that waits."""
    return not row.is_corrected and (row.corrects_id is None or row.second is Second.CONFIRM)


def standing(session: Session, event_id: UUID, read: Collection[Kind]) -> list[AnyRow]:
    """The results that hold, for who reads the minutes of these items."""
    if VOTED_AT.keys().isdisjoint(read):
        return []
    return [row for row in of_event(session, event_id) if row.kind in read and stands(row)]


def card(session: Session, actor: Actor, resolution_id: UUID) -> tuple[AnyRow, AnyRow]:
    """One result, and its meeting."""
    row = one_row(session, _ONE, {"resolution": resolution_id})
    event = events.card(session, actor, row.event_id)
    minutes.check_reads(minutes.readable(session, actor, event), row.kind)
    return row, event


def carried_about(session: Session, member_id: UUID) -> Sequence[AnyRow]:
    """What was carried about one person and stands."""
    return session.execute(_CARRIED_ABOUT, {"about": member_id}).all()


def _item_of(session: Session, event_id: UUID, matter: Matter) -> Kind:
    kinds = {item.kind for item in expected.items_of(session, event_id)}
    for kind, matters in VOTED_AT.items():
        if kind in kinds and matter in matters:
            return kind
    raise NotFoundError
