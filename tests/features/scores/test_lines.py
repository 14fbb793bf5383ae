"""Facts stand below the step that counted them, and none gets lost."""

from datetime import date

from app.features.ledger import queries as ledger
from app.features.ledger.rules import FactType
from app.features.scores.lines import fact_groups
from tests.features.scores.facts import RULES, YEAR_END, facts, line
from tests.features.scores.makers import make_facts

B2 = next(rule for rule in RULES.rules() if rule.id == "B2")
YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 1)}


def test_a_fact_that_came_in_after_the_totals_were_read_is_not_counted_yet(session, alice):
    make_facts(session, alice, FactType.STUDY_ITEM, date(2026, 3, 9))
    make_facts(session, alice, FactType.STUDY_SESSION, date(2026, 3, 10))
    read_before = line("B2", facts("study.item", in_month=3)).steps
    groups = fact_groups(B2, read_before, ledger.facts(session, alice.id, **YEAR), through=YEAR_END)
    assert [(group.step is None, [one.fact.fact_type for one in group.facts]) for group in groups] == [
        (False, [FactType.STUDY_ITEM]),
        (True, [FactType.STUDY_SESSION]),
    ]
    assert groups[1].facts[0].share is None


def test_a_step_stays_where_its_facts_were_taken_back_meanwhile(session, alice):
    steps = line("B2", facts("study.item", in_month=3)).steps
    groups = fact_groups(B2, steps, ledger.facts(session, alice.id, **YEAR), through=YEAR_END)
    assert [(group.step, group.facts) for group in groups] == [(steps[0], [])]
