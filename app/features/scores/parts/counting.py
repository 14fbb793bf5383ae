"""Counting one by one: so much for each fact, for each unit of quantity, or for the first and the second."""

from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from app.core.i18n import gettext as _
from app.features.ledger.rules import ONE, Total, shape
from app.features.scores.parts.base import FactsPart, PartResult
from app.features.scores.parts.exact import Exact, capped, figure, half_up, quotient
from app.features.scores.parts.fields import Points, PositivePoints, refuse
from app.features.scores.parts.tally import Tally
from app.features.scores.sheet import Limit, LimitKind, SheetStep


class CountPart(FactsPart):
    """Each fact gives or costs the same; at most so many a month, so many a year, or so many points in all."""

    kind: Literal["count"]
    each: Points
    per_month: PositiveInt | None = None
    per_year: PositiveInt | None = None
    cap: PositivePoints | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_cap(self.each, self.cap)
        return self

    @property
    def asks_months(self) -> bool:
        """With a limit of each month."""
        return self.per_month is not None

    @property
    def top(self) -> Exact | None:
        """The most points a whole year can give; None without a limit."""
        rooms = [12 * self.per_month] if self.per_month else []
        rooms += [self.per_year] if self.per_year else []
        return _most(self.each, min(rooms, default=None), 0, self.cap)

    def outcome(self, tally: Tally) -> PartResult:
        """The counted facts × ``each``, capped."""
        found, counted = tally.count(self.facts), self._counted(tally)
        product = counted * self.each
        value = capped(product, self.cap)
        possible = _most(self.each, self._room(tally, counted), value, self.cap)
        if not found:
            return PartResult(value, (), possible)
        step = SheetStep(
            label=self.label,
            found=found,
            counted=counted,
            points=half_up(value),
            formula=f"{counted} × {figure(self.each)} = {figure(product)}",
            keys=tally.keys(self.facts),
            limits=(*self._count_limits(found, counted), *_points_limit(product, self.cap)),
        )
        return PartResult(value, (step,), possible)

    def one_more(self, month: date) -> Total | None:
        """The next fact, where it is one to gain by."""
        return self._one(month) if self.each > 0 else None

    def _counted(self, tally: Tally) -> int:
        counted = tally.count(self.facts)
        if self.per_month:
            counted = max(0, sum(min(found, self.per_month) for found in tally.per_month(self.facts).values()))
        return min(counted, self.per_year) if self.per_year else counted

    def _room(self, tally: Tally, counted: int) -> int | None:
        """How many facts can still count this year; months that are over have no room left."""
        rooms = []
        if self.per_month:
            this_month = max(0, self.per_month - tally.per_month(self.facts)[tally.month])
            rooms.append(tally.months_left * self.per_month + this_month)
        if self.per_year:
            rooms.append(self.per_year - counted)
        return min(rooms, default=None)

    def _count_limits(self, found: int, counted: int) -> tuple[Limit, ...]:
        if counted == found:
            return ()
        if self.per_year and counted == self.per_year:
            return (Limit(LimitKind.PER_YEAR, self.per_year),)
        return (Limit(LimitKind.PER_MONTH, self.per_month),) if self.per_month else ()


class QuantityPart(FactsPart):
    """The quantity itself counts: days, half-days, points the committee gave."""

    kind: Literal["quantity"]
    each: Points
    cap: PositivePoints | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_cap(self.each, self.cap)
        for fact in self.facts:
            if not shape(fact).measured:
                refuse(_("“%s” has no quantity: count its facts instead.") % fact.value)
        return self

    @property
    def top(self) -> Exact | None:
        """The most points a whole year can give; None without a limit."""
        return _most(self.each, None, 0, self.cap)

    def outcome(self, tally: Tally) -> PartResult:
        """The sum of quantities × ``each``, capped."""
        found, quantity = tally.count(self.facts), tally.quantity(self.facts)
        product = quotient(quantity * self.each, ONE)
        value = capped(product, self.cap)
        possible = _most(self.each, None, value, self.cap)
        if not found:
            return PartResult(value, (), possible)
        step = SheetStep(
            label=self.label,
            found=found,
            counted=found,
            points=half_up(value),
            formula=f"{figure(quantity)} × {figure(self.each)} = {figure(product)}",
            keys=tally.keys(self.facts),
            limits=_points_limit(product, self.cap),
        )
        return PartResult(value, (step,), possible)

    def one_more(self, month: date) -> Total | None:
        """The next fact, where it is one to gain by."""
        return self._one(month) if self.each > 0 else None


class SequencePart(FactsPart):
    """The first fact gives the first number, the second the second; further ones give nothing."""

    kind: Literal["sequence"]
    points: tuple[PositivePoints, ...] = Field(min_length=1)

    @property
    def top(self) -> Exact:
        """The most points a whole year can give."""
        return sum(self.points)

    def outcome(self, tally: Tally) -> PartResult:
        """The sum of as many numbers as there are facts."""
        found = tally.count(self.facts)
        given = self.points[:found]
        if not found:
            return PartResult(0, (), self.top)
        step = SheetStep(
            label=self.label,
            found=found,
            counted=len(given),
            points=sum(given),
            formula=f"{' + '.join(map(figure, given))} = {figure(sum(given))}" if found > 1 else figure(given[0]),
            keys=tally.keys(self.facts),
            limits=(Limit(LimitKind.FIRST, len(given)),) if found > len(given) else (),
        )
        return PartResult(sum(given), (step,), self.top)

    def one_more(self, month: date) -> Total:
        """The next fact."""
        return self._one(month)


class ShownPart(FactsPart):
    """Facts that stand on the line so that everybody sees they were noted, and that give and cost nothing."""

    counts: ClassVar[bool] = False
    kind: Literal["shown"]

    @property
    def top(self) -> Exact:
        """Nothing."""
        return 0

    def outcome(self, tally: Tally) -> PartResult:
        """Nothing, with the number of facts."""
        found = tally.count(self.facts)
        if not found:
            return PartResult(0, (), 0)
        keys, shown = tally.keys(self.facts), Limit(LimitKind.SHOWN, 0)
        return PartResult(0, (SheetStep(self.label, found, 0, 0, "", keys, (shown,)),), 0)


def _check_cap(each: int, cap: int | None) -> None:
    if each == 0:
        refuse(_("Nothing is counted with 0 points: show the facts instead."))
    if cap is not None and cap < abs(each):
        refuse(_("The cap is smaller than what a single fact gives."))


def _most(each: int, room: int | None, value: Exact, cap: int | None) -> Exact | None:
    """The most a value can become when ``room`` more facts fit (None: any number of them)."""
    if each < 0:
        return value
    return cap if room is None else capped(value + room * each, cap)


def _points_limit(product: Exact, cap: int | None) -> tuple[Limit, ...]:
    if cap is None or -cap <= product <= cap:
        return ()
    return (Limit(LimitKind.POINTS, cap if product > 0 else -cap),)
