"""Weighing: grades with points of their own, the highest of each matter, a ratio, a mean."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import PositiveInt, model_validator

from app.core.i18n import gettext as _
from app.features.ledger.rules import AppraisalGrade, FactType, shape
from app.features.scores.parts.base import FactsPart, Part, PartResult, check_grades
from app.features.scores.parts.exact import Exact, figure, half_up, quotient, within
from app.features.scores.parts.fields import OneFactType, Points, PositivePoints, ScoredFacts, refuse
from app.features.scores.parts.tally import Tally
from app.features.scores.sheet import FactKey, FactMark, Limit, LimitKind, SheetStep


class GradesPart(FactsPart):
    """Each fact gives the points of its grade; ``expected`` of them come in a year.

    One that was not graded leaves what is expected, and the others stand for the whole. Source: domain, quantified §2.
    """

    kind: Literal["grades"]
    facts: OneFactType
    points: Mapping[str, Points]
    expected: PositiveInt | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_grades(self.facts, self.points)
        return self

    @property
    def top(self) -> Exact | None:
        """The most points a whole year can give; None without a limit."""
        return None if self.expected is None else self.expected * max(self.points.values())

    def outcome(self, tally: Tally) -> PartResult:
        """The sum over the grades, one step for each grade there is, and one for what was not graded."""
        found = tally.per_grade(self.facts)
        steps = tuple(
            SheetStep(
                label=self.label,
                found=found[grade],
                counted=found[grade],
                points=found[grade] * each,
                formula=f"{found[grade]} × {figure(each)} = {figure(found[grade] * each)}",
                keys=(FactKey(self.facts[0], grade),),
                grade=grade,
            )
            for grade, each in self.points.items()
            if found[grade]
        )
        given, missing = sum(step.points for step in steps), found[AppraisalGrade.NOT_GRADED]
        graded = found.total() - missing
        if self.expected is None:
            return PartResult(given, (*steps, *self._not_graded(missing, graded, given, given)), None)
        awaited, best = max(0, self.expected - found.total()), max(self.points.values())
        left, expected = graded + awaited if missing else self.expected, self.expected

        def whole(points: int) -> Exact:
            return quotient(points * expected, left) if left else expected * best

        value = whole(given)
        return PartResult(
            value, (*steps, *self._not_graded(missing, left, given, value)), whole(given + awaited * best), awaited
        )

    def _not_graded(self, missing: int, left: int, given: int, value: Exact) -> tuple[SheetStep, ...]:
        """How those that were graded stand for the whole."""
        if not missing:
            return ()
        formula = figure(value)
        if left and self.expected:
            best = max(self.points.values())
            formula = f"{figure(self.expected * best)} × {figure(given)} ÷ {figure(left * best)} = {formula}"
        grade = AppraisalGrade.NOT_GRADED.value
        keys, limits = (FactKey(self.facts[0], grade),), (Limit(LimitKind.NOT_GRADED, left),)
        return (SheetStep(self.label, missing, 0, half_up(value) - given, formula, keys, limits, grade),)


class HighestPerMatterPart(FactsPart):
    """Facts about the same matter count once, the highest grade; a fact without a matter counts by itself."""

    kind: Literal["highest_per_matter"]
    facts: OneFactType
    points: Mapping[str, PositivePoints]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        check_grades(self.facts, self.points)
        for fact in self.facts:
            if not shape(fact).by_matter:
                refuse(_("“%s” is not weighed by matter.") % fact.value)
        return self

    @property
    def top(self) -> None:
        """Without a limit."""

    def outcome(self, tally: Tally) -> PartResult:
        """The sum over the matters and the facts without one, a step for each."""
        found = tally.per_matter(self.facts)
        steps = []
        for matter in sorted({matter for matter, _grade in found}):
            grades = {grade: found[matter, grade] for grade in self.points if found[matter, grade]}
            if matter:
                steps.append(self._matter_step(matter, grades))
            else:
                steps += [self._step(grade, count, count) for grade, count in grades.items()]
        return PartResult(sum(step.points for step in steps), tuple(steps), None)

    def _matter_step(self, matter: str, grades: Mapping[str, int]) -> SheetStep:
        highest = max(grades, key=lambda grade: self.points[grade])
        return self._step(highest, sum(grades.values()), 1, matter, tuple(grades))

    def _step(self, grade: str, found: int, counted: int, matter: str = "", grades: tuple[str, ...] = ()) -> SheetStep:
        each = self.points[grade]
        return SheetStep(
            label=self.label,
            found=found,
            counted=counted,
            points=counted * each,
            formula=f"{counted} × {figure(each)} = {figure(counted * each)}",
            keys=tuple(FactKey(self.facts[0], name) for name in grades or (grade,)),
            limits=(Limit(LimitKind.HIGHEST, 1),) if found > counted else (),
            grade=grade,
            matter=matter,
        )


class RatioPart(Part):
    """The points in the share of what was kept among all that was due; with nothing due, all of them."""

    adds_up: ClassVar[bool] = False
    kind: Literal["ratio"]
    kept: ScoredFacts
    missed: ScoredFacts
    points: PositivePoints

    @property
    def fact_types(self) -> tuple[FactType, ...]:
        """The types this part reads."""
        return (*self.kept, *self.missed)

    @property
    def top(self) -> Exact:
        """The most points a whole year can give."""
        return self.points

    def outcome(self, tally: Tally) -> PartResult:
        """``points`` × kept ÷ due, exact. The most still possible is the same with everything to come kept."""
        kept = tally.count(self.kept)
        due = kept + tally.count(self.missed)
        value = quotient(self.points * kept, due) if due else self.points
        formula = f"{figure(self.points)} × {kept} ÷ {due} = {figure(value)}" if due else figure(value)
        step = SheetStep(self.label, due, kept, half_up(value), formula, tally.keys(self.fact_types))
        to_come = tally.to_come(self.fact_types)
        all_kept = quotient(self.points * (kept + to_come), due + to_come) if due + to_come else value
        return PartResult(value, (step,), all_kept, to_come=to_come)

    def verdict(self, fact_type: FactType, share: int | None) -> FactMark:
        """Kept or missed, as the rule names the type."""
        return FactMark.KEPT if fact_type in self.kept else FactMark.MISSED


class MeanPart(FactsPart):
    """The mean of the quantities, as a share of ``top`` points; one result is expected in a year."""

    adds_up: ClassVar[bool] = False
    kind: Literal["mean"]
    facts: OneFactType
    points: PositivePoints
    full: PositivePoints
    """The quantity that gives all the points."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for fact in self.facts:
            if shape(fact).highest > self.full:
                refuse(_("“%s” can be larger than the quantity that gives all the points.") % fact.value)
        return self

    @property
    def top(self) -> Exact:
        """The most points a whole year can give."""
        return self.points

    def outcome(self, tally: Tally) -> PartResult:
        """``points`` × mean ÷ ``full``, exact; before the result is in, nothing of all the points."""
        found = tally.count(self.facts)
        if not found:
            return PartResult(0, (), self.points, awaited=1)
        quantity = tally.quantity(self.facts)
        mean = quotient(quantity, found)
        value = within(quotient(quantity * self.points, found * self.full), 0, self.points)
        formula = figure(mean)
        if self.points != self.full:
            formula = f"{figure(self.points)} × {figure(mean)} ÷ {figure(self.full)} = {figure(value)}"
        step = SheetStep(self.label, found, found, half_up(value), formula, tally.keys(self.facts))
        return PartResult(value, (step,), value)
