"""When a branch meets in a year. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from app.demo.matters import LECTURES, QUIZZES, SESSIONS, THEME_DAYS
from app.demo.people import GROUPS, Branch, Person
from app.features.members.rules import BRANCH_POSTS

_HOLIDAYS: Final = (((1, 1), (1, 3)), ((5, 1), (5, 5)), ((10, 1), (10, 7)))
"""First and last month and day of the holidays that do not follow the moon."""
FOUNDED: Final = 1921


class MeetingKind(StrEnum):
    """What a branch meets for; the words are also what tells the meetings of a day apart."""

    THEME_DAY = "theme"
    GROUP = "group"
    COMMITTEE = "committee"
    MEMBERS = "members"
    LECTURE = "lecture"
    LIFE = "life"
    SESSION = "session"
    QUIZ = "quiz"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a branch, or of a part of it."""

    day: date
    kind: MeetingKind
    title: str
    people: tuple[Person, ...]


def working_day(day: date) -> date:
    """``day``, or the next one on which an office is open."""
    while day.weekday() >= 5 or any(first <= (day.month, day.day) <= last for first, last in _HOLIDAYS):
        day += timedelta(days=1)
    return day


def meetings(branch: Branch, since: date, until: date, chance: Random) -> Iterator[Meeting]:
    """Every meeting from ``since`` to ``until``, in the usual cadence (docs/domain.md §3.4)."""
    month = since.replace(day=1)
    while month <= until:
        yield from (meeting for meeting in _of_month(branch, month, chance) if meeting.day <= until)
        month = (month + timedelta(days=31)).replace(day=1)


def _of_month(branch: Branch, month: date, chance: Random) -> Iterator[Meeting]:
    everybody = tuple(branch.everybody)
    committee = tuple(person for person in branch.people if set(BRANCH_POSTS) & set(person.roles))

    def day(lowest: int, highest: int) -> date:
        return working_day(month.replace(day=chance.randint(lowest, highest)))

    number = month.month
    yield Meeting(day(2, 5), MeetingKind.COMMITTEE, f"支委会：研究{number}月重点工作", committee)
    for group, name in enumerate(GROUPS):
        people = tuple(person for person in everybody if person.group == group)
        yield Meeting(day(6, 10), MeetingKind.GROUP, f"{name}会", people)
    yield Meeting(day(11, 20), MeetingKind.THEME_DAY, f"主题党日：{_theme(month)}", everybody)
    if number == 1:
        title = f"{month.year - 1}年度组织生活会和民主评议党员"
        yield Meeting(day(21, 24), MeetingKind.LIFE, title, everybody)
    if number % 3 == 0:
        quarter = number // 3
        yield Meeting(day(22, 25), MeetingKind.MEMBERS, f"第{'一二三四'[quarter - 1]}季度党员大会", everybody)
    if number in LECTURES:
        yield Meeting(day(22, 25), MeetingKind.LECTURE, LECTURES[number], everybody)
    if number in SESSIONS:
        yield Meeting(day(12, 18), MeetingKind.SESSION, SESSIONS[number], everybody)
    if number in QUIZZES:
        yield Meeting(day(19, 22), MeetingKind.QUIZ, QUIZZES[number], everybody)


def _theme(month: date) -> str:
    title = THEME_DAYS[month.month - 1]
    return f"庆祝建党{month.year - FOUNDED}周年，重温入党誓词" if month.month == 7 else title
