"""When a branch meets in a year. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from app.core import clock
from app.demo.matters import LECTURES, QUARTERS, SESSIONS, THEME_DAYS
from app.demo.people import GROUPS, Branch, Person
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.expected import COMMISSIONERS
from app.features.meetings.ticks.rules import is_voluntary
from app.features.members.rules import BRANCH_POSTS

_HOLIDAYS: Final = (((1, 1), (1, 3)), ((5, 1), (5, 5)), ((10, 1), (10, 7)))
"""First and last month and day of the holidays that do not follow the moon."""
FOUNDED: Final = 1921
IN_THE_MORNING: Final = time(9, 30), time(11)
IN_THE_AFTERNOON: Final = time(14, 30), time(16)
AHEAD: Final = timedelta(days=5)
"""How far ahead the next theme day lies at least: nobody's first look at the demo is hurried."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a branch, or of a part of it."""

    day: date
    kinds: tuple[Kind, ...]
    title: str
    people: tuple[Person, ...]
    hours: tuple[time, time] = IN_THE_AFTERNOON
    group: int | None = None

    @property
    def begins_at(self) -> datetime:
        """On the branch's clock."""
        return clock.at(self.day, self.hours[0])

    @property
    def is_voluntary(self) -> bool:
        """Whether nobody can be absent."""
        return is_voluntary(self.kinds)


def working_day(day: date) -> date:
    """``day``, or the next one on which an office is open."""
    while day.weekday() >= 5 or any(first <= (day.month, day.day) <= last for first, last in _HOLIDAYS):
        day += timedelta(days=1)
    return day


def months(since: date, until: date) -> Iterator[date]:
    """The first day of each month from that of ``since`` to that of ``until``."""
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def meetings(branch: Branch, since: date, until: date, chance: Random) -> Iterator[Meeting]:
    """Every meeting from ``since`` to ``until`` in the usual cadence (docs/domain.md §3.4), and the next theme day."""
    ahead = None
    for month in months(since, until + timedelta(days=31)):
        for meeting in _of_month(branch, month, chance):
            if meeting.day <= until:
                yield meeting
            elif Kind.THEME_DAY in meeting.kinds and ahead is None:
                ahead = replace(meeting, day=max(meeting.day, working_day(until + AHEAD)))
                yield ahead


def _of_month(branch: Branch, month: date, chance: Random) -> Iterator[Meeting]:
    everybody = tuple(branch.everybody)

    def day(lowest: int, highest: int) -> date:
        return working_day(month.replace(day=chance.randint(lowest, highest)))

    number = month.month
    if any(COMMISSIONERS.intersection(person.roles) for person in branch.people):
        committee = tuple(person for person in branch.people if set(BRANCH_POSTS) & set(person.roles))
        yield Meeting(day(2, 5), (Kind.COMMITTEE,), f"支委会：研究{number}月重点工作", committee)
    for group, name in enumerate(GROUPS):
        if people := tuple(person for person in everybody if person.group == group):
            yield Meeting(day(6, 10), (Kind.GROUP,), f"{name}会", people, group=group)
    basket = _basket(month)
    yield Meeting(day(11, 20), tuple(basket), "；".join(basket.values()), everybody)
    if number == 1:
        title = f"{month.year - 1}年度组织生活会和民主评议党员"
        yield Meeting(day(21, 24), (Kind.ORG_LIFE, Kind.REVIEW), title, everybody)
    if number in SESSIONS:
        yield Meeting(day(12, 18), (Kind.STUDY_SESSION,), SESSIONS[number], everybody, IN_THE_MORNING)


def _basket(month: date) -> dict[Kind, str]:
    """What a month's theme day is used for: the quarter's members' meeting and its lecture as well."""
    number, quarter = month.month, (month.month - 1) // 3
    basket = {Kind.THEME_DAY: f"主题党日：{_theme(month)}"}
    if number % 3 == 0:
        basket[Kind.MEMBERS_MEETING] = f"第{QUARTERS[quarter]}季度党员大会"
    if number in LECTURES:
        basket[Kind.LECTURE] = LECTURES[number]
    return basket


def _theme(month: date) -> str:
    title = THEME_DAYS[month.month - 1]
    return f"庆祝建党{month.year - FOUNDED}周年，重温入党誓词" if month.month == 7 else title
