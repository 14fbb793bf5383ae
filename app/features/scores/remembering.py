"""The same rule on the same facts gives the same line: of 100,000 sheets a year most lines are met again and again."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from app.features.ledger.rules import FactType, Total
from app.features.scores.parts.tally import Tally
from app.features.scores.rule_set import Rule, RuleSet
from app.features.scores.sheet import LineResult

MOST: Final = 10_000
"""Lines that are remembered of one rule set, about a kilobyte each; beyond that all are forgotten, so that memory stays
flat."""
MOST_SETS: Final = 4
"""Rule sets, each with the month up to which it was asked and what else it was asked."""


class Lines:
    """The lines that the rules of one set gave, each known by the facts that it reads."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Look up once which rule reads which facts, and where it matters in which month they lie."""
        self.rule_set = rule_set
        """Kept, and so its ``id``."""
        self._rules = [(rule, rule.fact_types) for rule in rule_set.rules()]
        self._reads = {
            kind: (number, part.asks_months)
            for number, (rule, _kinds) in enumerate(self._rules)
            for part in rule.parts
            for kind in part.fact_types
        }
        self._found: list[dict[tuple[Any, ...], LineResult]] = [{} for _ in self._rules]
        self._size = 0

    def of(
        self,
        totals: Iterable[Total],
        *,
        through: date,
        to_come: Mapping[FactType, int] | None,
        compute: Callable[[Rule, Tally], LineResult],
    ) -> list[LineResult]:
        """The line of each rule, in their order: the one remembered, or what ``compute``, which is pure, gives.

        Totals of other years and of later months are left out.
        """
        until, totals = through.replace(day=1), list(totals)
        since, read = until.replace(month=1), self._reads
        told: list[list[tuple[Any, ...]]] = [[] for _ in self._rules]
        for total in totals:
            if since <= total.month <= until and (place := read.get(total.fact_type)):
                number, by_month = place
                told[number].append((*total[1:], total.month) if by_month else total[1:])  # the month stands first
        lines: list[LineResult] = []
        tally: Tally | None = None
        for (rule, kinds), known, cells in zip(self._rules, self._found, told, strict=True):
            if len(cells) > 1:
                cells.sort()
            key = (*cells, *(to_come.get(kind, 0) for kind in kinds)) if to_come else tuple(cells)
            if (line := known.get(key)) is None:
                tally = tally or Tally(totals, through=through, to_come=to_come)
                line = compute(rule, tally)
                self._keep(known, key, line)
            lines.append(line)
        return lines

    def _keep(self, known: dict[tuple[Any, ...], LineResult], key: tuple[Any, ...], line: LineResult) -> None:
        if self._size >= MOST:
            self._size = 0
            for one in self._found:
                one.clear()
        known[key] = line
        self._size += 1


_of_sets: dict[tuple[object, ...], Lines] = {}


def lines_of(rule_set: RuleSet, *asked: object) -> Lines:
    """What is remembered of a rule set that was asked the same: everything besides the facts that a line hangs on."""
    key = (id(rule_set), *asked)
    lines = _of_sets.get(key)
    if lines is None:
        if len(_of_sets) >= MOST_SETS:
            _of_sets.clear()
        lines = _of_sets[key] = Lines(rule_set)
    return lines
