"""What the database itself holds about objections, and who is held by one."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.features.ledger.rules import FactType
from app.features.scores.objections import queries
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import About, Matter, ObjectionOutcome, State
from tests.features.scores.makers import make_facts

NOW = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 4, 10)


def filed(alice, number, **values):
    said = {"branch_id": alice.branch_id, "member_id": alice.id, "year": 2026, "quarter": 1, "number": number}
    said |= {"about": About.MISSING, "rule_id": "B2", "words": "三月讲过党课。", "is_late": False, "answer_by": DAY}
    return Objection(**said | {"filed_at": NOW} | values)


def broken(alice, bob, sam, fact_id):
    """Rows that the database refuses, by the constraint that does."""
    answered = {
        "state": State.ANSWERED,
        "outcome": ObjectionOutcome.REFUSED,
        "reasons": "有签到表。",
        "answered_by_id": sam.id,
    }
    answered |= {"answered_at": NOW, "escalate_until": DAY}
    further = answered | {"state": State.DECIDED, "escalated_at": NOW, "decide_by": DAY, "decided_at": NOW}
    further |= {"decision": ObjectionOutcome.REFUSED, "decision_reasons": "同意支部意见。", "decided_by_id": bob.id}
    late = {"is_late": True, "state": State.LATE, "answer_by": None}
    declined = late | {
        "state": State.DECLINED,
        "declined_because": "已过时限。",
        "taken_by_id": sam.id,
        "taken_at": NOW,
    }
    return {
        "number": {"number": 1},
        "year_plausible": {"year": 26},
        "quarter_of_four": {"quarter": 5},
        "fact_iff_about_one": {"fact_id": fact_id},
        "matter_iff_about_standing": {"matter": Matter.EXEMPT},
        "facts_have_a_line": {"rule_id": None},
        "has_words": {"words": "  "},
        "answer_by_unless_late": {"answer_by": None},
        "taken_if_late": {"taken_by_id": sam.id, "taken_at": NOW},
        "late_days_from_taking_up": late | {"answer_by": DAY},
        "declined_by_somebody": declined | {"taken_by_id": None, "taken_at": None},
        "declined_with_reasons": declined | {"declined_because": None},
        "answered_with_reasons": answered | {"reasons": None},
        "reasons_have_words": answered | {"reasons": " "},
        "escalate_until_iff_answered": answered | {"escalate_until": None},
        "open_is_not_answered": answered | {"state": State.FILED},
        "answered_is_answered": {"state": State.ACCEPTED, "ended_at": NOW},
        "not_answered_by_oneself": answered | {"answered_by_id": alice.id},
        "not_taken_up_by_oneself": declined | {"taken_by_id": alice.id},
        "decided_by_another": further | {"decided_by_id": sam.id},
        "not_decided_by_oneself": further | {"decided_by_id": alice.id},
        "decided_iff_state": further | {"state": State.ESCALATED},
        "escalated_iff_state": answered | {"escalated_at": NOW, "decide_by": DAY},
        "decide_by_iff_escalated": further | {"decide_by": None},
        "ended_iff_by_member": {"ended_at": NOW},
    }


def test_the_database_refuses(database, given, alice, bob, sam):
    with database.write() as session:
        session.add(filed(alice, 1))
    fact_id = given(make_facts, alice, FactType.ATTENDANCE_ABSENT, date(2026, 3, 9))[0].id
    for name, values in broken(alice, bob, sam, fact_id).items():
        said = "uq_objections_number|objections.branch_id" if name == "number" else f"ck_objections_{name}"
        with pytest.raises(DatabaseError, match=said), database.write() as session:
            session.add(filed(alice, **{"number": 2} | values))


def test_one_objection_of_a_fact_and_an_end_is_an_end(database, given, alice):
    fact_id = given(make_facts, alice, FactType.ATTENDANCE_ABSENT, date(2026, 3, 9))[0].id
    of_fact = {"about": About.FACT, "fact_id": fact_id, "rule_id": "B1"}
    with database.write() as session:
        session.add(filed(alice, 1, **of_fact, state=State.WITHDRAWN, ended_at=NOW))
        session.add(filed(alice, 2, **of_fact))
    refused = r"uq_objections_one_of_a_fact|objections\.fact_id"
    with pytest.raises(DatabaseError, match=refused), database.write() as session:
        session.add(filed(alice, 3, **of_fact))
    with pytest.raises(DatabaseError, match=r"objections\.state is final"), database.write() as session:
        session.execute(text("UPDATE objections SET state = 'filed', ended_at = NULL WHERE number = 1"))


def test_an_objection_holds_its_member_of_that_year_alone(database, alice, bob):
    with database.write() as session:
        session.add(filed(alice, 1))
        session.add(filed(bob, 2, state=State.WITHDRAWN, ended_at=NOW))
        session.flush()
        people = [alice.id, bob.id]
        assert queries.pending(session, people, 2026) == {alice.id}
        assert queries.pending(session, people, 2025) == queries.pending(session, [], 2026) == set()
        assert [row.words for row in queries.of_member(session, alice.id, 2026)] == ["三月讲过党课。"]
