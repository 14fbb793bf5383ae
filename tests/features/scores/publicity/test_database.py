"""The database itself holds what a publicity is: two people, steps in order, one of a period, days after days."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.features.scores.publicity import queries
from app.features.scores.publicity.models import Publicity


def proposed(session, sam, **columns):
    said = {"branch_id": sam.branch_id, "year": 2026, "quarter": 3, "working_days": 3, "reception": "组织委员"}
    session.add(row := Publicity(**{**said, "proposed_by_id": sam.id, **columns}))
    session.flush()
    return row.id


def published(session, sam, dora, **columns):
    now = clock.now()
    steps = {"checked_by_id": sam.id, "approved_by_id": dora.id, "published_by_id": sam.id}
    moments = {name.replace("by_id", "at"): now for name in steps}
    days = {"opened_on": date(2026, 9, 28), "ends_on": date(2026, 10, 8), "objections_until": date(2026, 10, 12)}
    return proposed(session, sam, **{**steps, **moments, **days, "heads": "7 " + "a" * 64, **columns})


REFUSED = {
    "approved_by_another": lambda sam, dora: {"approved_by_id": sam.id},
    "approved_after_check": lambda sam, dora: {"checked_by_id": None, "checked_at": None},
    "published_after_approval": lambda sam, dora: {"approved_by_id": None, "approved_at": None},
    "days_iff_published": lambda sam, dora: {"heads": None},
    "days_in_order": lambda sam, dora: {"objections_until": date(2026, 10, 8)},
    "withdrawn_by_iff_at": lambda sam, dora: {"withdrawn_by_id": sam.id},
    "reason_iff_withdrawn": lambda sam, dora: {"reason": "按错了"},
    "reason_said": lambda sam, dora: {"reason": " ", "withdrawn_by_id": sam.id, "withdrawn_at": clock.now()},
    "lasts_3_to_10_days": lambda sam, dora: {"working_days": 11},
    "quarter_of_four": lambda sam, dora: {"quarter": 5},
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses_what_no_publicity_can_be(database, sam, dora, name):
    with pytest.raises(IntegrityError, match=name), database.write() as session:
        published(session, sam, dora, **REFUSED[name](sam, dora))


@pytest.mark.parametrize("quarter", [3, None], ids=["quarter", "year"])
def test_one_stands_of_a_period_and_a_withdrawn_one_makes_room(database, given, sam, dora, quarter):
    first = given(published, sam, dora, quarter=quarter)
    with pytest.raises(IntegrityError), database.write() as session:
        proposed(session, sam, quarter=quarter)
    withdrawn = {"withdrawn_by_id": sam.id, "withdrawn_at": clock.now(), "reason": "有一条错了"}
    given(lambda session: session.execute(update(Publicity).where(Publicity.id == first).values(withdrawn)))
    with database.read() as session:
        assert queries.standing(session, sam.branch_id, 2026, quarter) is None
    second = given(proposed, sam, quarter=quarter)
    with database.read() as session:
        assert queries.standing(session, sam.branch_id, 2026, quarter).id == second
        assert queries.current(session, sam.branch_id, 2026, quarter) is None
        assert queries.first_of_year(session, None, 2026) == date(2026, 9, 28)  # it was seen
        assert queries.first_of_year(session, sam.branch_id, 2025) is None
