"""What the regulations ask of a branch: meetings by month, quarter and year, and talks. Computed, never stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Final
from uuid import UUID

from app.core import clock
from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.months import months_later
from app.core.words import Word
from app.features.meetings.attendance.rules import Kind

MONTHS: Final[Mapping[Kind, int]] = MappingProxyType(
    {
        Kind.MEMBERS_MEETING: 3,
        Kind.COMMITTEE: 1,
        Kind.GROUP: 1,
        Kind.THEME_DAY: 1,
        Kind.LECTURE: 3,
        Kind.ORG_LIFE: 12,
        Kind.REVIEW: 12,
    }
)
"""Months of the period in which each kind is asked for once. Source: domain, meetings §9."""


class DutyState(Word):
    """How far a duty of a branch is in its period."""

    DONE = "done", _("held"), "ok"
    PLANNED = "planned", _("planned")
    OPEN = "open", _("not held yet")
    MISSING = "missing", _("missing"), "warn"
    NOT_REQUIRED = "not_required", _("not required")


class Category(Word):
    """Which of the three lines of talks 谈心谈话 is meant. Source: §9."""

    COMMITTEE = "committee", _("Talks in the committee")
    WITH_COMMITTEE = "with_committee", _("Talks of the committee with members")
    MEMBERS = "members", _("Talks between members")


class Broken(Word):
    """What about a duty of a branch cannot be."""

    KIND = "no_duty_of_this_kind", _("Nothing asks for this kind of meeting.")
    PERIOD = "wrong_period", _("This kind of meeting has another period.")
    GROUP = "unknown_group", _("There is no such group in this branch.")
    PRESENT = "more_present_than_members", _("More people are present than there are members.")
    ORDER = "ends_before_it_begins", _("The meeting ends before it begins.")


@dataclass(frozen=True, slots=True)
class Branch:
    """What of a branch decides which meetings are asked of it, on the day of reckoning."""

    full: int
    """Full members with a vote."""
    committee: int = 0
    """Members of the committee; 0 where there is none (normally below seven full members)."""
    groups: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """An event as the calendar reads it."""

    begins: datetime
    kinds: Collection[Kind]
    ends: datetime | None = None
    group: str | None = None
    present: int | None = None
    """Own members present, in a members' meeting those with a vote; ``None``: enough."""
    committee_present: int | None = None
    cancelled: bool = False
    is_ahead: bool = False
    """Whether it is planned and has not begun: on its own day it is not yet held."""

    @property
    def day(self) -> date:
        """The local day on which it began."""
        return clock.local_day(self.begins)


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the calendar."""

    state: DutyState
    done_on: date | None = None
    groups_done: int | None = None
    """Groups that have met, or how far talks are; ``None`` for the other kinds."""


@lru_cache(maxsize=1024)
def last_day(first: date, kind: Kind) -> date:
    """The last day of the period of ``kind`` that begins on ``first``.

    Raises:
        ImpossibleError: no duty of this kind, or its period does not begin there.
    """
    if (months := MONTHS.get(kind)) is None:
        raise ImpossibleError(Broken.KIND)
    if first.day != 1 or (first.month - 1) % months:
        raise ImpossibleError(Broken.PERIOD)
    return months_later(first, months) - timedelta(days=1)


def required(kind: Kind, branch: Branch) -> bool:
    """Whether ``kind`` is asked of a branch: committee and group meetings only where there are such. Source: §9."""
    return {Kind.COMMITTEE: branch.committee > 0, Kind.GROUP: bool(branch.groups)}.get(kind, True)


def fulfils(kind: Kind, gathering: Gathering, branch: Branch) -> bool:
    """Whether enough came: half of those entitled to a members' meeting, half of a committee, else one. Source: §3.

    Raises:
        ImpossibleError: more came than there are, a group that is none, an end before the beginning.
    """
    if gathering.ends is not None and gathering.ends <= gathering.begins:
        raise ImpossibleError(Broken.ORDER)
    if kind not in gathering.kinds or gathering.cancelled:
        return False
    present, of = gathering.present, None
    if kind is Kind.GROUP and gathering.group not in branch.groups:
        raise ImpossibleError(Broken.GROUP)
    if kind is Kind.MEMBERS_MEETING:
        of = branch.full
    elif kind is Kind.COMMITTEE:
        present, of = gathering.committee_present, branch.committee
    if present is None:
        return True
    if of is not None and present > of:
        raise ImpossibleError(Broken.PRESENT)
    return 2 * present >= of if of is not None else present > 0


def duty(kind: Kind, first: date, branch: Branch, gatherings: Sequence[Gathering], as_of: date | None = None) -> Duty:
    """How far ``kind`` is in its period, seen on ``as_of`` (by default the day after the period).

    Group meetings are done when every group has met. Nothing carries over to another period. Source: §9.
    """
    last = last_day(first, kind)
    as_of = as_of or last + timedelta(days=1)
    counting = sorted(
        ((day, one) for one in gatherings if fulfils(kind, one, branch) and first <= (day := one.day) <= last),
        key=itemgetter(0),
    )
    if not required(kind, branch):
        return Duty(DutyState.NOT_REQUIRED)
    held: dict[str | None, date] = {}
    planned: set[str | None] = set()
    for day, one in counting:
        which = one.group if kind is Kind.GROUP else None
        if day <= as_of and not one.is_ahead:
            held.setdefault(which, day)
        else:
            planned.add(which)
    asked = set(branch.groups) if kind is Kind.GROUP else {None}
    groups = len(held) if kind is Kind.GROUP else None
    if asked <= held.keys():
        return Duty(DutyState.DONE, max(held.values()), groups)
    if as_of > last:
        return Duty(DutyState.MISSING, None, groups)
    return Duty(DutyState.PLANNED if asked <= held.keys() | planned else DutyState.OPEN, None, groups)


@dataclass(frozen=True, slots=True)
class Talks:
    """The fewest talks in which everybody has had those asked for in a year."""

    committee_pairs: int
    committee_member: int
    member_member: int

    @property
    def enough(self) -> int:
        """All together."""
        return self.committee_pairs + self.committee_member + self.member_member


def talks(committee: int, others: int) -> Talks:
    """Each pair of the committee, each other member with one of it, and each with one other member. Source: §9.

    ``committee`` and ``others`` are numbers of people. One talk serves both who hold it, so an odd number needs one
    more; a single other member has nobody to talk with.
    """
    return Talks(
        committee_pairs=committee * (committee - 1) // 2,
        committee_member=others if committee else 0,
        member_member=(others + 1) // 2 if others > 1 else 0,
    )


def covered(
    committee: Collection[UUID], others: Collection[UUID], pairs: Iterable[tuple[UUID, UUID]]
) -> dict[Category, tuple[int, int]]:
    """How far the talks of a year are: how many of how many pairs of the committee, and for the others how many people.

    ``pairs`` are who talked with whom. What is asked of the committee's pairs and of those it talks with is ``talks``.
    """
    asked = talks(len(committee), len(others))
    done: dict[Category, set[object]] = {category: set() for category in Category}
    for one, other in pairs:
        seats = {person for person in (one, other) if person in committee}
        people = {person for person in (one, other) if person in others}
        if len(seats) == 2:
            done[Category.COMMITTEE].add(frozenset(seats))
        elif seats:
            done[Category.WITH_COMMITTEE] |= people
        elif len(people) == 2:
            done[Category.MEMBERS] |= people
    wanted = {
        Category.COMMITTEE: asked.committee_pairs,
        Category.WITH_COMMITTEE: asked.committee_member,
        Category.MEMBERS: len(others) if asked.member_member else 0,
    }
    return {category: (len(done[category]), number) for category, number in wanted.items()}


def talk_duty(done: int, wanted: int, *, is_over: bool) -> Duty:
    """A line of talks as a duty of the year."""
    if not wanted:
        return Duty(DutyState.NOT_REQUIRED)
    state = DutyState.DONE if done >= wanted else DutyState.MISSING if is_over else DutyState.OPEN
    return Duty(state, groups_done=done)
