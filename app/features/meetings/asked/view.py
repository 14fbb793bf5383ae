"""A branch's calendar of duties as people read it: in periods, and in one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from app.core import formats
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.calendar.rules import MONTHS, Category, Duty, DutyState

NAMED: Final = 2
"""So many missing periods of a kind are named, more are counted."""
YEAR: Final = 12
FEWEST_FULL: Final = 3
"""Full members that a branch of its own needs. Source: domain, meetings §9."""


class AskedPeriod(NamedTuple):
    """One kind of meeting, or of talks, in one period."""

    kind: Kind | Category
    first: date
    last: date
    duty: Duty
    groups: int
    """Of the branch, for group meetings; for talks, how many are wanted."""
    is_backfilled: bool = False
    """Whether what fulfilled it was recorded afterwards."""

    @property
    def words(self) -> str:
        """``held 6 Nov``, ``2 of 3 groups``, ``12 of 15``, ``not held yet``."""
        if isinstance(self.kind, Category) and self.duty.state is not DutyState.NOT_REQUIRED:
            return _("%(done)s of %(all)s") % {"done": self.duty.groups_done, "all": self.groups}
        if self.duty.done_on:
            held = _("held %(day)s") % {"day": formats.short_day(self.duty.done_on)}
            return _("%(held)s, recorded afterwards") % {"held": held} if self.is_backfilled else held
        if self.duty.groups_done and self.duty.state is not DutyState.NOT_REQUIRED:
            return _("%(done)s of %(all)s groups") % {"done": self.duty.groups_done, "all": self.groups}
        return str(self.duty.state.label)

    @property
    def months(self) -> int:
        """Of its period; talks are asked for once a year."""
        return YEAR if isinstance(self.kind, Category) else MONTHS[self.kind]

    @property
    def period(self) -> str:
        """``2026年11月``, ``Q4 2026``, ``2026``."""
        if self.months == 1:
            return formats.month(self.first)
        quarter = {"year": self.first.year, "number": (self.first.month + 2) // 3}
        return _("%(year)s, quarter %(number)s") % quarter if self.months < YEAR else str(self.first.year)


def _periods(missing: Sequence[AskedPeriod]) -> str:
    """Which ones, or how many where they are many: it stays one line."""
    if len(missing) <= NAMED:
        return _(", ").join(one.period for one in missing)
    return _number_of(missing)


def _number_of(periods: Sequence[AskedPeriod]) -> str:
    number = len(periods)
    if periods[0].months == 1:
        return ngettext("%(num)s month", "%(num)s months", number) % {"num": number}
    return ngettext("%(num)s quarter", "%(num)s quarters", number) % {"num": number}


class OfKind(NamedTuple):
    """What is asked of one kind, short: what is open or missing period by period, what was held in one line."""

    kind: Kind | Category
    open: Sequence[AskedPeriod]
    held: Sequence[AskedPeriod]
    not_asked: Sequence[AskedPeriod]

    @property
    def held_words(self) -> str:
        """``held in 8 months``."""
        return _("held in %(periods)s") % {"periods": _number_of(self.held)}

    @property
    def days(self) -> list[str]:
        """``9 Jan``, ``13 Feb``: on which days it was held."""
        days = [(formats.short_day(one.duty.done_on), one.is_backfilled) for one in self.held if one.duty.done_on]
        return [_("%(held)s, recorded afterwards") % {"held": day} if later else day for day, later in days]

    @property
    def not_asked_words(self) -> str:
        """``not required``, and in which periods where it was in others."""
        label = str(DutyState.NOT_REQUIRED.label)
        if not (self.open or self.held):
            return label
        periods = _(", ").join(one.period for one in self.not_asked)
        return _("%(heading)s: %(words)s.") % {"heading": label, "words": periods}


@dataclass(frozen=True, slots=True)
class BranchYear:
    """A branch's calendar of one year, as it stands on a day."""

    asked: Sequence[AskedPeriod]
    """Every period that has begun, by kind and time."""
    today: date
    full: int = 0
    """Full members of the branch."""

    @property
    def is_small(self) -> bool:
        """Whether it should be a joint branch: a hint for the committee. Source: §9."""
        return self.full < FEWEST_FULL

    @property
    def missing(self) -> list[AskedPeriod]:
        """Of periods that are over."""
        return [one for one in self.asked if one.duty.state is DutyState.MISSING]

    @property
    def running(self) -> list[AskedPeriod]:
        """Of the periods that today lies in, without what is not asked."""
        return [
            one
            for one in self.asked
            if one.first <= self.today <= one.last and one.duty.state is not DutyState.NOT_REQUIRED
        ]

    def by_kind(self) -> Iterator[OfKind]:
        """Every period, kind by kind."""
        for kind, same in groupby(self.asked, lambda one: one.kind):
            periods = list(same)
            quiet = [one for one in periods if one.duty.state is DutyState.NOT_REQUIRED]
            held = [one for one in periods if one.duty.state is DutyState.DONE and one.months < YEAR]
            yield OfKind(kind, [one for one in periods if one not in quiet and one not in held], held, quiet)

    @property
    def open(self) -> int:
        """How many are missing or neither held nor planned."""
        return len(self.missing) + sum(one.duty.state is DutyState.OPEN for one in self.running)

    def parts(self) -> Iterator[tuple[str, str]]:
        """The line in its parts, heading and words: what is missing first. Source: domain, meetings §9."""
        if self.missing:
            by_kind = groupby(self.missing, lambda one: one.kind)
            yield _("Missing"), _("; ").join(f"{kind.label} {_periods(list(same))}" for kind, same in by_kind)
        for months, heading in ((1, _("This month")), (3, _("This quarter")), (YEAR, _("This year"))):
            if of_it := [one for one in self.running if one.months == months]:
                yield heading, _("; ").join(f"{one.kind.label} {one.words}" for one in of_it)

    @property
    def line(self) -> str:
        """All of it in one line."""
        return " ".join(
            _("%(heading)s: %(words)s.") % {"heading": name, "words": words} for name, words in self.parts()
        )
