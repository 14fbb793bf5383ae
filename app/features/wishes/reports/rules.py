"""Months that can be read, medians, and what a year looks like. Pure. Nobody is named, nobody compared (red line 1)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from types import MappingProxyType
from typing import Final
from uuid import UUID

from app.core import clock
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.wishes.rules import Category, Status, Step

READY_ON: Final = 10
"""The day of a month from which on the summary of the month before can be read: by then the desks have caught up."""
MONTHS_LISTED: Final = 12
COUNTED: Final[Mapping[Step, LazyText]] = MappingProxyType(
    {
        Step.ENTER: _("Came in"),
        Step.PUBLISH: _("Published"),
        Step.CLAIM: _("Claimed"),
        Step.CONFIRM: _("Realised"),
        Step.REVISIT: _("Revisited"),
        Step.REFER: _("Referred elsewhere"),
        Step.WITHDRAW: _("Taken back"),
    }
)
"""What a summary counts, in the order of a wish's life."""
OFF_THE_BOARD: Final = frozenset({Status.DRAFT, Status.TO_VERIFY, Status.RETURNED, Status.REFERRED, Status.WITHDRAWN})
"""Wishes in these states are on no list: they are not public, or no longer."""
_MONTH: Final = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])")


def month_called(word: str) -> date | None:
    """The first day of the month that an address names (``2026-10``), or ``None`` if it names none."""
    match = _MONTH.fullmatch(word)
    return date(int(match[1]), int(match[2]), 1) if match else None


def month_before(month: date) -> date:
    """The month before, as its first day."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def latest_ready(today: date) -> date:
    """The last month whose summary can be read: from the 10th on the month before, until then the one before that."""
    last = month_before(today)
    return last if today.day >= READY_ON else month_before(last)


def months_ready(today: date) -> list[date]:
    """The months whose summaries can be read, the last one first."""
    months = [latest_ready(today)]
    while len(months) < MONTHS_LISTED:
        months.append(month_before(months[-1]))
    return months


def span(month: date) -> tuple[datetime, datetime]:
    """From when a month lasts until when, on the branch's clocks; the second moment belongs to the next month."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return clock.midnight(month), clock.midnight(after)


def year_span(year: int) -> tuple[datetime, datetime]:
    """The same for a year."""
    return clock.midnight(date(year, 1, 1)), clock.midnight(date(year + 1, 1, 1))


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of a wish, as far as a year looks at it."""

    wish_id: UUID
    category: Category
    step: Step
    on: date


@dataclass(frozen=True, slots=True)
class Month:
    """How many wishes of a month."""

    month: date
    published: int
    realised: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A year of wishes."""

    published: int
    claimed: int
    realised: int
    days_to_claim: float | None
    """Median of the days from being published to being claimed; ``None`` where nothing was."""
    days_to_realise: float | None
    """Median of the days from being claimed to being confirmed."""
    kinds: Sequence[tuple[Category, int]]
    """How many came true of each category, in the order of the categories."""
    months: Sequence[Month]


def pictured(history: Iterable[Happened], year: int, *, until: date) -> Picture:
    """The year as its ``history`` tells it: the steps of the wishes concerned in their order, earlier years included.

    A wish that is published or claimed again counts once in the year; its days are counted from the last time before.
    The months end with the one of ``until``.
    """
    last: dict[tuple[UUID, Step], date] = {}
    counted: dict[Step, set[UUID]] = {step: set() for step in (Step.PUBLISH, Step.CLAIM, Step.CONFIRM)}
    months: Counter[tuple[Step, int]] = Counter()
    kinds: Counter[Category] = Counter()
    to_claim: list[int] = []
    to_realise: list[int] = []
    for one in history:
        last[one.wish_id, one.step] = one.on
        if one.on.year != year or one.step not in counted:
            continue
        if one.step is Step.CLAIM and (published := last.get((one.wish_id, Step.PUBLISH))):
            to_claim.append((one.on - published).days)
        if one.wish_id in counted[one.step]:
            continue
        counted[one.step].add(one.wish_id)
        months[one.step, one.on.month] += 1
        if one.step is Step.CONFIRM:
            kinds[one.category] += 1
            if claimed := last.get((one.wish_id, Step.CLAIM)):
                to_realise.append((one.on - claimed).days)
    last_month = until.month if until.year == year else 12
    return Picture(
        published=len(counted[Step.PUBLISH]),
        claimed=len(counted[Step.CLAIM]),
        realised=len(counted[Step.CONFIRM]),
        days_to_claim=median(to_claim) if to_claim else None,
        days_to_realise=median(to_realise) if to_realise else None,
        kinds=[(category, kinds[category]) for category in Category if kinds[category]],
        months=[
            Month(date(year, number, 1), months[Step.PUBLISH, number], months[Step.CONFIRM, number])
            for number in range(1, last_month + 1)
        ],
    )
