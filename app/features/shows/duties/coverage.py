"""How far a branch's duty list reaches in a year: counted in the database, never about one person."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.shows.duties.models import Duty, DutyOutcome, DutyProgress
from app.features.shows.duties.queries import LATE, NOT_SETTLED, STANDING
from app.features.shows.duties.rules import OPEN_STATES, SOON, DutyState, state_of
from app.features.shows.duties.view import DAY, LIST
from app.features.stream import Queue

MOST_NAMED: Final = 8
"""Matters in the text for the group chat; a longer one nobody reads."""
_HOW_MANY: Final = (Member.id, DutyProgress.state, DutyOutcome.result, Review.status, Duty.due_on < DAY)
_NUMBERS: Final = (
    LIST.where(
        Duty.branch_id == bindparam("branch"),
        Duty.cancelled_at.is_(None),
        or_(Duty.due_on.between(bindparam("since"), bindparam("until")), NOT_SETTLED),
    )
    .with_only_columns(*_HOW_MANY, func.count(Duty.id))
    .group_by(*_HOW_MANY)
)
"""How many duties of whom stand alike: what they say of each state is for ``rules.state_of``."""


_LATE: Final = (
    LIST.where(Duty.branch_id == bindparam("branch"), *LATE)
    .with_only_columns(Duty.id, Duty.matter, Duty.due_on, Member.name, func.count().over().label("number"))
    .order_by(Duty.due_on, Duty.id)
    .limit(1)
)
_COMING: Final = (
    LIST.where(
        Duty.branch_id == bindparam("branch"),
        Duty.cancelled_at.is_(None),
        STANDING,
        Duty.due_on.between(DAY, bindparam("until")),
    )
    .with_only_columns(Duty.matter, Duty.due_on)
    .group_by(Duty.matter, Duty.due_on)
    .order_by(Duty.due_on, Duty.matter)
    .limit(MOST_NAMED + 1)
)


def queues(session: Session, actor: Actor, today: date) -> Iterator[Queue]:
    """Duties of the branch whose day has passed, for its officers; one statement."""
    if not (actor.may(Permission.APPROVE) or actor.may(Permission.RECORD_FOR_OTHERS)):
        return
    row = session.execute(_LATE, {"branch": actor.branch_id, "day": today}).one_or_none()
    if row is not None:
        is_one, since = row.number == 1, formats.short_day(row.due_on)
        yield Queue(
            label=_("Overdue duties"),
            number=row.number,
            address=f"/shows/duties/{row.id}" if is_one else "/shows/duties/branch",
            words=f"{row.matter} · {since}" if is_one else _("the oldest of %(day)s") % {"day": since},
            said=row.name if is_one else "",
            is_late=True,
        )


def week(session: Session, actor: Actor, today: date) -> Iterator[str]:
    """What is due in the branch in the coming days, by matter and never by name; one statement."""
    asked = {"branch": actor.branch_id, "day": today, "until": today + SOON}
    rows = session.execute(_COMING, asked).all()
    for row in rows[:MOST_NAMED]:
        yield _("By %(day)s: %(matter)s") % {"day": formats.short_day(row.due_on), "matter": row.matter}
    if len(rows) > MOST_NAMED:
        yield _("More is due; each finds it under “Today”.")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the branch's list reaches in a year; about the list, never one person beside another.

    What is not settled counts whenever it is due: ``open`` and ``reported`` are together the rows of the branch's list.
    """

    members: int
    """Those with duties, and those who could have some: exempt members are not asked for any."""
    with_duties: int
    without: tuple[str, ...]
    """Names, by group and pinyin."""
    open: int
    overdue: int
    """Of the open ones."""
    reported: int
    ended: int
    """Of those due in the year."""

    @property
    def not_settled(self) -> int:
        """As many as the list of everything open has rows."""
        return self.open + self.reported


def coverage(session: Session, branch_id: UUID, year: int) -> Coverage:
    """How far the branch's list reaches in ``year``: three statements, however many duties there are."""
    holders: set[UUID] = set()
    states: Counter[DutyState] = Counter()
    overdue = 0
    asked = {"branch": branch_id, "day": clock.today(), "since": date(year, 1, 1), "until": date(year, 12, 31)}
    for holder_id, progress, result, decided, has_passed, number in session.execute(_NUMBERS, asked):
        state = state_of(is_cancelled=False, progress=progress, result=result, decided=decided)
        holders.add(holder_id)
        states[state] += number
        overdue += number if has_passed and state in OPEN_STATES else 0
    exempt = members.exempt_on(session, branch_id)
    people = [one for one in members.branch_members(session, branch_id) if one.id in holders or one.id not in exempt]
    without = tuple(person.name for person in people if person.id not in holders)
    still_open = sum(states[state] for state in OPEN_STATES)
    return Coverage(
        members=len(people),
        with_duties=len(people) - len(without),
        without=without,
        open=still_open,
        overdue=overdue,
        reported=states[DutyState.REPORTED],
        ended=states.total() - still_open - states[DutyState.REPORTED],
    )
