"""What is asked of a branch this year and what was held, by the rules of the calendar of duties."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.months import months_later
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.calendar.rules import MONTHS, Branch, Duty, DutyState, Gathering, duty, fulfils, last_day
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.queries import between, items
from app.features.meetings.events.rules import EventState
from app.features.meetings.ticks.queries import numbers
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import OrganisationKind

NAMED: Final = 2
"""So many missing periods of a kind are named, more are counted."""
_PLACES: Final = select(Organisation.id, Organisation.created_at).where(
    or_(
        Organisation.id == bindparam("branch"),
        and_(Organisation.parent_id == bindparam("branch"), Organisation.kind == OrganisationKind.GROUP),
    )
)
"""The branch and its groups."""
_EVENTS: Final = (
    select(
        MeetingEvent.id, MeetingEvent.title, MeetingEvent.begins_at, MeetingEvent.state, MeetingEvent.backfill_reason
    )
    .where(
        MeetingEvent.branch_id == bindparam("branch"),
        MeetingEvent.state != EventState.CANCELLED,
        MeetingEvent.begins_at.between(
            bindparam("since", type_=MeetingEvent.begins_at.type), bindparam("until", type_=MeetingEvent.begins_at.type)
        ),
    )
    .order_by(MeetingEvent.begins_at)
)


class Asked(NamedTuple):
    """One kind of meeting in one period."""

    kind: Kind
    first: date
    last: date
    duty: Duty
    groups: int
    """Of the branch, for group meetings."""
    is_backfilled: bool = False
    """Whether what fulfilled it was recorded afterwards."""

    @property
    def words(self) -> str:
        """``held 11-06``, ``2 of 3 groups``, ``not held yet``."""
        if self.duty.done_on:
            held = _("held %(day)s") % {"day": f"{self.duty.done_on:%m-%d}"}
            return _("%(held)s, recorded afterwards") % {"held": held} if self.is_backfilled else held
        if self.duty.groups_done and self.duty.state is not DutyState.NOT_REQUIRED:
            return _("%(done)s of %(all)s groups") % {"done": self.duty.groups_done, "all": self.groups}
        return str(self.duty.state.label)

    @property
    def period(self) -> str:
        """``2026年11月``, ``Q4 2026``, ``2026``."""
        months = MONTHS[self.kind]
        if months == 1:
            return formats.month(self.first)
        quarter = {"year": self.first.year, "number": (self.first.month + 2) // 3}
        return _("%(year)s, quarter %(number)s") % quarter if months == 3 else str(self.first.year)


def _periods(missing: Sequence[Asked]) -> str:
    """Which ones, or how many where they are many: it stays one line."""
    if len(missing) <= NAMED:
        return _(", ").join(one.period for one in missing)
    number = len(missing)
    if MONTHS[missing[0].kind] == 1:
        return ngettext("%(num)s month", "%(num)s months", number) % {"num": number}
    return ngettext("%(num)s quarter", "%(num)s quarters", number) % {"num": number}


@dataclass(frozen=True, slots=True)
class Standing:
    """A branch's calendar of one year, as it stands on a day."""

    asked: Sequence[Asked]
    """Every period that has begun, by kind and time."""
    today: date

    @property
    def missing(self) -> list[Asked]:
        """Of periods that are over."""
        return [one for one in self.asked if one.duty.state is DutyState.MISSING]

    @property
    def running(self) -> list[Asked]:
        """Of the periods that today lies in, without what is not asked."""
        return [
            one
            for one in self.asked
            if one.first <= self.today <= one.last and one.duty.state is not DutyState.NOT_REQUIRED
        ]

    @property
    def open(self) -> int:
        """How many are missing or neither held nor planned."""
        return len(self.missing) + sum(one.duty.state is DutyState.OPEN for one in self.running)

    def parts(self) -> Iterator[tuple[str, str]]:
        """The line in its parts, heading and words: what is missing first. Source: domain, meetings §9."""
        if self.missing:
            by_kind = groupby(self.missing, lambda one: one.kind)
            yield _("Missing"), _("; ").join(f"{kind.label} {_periods(list(same))}" for kind, same in by_kind)
        for months, heading in ((1, _("This month")), (3, _("This quarter")), (12, _("This year"))):
            if of_it := [one for one in self.running if MONTHS[one.kind] == months]:
                yield heading, _("; ").join(f"{one.kind.label} {one.words}" for one in of_it)

    @property
    def line(self) -> str:
        """All of it in one line."""
        return " ".join(
            _("%(heading)s: %(words)s.") % {"heading": name, "words": words} for name, words in self.parts()
        )


def standing(session: Session, branch_id: UUID, year: int, today: date) -> Standing:
    """How far the branch is in ``year``. For callers that know it is theirs to see."""
    founded = {row.id: row.created_at for row in session.execute(_PLACES, {"branch": branch_id})}
    groups = [str(place_id) for place_id in founded if place_id != branch_id]
    branch = Branch(full=0, committee=len(expected.committee_of(session, branch_id, today)), groups=groups)
    events = session.execute(_EVENTS, {"branch": branch_id, **between(date(year, 1, 1), date(year, 12, 31))}).all()
    gatherings = list(_gatherings(session, events, branch))
    afterwards = {clock.local_day(row.begins_at) for row in events if row.backfill_reason}
    since = clock.local_day(founded[branch_id])
    asked = []
    for kind, months in MONTHS.items():
        for month in range(1, 13, months):
            first = date(year, month, 1)
            if first > today:
                break
            held = [one for one in gatherings if kind in one.kinds]
            if first < since and not any(first <= one.day < months_later(first, months) for one in held):
                continue  # a new branch is asked from its next full period on
            found = duty(kind, first, branch, held, today)
            asked.append(Asked(kind, first, last_day(first, kind), found, len(groups), found.done_on in afterwards))
    return Standing(asked, today)


def _gatherings(session: Session, events: Sequence[AnyRow], branch: Branch) -> Iterator[Gathering]:
    """What the calendar reads: planned ones ahead, and held ones that enough people came to and are recorded."""
    ids = [row.id for row in events]
    agenda, came, now = items(session, ids), numbers(session, ids), clock.now()
    for row in events:
        is_ahead = row.state is EventState.PLANNED
        if is_ahead and row.begins_at <= now:
            continue  # nobody has said yet who was there
        seen = came.get(row.id)
        of = Branch(full=seen.full if seen else 0, committee=seen.expected if seen else 0, groups=branch.groups)
        for item in agenda[row.id]:
            with_vote = item.kind is Kind.MEMBERS_MEETING
            present = (seen.full_present if with_vote else seen.present) if seen else 0
            for group in _groups(item, branch):
                one = Gathering(begins=row.begins_at, kinds=[item.kind], group=group, is_ahead=is_ahead)
                if is_ahead or fulfils(item.kind, replace(one, present=present, committee_present=present), of):
                    yield one


def _groups(item: AnyRow, branch: Branch) -> Sequence[str | None]:
    """For which groups a group meeting counts; one that is none today counts for nobody."""
    if item.kind is not Kind.GROUP:
        return [None]
    if item.group_id is None:
        return list(branch.groups)
    return [group for group in branch.groups if group == str(item.group_id)]
