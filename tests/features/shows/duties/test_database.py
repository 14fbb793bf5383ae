"""What the database itself holds about duties."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core.ids import new_id
from app.features.history.models import Event
from app.features.shows.duties import outcomes, service
from app.features.shows.duties.models import Duty, DutyHandOver
from app.features.shows.duties.rules import ChangeKind, Progress
from tests.features.shows.duties.makers import TODAY, make_duty, report

HISTORY = ("duty_hand_overs", "duty_progress", "duty_outcomes")


def make_history(session, alice, bob, sam):
    duty_id = make_duty(session, alice, by=sam)
    outcomes.report_progress(session, alice.actor, id=new_id(), duty_id=duty_id, state=Progress.STARTED, note=None)
    service.move_due_day(session, sam.actor, duty_id=duty_id, due_on=date(2026, 3, 30))
    service.hand_over(session, sam.actor, duty_id=duty_id, to_id=bob.id, starts_on=date(2026, 3, 20))
    report(session, alice, duty_id)
    return duty_id


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", ["UPDATE {} SET duty_id = duty_id", "DELETE FROM {}"])
def test_history_is_append_only(database, given, alice, bob, sam, table, change):
    given(make_history, alice, bob, sam)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.execute(text(change.format(table)))


def broken(duty_id, alice):
    """Rows the database refuses, by the constraint that does."""
    ours = {"branch_id": alice.branch_id, "member_id": alice.id, "kind": "work", "due_on": TODAY, "source": "taken"}
    duty = ours | {"matter": "事", "anchored_on": TODAY, "made_by_id": alice.id}
    by = {"duty_id": duty_id, "recorded_by_id": alice.id}
    return {
        "has_matter": Duty(**duty | {"matter": "  "}, id=new_id(), series_id=duty_id, series_place=1),
        "first_names_the_series": Duty(**duty, id=new_id(), series_id=duty_id, series_place=0),
        "cancelled_for_a_reason": Event(
            subject="duty", subject_id=duty_id, step=ChangeKind.CANCELLED, by_id=alice.id, detail={}
        ),
        "ends_after_start": DutyHandOver(**by, to_id=alice.id, starts_on=TODAY, ends_on=date(2026, 3, 8)),
    }


@pytest.mark.parametrize("name", list(broken(None, type("Nobody", (), {"branch_id": None, "id": None}))))
def test_the_database_refuses(database, given, alice, name):
    duty_id = given(make_duty, alice)
    with pytest.raises(DatabaseError, match=name), database.write() as session:
        session.add(broken(duty_id, alice)[name])
