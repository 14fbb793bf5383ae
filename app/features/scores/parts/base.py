"""What every kind of counting has in common."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from app.core.i18n import gettext as _
from app.features.ledger.rules import FactType, shape
from app.features.scores.parts.exact import Exact
from app.features.scores.parts.fields import Frozen, ScoredFacts, Words, refuse
from app.features.scores.parts.tally import Tally
from app.features.scores.sheet import Step


class Outcome(NamedTuple):
    """What a part gives for one person."""

    value: Exact
    steps: tuple[Step, ...]
    possible: Exact | None
    """The most it can still reach in the year; None without a limit."""
    awaited: int = 0
    """Results that come by themselves and are not in yet."""


class Part(Frozen):
    """One way of counting inside a rule."""

    adds_up: ClassVar[bool] = True
    """Whether each fact gives or costs something of its own; false where only all of them together mean anything."""
    label: Words

    @property
    @abstractmethod
    def fact_types(self) -> tuple[FactType, ...]:
        """The types this part reads."""

    @property
    @abstractmethod
    def top(self) -> Exact | None:
        """The most points a whole year can give; None without a limit."""

    @abstractmethod
    def outcome(self, tally: Tally) -> Outcome:
        """What the facts of ``tally`` give."""


class FactsPart(Part):
    """A part whose facts all count alike."""

    facts: ScoredFacts

    @property
    def fact_types(self) -> tuple[FactType, ...]:
        """The types this part reads."""
        return self.facts


def check_grades(facts: Sequence[FactType], points: Mapping[str, int]) -> None:
    """Let points through that name every grade of the fact type and no other.

    Raises:
        PydanticCustomError: with the grades that are missing or unknown.
    """
    for fact in facts:
        grades = set(shape(fact).grades)
        if missing := sorted(grades - points.keys()):
            refuse(_("Points are missing for the grades %s.") % ", ".join(missing))
        if unknown := sorted(points.keys() - grades):
            refuse(_("“%(fact)s” has no grades %(grades)s.") % {"fact": fact.value, "grades": ", ".join(unknown)})
