"""Hours of education: three classes, one that counts, and how many are asked of whom."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from app.core import clock
from app.core.cells import SMALL_CELL
from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

MINUTES: Final = 60
"""Of one hour of education 学时."""
DAY_MINUTES: Final = 480
"""Of a whole day of training. Source: domain, study §6."""
HALF_DAY_MINUTES: Final = 240
DAY_HOURS: Final = (8, 6)
"""How long units let a whole day of training be, the first unless a committee decides otherwise. Source: §6."""
MEMBER_HOURS: Final = 32
OFFICER_HOURS: Final = 56
OFFICER_DAYS: Final = 183
"""Days of a year in a branch post from which the officer's hours are asked."""
MONTHS: Final = 12


class HoursClass(Word):
    """Classes of hours; only what was organised counts by itself."""

    ORGANISED = "集中", _("organised")
    NETWORK = "网络", _("online")
    SELF_STUDY = "自学", _("self-study")


class Broken(Word):
    """What about hours cannot be."""

    ORDER = "ends_before_it_begins", _("It ends before it begins.")
    ON_TRACK = "more_on_track_than_members", _("More people are on track than there are.")


@dataclass(frozen=True, slots=True)
class DayHours:
    """Hours of one day."""

    hours_class: HoursClass
    minutes: int
    on: date | None = None
    title: str = ""
    begins: datetime | None = None
    ends: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.begins is not None and self.ends is not None and self.ends <= self.begins:
            raise ImpossibleError(Broken.ORDER)

    @property
    def day(self) -> date | None:
        """The day it belongs to."""
        return self.on or (clock.local_day(self.begins) if self.begins else None)

    def overlaps(self, other: "DayHours") -> bool:
        """Whether the two are the same hours: one day, and times that overlap or one title. Source: §6, §10."""
        if self.day is None or self.day != other.day:
            return False
        if (
            self.begins
            and self.ends
            and other.begins
            and other.ends
            and self.begins < other.ends
            and other.begins < self.ends
        ):
            return True
        return bool(folded(self.title)) and folded(self.title) == folded(other.title)


class Taken(NamedTuple):
    """Hours of one member as a stream knows them: an entry, and what the year's register says of it."""

    member_id: UUID
    entry: DayHours
    form: str
    """How it was studied, in words."""
    organiser: str
    """Which branch or body held it; empty: nobody."""
    confirmed_by: str
    """Whose word it has; empty: it waits for one, and counts for nothing."""
    is_history: bool = False
    """Whether it came after the year was archived: kept, and no part of what was asked then."""


def folded(title: str) -> str:
    """A title as titles are compared: without spaces, width and case."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold()


@dataclass(frozen=True, slots=True)
class Hours:
    """What a person's entries come to, in minutes."""

    minutes: dict[HoursClass, int]
    counted: int
    overlap: bool
    """An entry was the same hours as another, and was counted once."""

    def met(self, target: int) -> bool:
        """Whether ``target`` hours are reached."""
        return self.counted >= MINUTES * target


def hours(entries: Sequence[DayHours], *, network_counts: bool = False) -> Hours:
    """The minutes of each class and those that count; of overlapping entries the organised one stays, else the first.

    Source: §6, §10.
    """
    kept = [entries[place] for place in once(entries)]
    minutes = {kind: sum(one.minutes for one in kept if one.hours_class is kind) for kind in HoursClass}
    counted = minutes[HoursClass.ORGANISED] + (minutes[HoursClass.NETWORK] if network_counts else 0)
    return Hours(minutes, counted, overlap=len(kept) < len(entries))


def once(entries: Sequence[DayHours]) -> list[int]:
    """The places of those entries that stay: of the same hours the organised one, else the first. Source: §10."""
    kept: dict[date | None, list[int]] = {}  # by day: hours of two days are never the same
    organised = [place for place, one in enumerate(entries) if one.hours_class is HoursClass.ORGANISED]
    others = [place for place in range(len(entries)) if entries[place].hours_class is not HoursClass.ORGANISED]
    for place in (*organised, *others):
        of_day = kept.setdefault(entries[place].day, [])
        if not any(entries[place].overlaps(entries[other]) for other in of_day):
            of_day.append(place)
    return sorted(place for of_day in kept.values() for place in of_day)


def days_in_post(year: int, posts: Collection[tuple[date, date | None]]) -> int:
    """Days of ``year`` on which a branch post was held, however many at once.

    Raises:
        ImpossibleError: a post that ends before it begins.
    """
    if any(until is not None and until < first for first, until in posts):
        raise ImpossibleError(Broken.ORDER)
    new_year, eve = date(year, 1, 1), date(year, 12, 31)
    return len(
        {
            day
            for first, until in posts
            for day in range(max(first, new_year).toordinal(), min(until or eve, eve).toordinal() + 1)
        }
    )


def target(
    year: int, posts: Collection[tuple[date, date | None]], *, on: date | None = None, arrived_on: date | None = None
) -> int:
    """Hours asked of a person: of a year, or as shown on a day of it.

    Who arrived in the year is asked for the months that were left, the first one included, rounded up. Source: §6.

    Raises:
        ImpossibleError: a post that ends before it begins.
    """
    in_post = days_in_post(year, posts)
    officer = (
        in_post >= OFFICER_DAYS
        if on is None
        else any(first <= on and (until is None or on <= until) for first, until in posts)
    )
    whole = OFFICER_HOURS if officer else MEMBER_HOURS
    return whole if arrived_on is None or arrived_on.year < year else left_of(whole, arrived_on)


def left_of(whole: int, arrived_on: date) -> int:
    """Hours of a ``whole`` year for the months that were left, the one of arrival included, rounded up. Source: §6."""
    return -(-whole * (MONTHS + 1 - arrived_on.month) // MONTHS)


def due_by(whole: int, day: date, *, arrived_on: date | None = None) -> int:
    """Minutes that are due by the end of ``day``, of a year's ``whole`` hours: those of the months that are over.

    Who arrived in the year begins in the month of the arrival. An even course through the year is our own default.
    """
    first = arrived_on.month if arrived_on and arrived_on.year == day.year else 1
    is_last_day = (day + timedelta(days=1)).month != day.month
    over = max(day.month - first + is_last_day, 0)
    return MINUTES * whole * over // (MONTHS + 1 - first)


def percent(members: int, on_track: int) -> int | None:
    """The share on track in whole percent, half-up; ``None`` where so few people are not shown. Source: §5, §9.

    Raises:
        ImpossibleError: more on track than there are.
    """
    if on_track > members:
        raise ImpossibleError(Broken.ON_TRACK)
    return None if members < SMALL_CELL else (200 * on_track + members) // (2 * members)
