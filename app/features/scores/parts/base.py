"""What every kind of counting has in common."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, NamedTuple

from app.core.i18n import gettext as _
from app.features.ledger.rules import ONE, AppraisalGrade, FactType, Total, shape
from app.features.scores.parts.exact import Exact
from app.features.scores.parts.fields import Frozen, ScoredFacts, Words, refuse
from app.features.scores.parts.tally import Tally
from app.features.scores.sheet import FactMark, SheetStep


class PartResult(NamedTuple):
    """What a part gives for one person."""

    value: Exact
    steps: tuple[SheetStep, ...]
    possible: Exact | None
    """The most it can still reach in the year; None without a limit."""
    awaited: int = 0
    """Results that come by themselves and are not in yet."""
    to_come: int = 0
    """Facts that are due and not there yet; ``possible`` is what keeping all of them gives."""


class Part(Frozen):
    """One way of counting inside a rule."""

    adds_up: ClassVar[bool] = True
    """Whether each fact gives or costs something of its own; false where only all of them together mean anything."""
    counts: ClassVar[bool] = True
    """Whether it gives or costs anything at all; false where facts are shown only."""
    label: Words

    @property
    @abstractmethod
    def fact_types(self) -> tuple[FactType, ...]:
        """The types this part reads."""

    @property
    def asks_months(self) -> bool:
        """Whether it matters in which months the facts lie, and not only how many there are in the year."""
        return False

    @property
    @abstractmethod
    def top(self) -> Exact | None:
        """The most points a whole year can give; None without a limit."""

    @abstractmethod
    def outcome(self, tally: Tally) -> PartResult:
        """What the facts of ``tally`` give."""

    def verdict(self, fact_type: FactType, share: int | None) -> FactMark | None:
        """How a fact of this part is marked; ``share`` is what it gave or cost."""
        if not share:
            return None if share is None else FactMark.NEUTRAL
        return FactMark.KEPT if share > 0 else FactMark.MISSED

    def one_more(self, month: date) -> Total | None:
        """The fact in ``month`` that somebody can bring about to gain something; None where nothing is to be done."""
        return None


class FactsPart(Part):
    """A part whose facts all count alike."""

    facts: ScoredFacts

    @property
    def fact_types(self) -> tuple[FactType, ...]:
        """The types this part reads."""
        return self.facts

    def _one(self, month: date) -> Total:
        return Total(month, self.facts[0], "", "", 1, ONE)


def check_grades(facts: Sequence[FactType], points: Mapping[str, int]) -> None:
    """Let points through that name every grade of the fact type and no other; what was not graded has no points.

    Raises:
        PydanticCustomError: with the grades that are missing or unknown.
    """
    for fact in facts:
        grades = set(shape(fact).grades) - {AppraisalGrade.NOT_GRADED}
        if missing := sorted(grades - points.keys()):
            refuse(_("Points are missing for the grades %s.") % ", ".join(missing))
        if unknown := sorted(points.keys() - grades):
            refuse(_("“%(fact)s” has no grades %(grades)s.") % {"fact": fact.value, "grades": ", ".join(unknown)})
