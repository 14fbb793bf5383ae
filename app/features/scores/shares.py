"""What each fact of a line gave or cost by itself, so that everybody sees which ones a limit left without points."""

from collections.abc import Sequence
from datetime import date

from app.features.ledger.rules import AppraisalGrade, Total
from app.features.scores.parts.exact import Exact, half_up
from app.features.scores.parts.tally import Tally
from app.features.scores.rule_set import Rule


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
