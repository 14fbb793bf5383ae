"""The facts behind one line, each below the step of the calculation that counted it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.features.ledger.queries import FactRow
from app.features.ledger.rules import AppraisalGrade, Total, contribution, shape
from app.features.scores.parts.exact import Exact, half_up
from app.features.scores.parts.tally import Tally
from app.features.scores.rule_set import Rule
from app.features.scores.sheet import FactKey, FactMark, LimitKind, SheetStep


class CountedFact(NamedTuple):
    """A fact and what it gave or cost by itself, in hundredths; None where only all together mean anything."""

    fact: FactRow
    share: int | None
    verdict: FactMark | None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that stand together, by day."""

    step: SheetStep | None
    """What counted them; None for facts taken back, and where nothing is counted (an exempt member)."""
    facts: list[CountedFact] = field(default_factory=list)
    is_taken_back: bool = False

    @property
    def is_neutral(self) -> bool:
        """Whether its facts are only shown: nobody has to read them to understand the number."""
        return self.step is not None and any(limit.kind is LimitKind.SHOWN for limit in self.step.limits)


def fact_groups(rule: Rule, steps: Sequence[SheetStep], facts: Sequence[FactRow], *, through: date) -> list[FactGroup]:
    """``facts`` of a rule (by day, also those taken back) below the ``steps`` of its line; no steps, no points.

    A fact that came in between the reading of the totals and of the facts belongs to no step yet.
    """
    standing = [fact for fact in facts if fact.reversed_at is None]
    given = shares(rule, [_as_total(fact) for fact in standing], through=through)
    groups, uncounted = [FactGroup(step) for step in steps], FactGroup(None)
    for fact, share in zip(standing, given, strict=True):
        group = next((group for group in groups if _counts(group.step, fact)), uncounted)
        counted = share if group.step else None
        group.facts.append(CountedFact(fact, counted, _verdict(rule, group, fact, counted)))
    taken_back = [CountedFact(fact, None, FactMark.NEUTRAL) for fact in facts if fact.reversed_at is not None]
    groups += [uncounted, FactGroup(None, taken_back, is_taken_back=True)]
    return [group for group in groups if group.step or group.facts]


def _verdict(rule: Rule, group: FactGroup, fact: FactRow, share: int | None) -> FactMark | None:
    if group.step is None or group.is_neutral:
        return FactMark.NEUTRAL if group.step else None
    part = next(part for part in rule.parts if fact.fact_type in part.fact_types)
    return part.verdict(fact.fact_type, share)


def _as_total(fact: FactRow) -> Total:
    return contribution(
        fact.fact_type,
        grade=fact.grade,
        quantity=fact.quantity,
        counts_in=fact.counts_in,
        matter=fact.matter,
        reverses=False,
    )


def _counts(step: SheetStep | None, fact: FactRow) -> bool:
    if step is None or FactKey(fact.fact_type, fact.grade) not in step.keys:
        return False
    return not shape(fact.fact_type).by_matter or fact.matter == step.matter


def shares(rule: Rule, facts: Sequence[Total], *, through: date) -> list[int | None]:
    """Hundredths that each of ``facts`` added when it came, in the order given; each is one fact as a total.

    None where a fact means something only together with the others (a ratio, a mean, grades of which one is left
    out). The maximum of the line itself is not part of this: it stands above the facts.
    """
    given: list[int | None] = [None] * len(facts)
    for part in rule.parts:
        left_out = any(fact.grade == AppraisalGrade.NOT_GRADED and fact.fact_type in part.fact_types for fact in facts)
        if left_out or not part.adds_up:
            continue
        own: list[Total] = []
        before: Exact = 0
        for place, fact in enumerate(facts):
            if fact.fact_type in part.fact_types:
                own.append(fact)
                value = part.outcome(Tally(own, through=through)).value
                given[place], before = half_up(value - before), value
    return given
