"""What confirmed attendance puts into the ledger: a whole gathering at once, taken back where it no longer holds."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Row, String, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.features.ledger import service as ledger
from app.features.ledger.models import Fact
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import OBJECTION, FactType
from app.features.meetings.attendance.rules import Attended, Item, MadeUp, State, given, loss_of
from app.features.meetings.events import queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState, brings_facts
from app.features.meetings.ticks.models import SAID, AttendanceTick, MakeUp
from app.features.meetings.ticks.rules import StoredTick, attended
from app.features.reviews import sessions
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

SOURCE: Final = "meeting.attendance"
"""The name of the kind of review, too."""
FACT_TYPES: Final = (
    FactType.ATTENDANCE_PRESENT,
    FactType.ATTENDANCE_ABSENT,
    FactType.ATTENDANCE_ABSENT_KEY,
    FactType.ATTENDANCE_LATE,
    FactType.ATTENDANCE_PRIVATE_LEAVE,
    FactType.STUDY_SESSION,
)
MADE_UP_FOR: Final = frozenset({State.LEAVE, State.ABSENT})
"""Of an absence without excuse the content alone is made up for. Source: domain, meetings §5."""
_UUID_LENGTH: Final = 36
_MEMBERS: Final[BindParameter[Any]] = bindparam("members", type_=Uuid(), expanding=True)
_OF_IDS: Final = select(AttendanceTick.id, AttendanceTick.event_id, AttendanceTick.member_id).where(
    AttendanceTick.id.in_(IDS)
)
_ROOT: Final = func.coalesce(MeetingEvent.linked_to_id, MeetingEvent.id)
_ROOTS: Final = select(MeetingEvent.id, _ROOT.label("root")).where(MeetingEvent.id.in_(IDS))
_APPROVED: Final = (
    select(
        AttendanceTick.id,
        AttendanceTick.event_id,
        AttendanceTick.member_id,
        *SAID,
        Review.counts_in_id.label("branch_id"),
        Review.own_branch_id.is_not(None).label("by_host"),
        Review.recorded_by_id,
        Review.decided_by_id,
        MeetingEvent.title,
        MeetingEvent.begins_at,
        MeetingEvent.ends_at,
        MeetingEvent.planned_at,
        _ROOT.label("root"),
    )
    .join(Review, Review.id == AttendanceTick.id)
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .where(
        or_(MeetingEvent.id.in_(IDS), MeetingEvent.linked_to_id.in_(IDS)),
        AttendanceTick.member_id.in_(_MEMBERS),
        Review.status == ReviewStatus.APPROVED,
        MeetingEvent.state != EventState.CANCELLED,
    )
    .order_by(AttendanceTick.id)
)
"""Of a cancelled one a code that came before stays named and brings nothing. Source: domain, meetings §3."""
_TICKS: Final = (
    select(AttendanceTick.id, AttendanceTick.event_id, AttendanceTick.member_id, _ROOT.label("root"))
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .where(or_(MeetingEvent.id.in_(IDS), MeetingEvent.linked_to_id.in_(IDS)), AttendanceTick.member_id.in_(_MEMBERS))
)
_Reversal = aliased(Fact)
_TICK_OF: Final = func.substr(Fact.source_id, 1, _UUID_LENGTH)
_POSTED: Final = (
    select(Fact.id, _TICK_OF.label("tick"), Fact.fact_type, Fact.occurred_on, _Reversal.source.label("reversal"))
    .outerjoin(_Reversal, _Reversal.reversal_of == Fact.id)
    .where(
        Fact.member_id.in_(_MEMBERS),
        Fact.source == SOURCE,
        _TICK_OF.in_(bindparam("ticks", type_=String(), expanding=True)),
    )
)
_MADE_UP: Final = (
    select(MakeUp.event_id, MakeUp.member_id, MakeUp.done_on, Review.submitted_at, Review.decided_at)
    .join(Review, Review.id == MakeUp.id)
    .where(
        MakeUp.event_id.in_(IDS),
        MakeUp.member_id.in_(_MEMBERS),
        Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    )
)
AnyRow = Row[*tuple[Any, ...]]
Whose = tuple[UUID, UUID]
"""A meeting and a member."""


def settle(session: Session, reviews: Collection[Review], by_id: UUID) -> int:
    """Let the ledger say what these members' confirmed attendance comes to, linked meetings included.

    What stands there and no longer holds is reversed, what is missing is added: twice is once. What a correction says
    again stays as it was posted, in the month it counts in. The ends of the branches' chains are held first, so that
    two officers who confirm linked meetings see each other's word. ``by_id`` is who takes back what is taken back.
    Gives how many facts were added.
    """
    ledger.hold(session, {review.counts_in_id for review in reviews})
    said = session.execute(_OF_IDS, {"ids": sorted(review.id for review in reviews)})
    whose = {row.id: (row.event_id, row.member_id) for row in said}
    roots = {
        row.id: row.root
        for row in session.execute(_ROOTS, {"ids": sorted({event for event, member in whose.values()})})
    }
    asked = {"ids": sorted(set(roots.values())), "members": sorted({member for event, member in whose.values()})}
    meant = {(roots[event_id], member_id) for event_id, member_id in whose.values()}
    approved: dict[Whose, dict[UUID, AnyRow]] = defaultdict(dict)
    holds = set()
    for row in session.execute(_APPROVED, asked):
        approved[row.root, row.member_id][row.event_id] = row  # the last one counts
        holds.add(str(row.id))
    ticks = {
        str(row.id): (row.event_id, row.member_id)
        for row in session.execute(_TICKS, asked)
        if (row.root, row.member_id) in meant
    }
    posted = session.execute(_POSTED, {"members": asked["members"], "ticks": list(ticks)}).all()
    agenda = _agenda(session, {event_id for events in approved.values() for event_id in events})
    missed = {
        (row.event_id, row.member_id)
        for events in approved.values()
        for row in events.values()
        if row.state in MADE_UP_FOR
    }
    made_up = made_up_for(session, missed)
    wanted = {
        (row.event_id, row.member_id, fact_type, day): row
        for key in meant
        for row, fact_type, day in _facts(list(approved[key].values()), agenda, made_up)
    }
    titled = {key: (key[1], key[3], row.title) for key, row in wanted.items() if key[2] is FactType.STUDY_SESSION}
    counted = sessions.counted(session, SOURCE, titled.values())
    final = {(*ticks[row.tick], row.fact_type, row.occurred_on) for row in posted if row.reversal == OBJECTION}
    wanted = {key: row for key, row in wanted.items() if titled.get(key) not in counted and key not in final}
    standing = {row.id: (*ticks[row.tick], row.fact_type, row.occurred_on) for row in posted if row.reversal is None}
    kept = {row.id for row in posted if row.tick in holds and standing.get(row.id) in wanted}
    ledger.reverse(session, sorted(standing.keys() - kept), recorded_by_id=by_id, note=_("Attendance corrected"))
    number = Counter(row.tick for row in posted)
    missing = []
    for key in sorted(wanted.keys() - {standing[fact_id] for fact_id in kept}):
        tick = str(wanted[key].id)
        number[tick] += 1
        missing.append(_fact(wanted[key], key[2], key[3], number[tick]))
    ledger.append(session, missing)
    return len(missing)


def made_up_for(session: Session, whose: Collection[Whose]) -> dict[Whose, MadeUp]:
    """What is said to have been made up of these, confirmed or waiting: one statement, none without ``whose``."""
    if not whose:
        return {}
    asked = {"ids": sorted({event_id for event_id, _id in whose}), "members": sorted({member for _id, member in whose})}
    return {
        (row.event_id, row.member_id): MadeUp(
            row.done_on, clock.local_day(row.submitted_at), clock.local_day(row.decided_at) if row.decided_at else None
        )
        for row in session.execute(_MADE_UP, asked)
    }


def posted_for(session: Session, ticks: Mapping[UUID, UUID]) -> set[UUID]:
    """Those of these ticks, each with its member, of which a loss of private leave stands: one statement at most."""
    if not ticks:
        return set()
    asked = {"members": sorted(set(ticks.values())), "ticks": sorted(map(str, ticks))}
    return {
        UUID(row.tick)
        for row in session.execute(_POSTED, asked)
        if row.fact_type is FactType.ATTENDANCE_PRIVATE_LEAVE and row.reversal is None
    }


def _agenda(session: Session, event_ids: Collection[UUID]) -> dict[UUID, list[Item]]:
    found = queries.items(session, event_ids)
    return {one: [Item(item.kind, item.minutes, item.study) for item in items] for one, items in found.items()}


def _facts(
    rows: list[AnyRow], agenda: dict[UUID, list[Item]], made_up: Mapping[Whose, MadeUp]
) -> list[tuple[AnyRow, FactType, date]]:
    """The facts of one person and gathering, each with the tick it comes from: at most one of them is a loss."""
    today, found = clock.today(), []
    rows = [row for row in rows if brings_facts(row.begins_at, row.planned_at)]

    def one_of(row: AnyRow, made_up_on: date | None) -> Attended:
        said, agreed = StoredTick(*row[3:7]), {"by_host": row.by_host, "made_up_on": made_up_on}
        return attended(row.begins_at, row.ends_at, agenda[row.event_id], said, **agreed)

    said = [made_up.get((row.event_id, row.member_id)) for row in rows]
    ones = [
        (row, one_of(row, make_up.done_on if make_up and make_up.keeps_off(_day(row), today) else None))
        for row, make_up in zip(rows, said, strict=True)
    ]
    for loss in given([one for row, one in ones], today).losses:
        row = next(row for row, one in ones if loss_of(one) is loss.fact_type and one.day == loss.occurred_on)
        found.append((row, loss.fact_type, loss.occurred_on))
    for (row, one), make_up in zip(ones, said, strict=True):
        if row.state is State.PRESENT and loss_of(one) is None:
            found.append((row, FactType.ATTENDANCE_PRESENT, one.day))
        done_on = make_up.done_on if make_up and make_up.confirmed_on and row.state in MADE_UP_FOR else None
        if given([one_of(row, done_on)]).study_sessions:
            found.append((row, FactType.STUDY_SESSION, done_on or one.day))
    return found


def _day(row: AnyRow) -> date:
    return clock.local_day(row.begins_at)


def _fact(row: AnyRow, fact_type: FactType, day: date, number: int) -> NewFact:
    return NewFact(
        branch_id=row.branch_id,
        member_id=row.member_id,
        fact_type=fact_type,
        occurred_on=day,
        source=SOURCE,
        source_id=f"{row.id}:fact-{number}",
        recorded_by_id=row.recorded_by_id,
        confirmed_by_id=row.decided_by_id,
        note=row.title,
    )
