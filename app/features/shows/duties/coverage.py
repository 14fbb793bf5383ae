"""How far a branch's duty list reaches in a year: counted in the database, never about one person."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members import queries as members
from app.features.members.models import Member
from app.features.reviews.models import Review
from app.features.shows.duties.models import Duty, DutyOutcome, DutyProgress
from app.features.shows.duties.queries import NOT_SETTLED
from app.features.shows.duties.rules import OPEN_STATES, DutyState, state_of
from app.features.shows.duties.view import DAY, LIST

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
