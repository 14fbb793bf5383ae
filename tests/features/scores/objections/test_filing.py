"""An objection is about something of one's own, from the day its publicity opens."""

from datetime import date

import pytest

from app.core.ids import new_id
from app.features.ledger.rules import FactType
from app.features.ledger.service import reverse
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import About, Matter, ObjectionOutcome, State
from tests.features.scores.makers import make_facts
from tests.features.scores.objections.makers import REASONS, WORDS, answer, object_to
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page, said_next


def form(fact=None, **said):
    of = {"fact": str(fact.id)} if fact else {"rule": "B2"}
    return {"id": str(new_id()), "year": "2026", "words": WORDS} | of | said


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_objects_from_her_sheet(client, database, alice, absence, headers, status):
    line = page(client.get("/sheet/2026/lines/B1", headers=as_member(alice)))
    ways = [link["href"] for link in line.select("a[href^='/objections/new']")]
    assert ways == [f"/objections/new?year=2026&rule=B1&fact={absence.id}", "/objections/new?year=2026&rule=B1"]
    for way in (ways[1], "/objections/new?year=2026&quarter=1"):  # of a line, and of a publicity
        shown = page(client.get(way, headers=as_member(alice) | ENGLISH))
        assert [option["value"] for option in shown.select("select[name='fact'] option")] == ["", str(absence.id)]
    assert "三月党员大会" in page(client.get(ways[0], headers=as_member(alice))).main.text
    sent = form(absence)
    for _twice in range(2):
        answered = client.post("/objections", data=sent, headers=as_member(alice) | headers)
        assert answered.status_code == status
    with database.read() as session:
        [found] = session.query(Objection).all()
        assert (found.about, found.rule_id, found.quarter, found.number) == (About.FACT, "B1", 1, 1)
        assert (found.state, found.answer_by) == (State.FILED, date(2026, 4, 10))
    own = page(client.get("/objections", headers=as_member(alice) | ENGLISH))
    assert "waits for the answer" in own.main.text


def test_somebody_elses_fact_goes_to_the_box(client, database, bob, olga, absence):
    """Nobody learns by it whether there is such a fact."""
    for asks, fact_id in ((bob, absence.id), (olga, absence.id), (bob, new_id())):
        for answered in (
            client.get(f"/objections/new?fact={fact_id}", headers=as_member(asks) | ENGLISH),
            client.post("/objections", data=form() | {"fact": str(fact_id)}, headers=as_member(asks) | ENGLISH),
        ):
            assert answered.headers["location"].startswith("/complaints")
            assert "about your own facts" in (said_next(answered) or "")
    with database.read() as session:
        assert session.query(Objection).count() == 0


def test_before_the_publicity_nothing_is_objected_to(client, april, alice):
    april.move_to(date(2026, 3, 31))
    shown = page(client.get("/objections/new?rule=B2", headers=as_member(alice) | ENGLISH))
    assert "from the day on which the branch opens the publicity" in shown.main.text
    assert shown.main.select("form[action='/objections']") == []
    refused = client.post("/objections", data=form() | {"year": "2027"}, headers=as_member(alice) | ENGLISH)
    assert refused.status_code == 409


def test_a_missing_fact_and_a_standing(client, database, alice, april):
    for said in ({"day": "2026-03-12"}, {"rule": "", "matter": Matter.EXEMPT, "standing": "1"}):
        client.post("/objections", data=form() | said, headers=as_member(alice))
    with database.read() as session:
        missing, standing = session.query(Objection).order_by(Objection.number).all()
        assert (missing.about, missing.rule_id, missing.day) == (About.MISSING, "B2", date(2026, 3, 12))
        assert (standing.about, standing.matter, standing.number) == (About.STANDING, Matter.EXEMPT, 2)


def test_a_second_objection_shows_the_decision(client, given, alice, dora, absence):
    objection_id = given(object_to, alice, absence)
    given(answer, dora, objection_id, ObjectionOutcome.REFUSED)
    refused = client.post("/objections", data=form(absence), headers=as_member(alice) | ENGLISH)
    assert REASONS in page(refused, 409).main.text
    shown = page(client.get(f"/objections/new?fact={absence.id}", headers=as_member(alice) | ENGLISH))
    assert "not upheld" in shown.main.text
    assert REASONS in shown.main.text
    assert shown.select(f"a[href='/objections/{objection_id}']")


def test_what_was_withdrawn_may_be_filed_again(client, given, database, alice, absence):
    objection_id = given(object_to, alice, absence)
    for _twice in range(2):
        assert client.post(f"/objections/{objection_id}/withdraw", headers=as_member(alice)).status_code == 303
    assert client.post("/objections", data=form(absence), headers=as_member(alice)).status_code == 303


def test_a_late_one_is_taken_up_or_not(client, given, database, april, alice, dora, absence):
    april.move_to(date(2026, 4, 13))
    late, other = given(object_to, alice, absence), given(object_to, alice)
    address, headers = f"/objections/{other}/take-up", as_member(dora) | ENGLISH | HTMX
    refused = client.post(address, data={"step": "decline"}, headers=headers)
    assert "in a sentence" in errors(fragment(refused, 422))["because"]
    client.post(address, data={"step": "decline", "because": "三月已公示，没有新情况。"}, headers=headers)
    client.post(f"/objections/{late}/take-up", data={"step": "take_up"}, headers=headers)
    with database.read() as session:
        found = session.get(Objection, late)
        assert (found.state, found.answer_by) == (State.FILED, date(2026, 4, 20))
        assert session.get(Objection, other).state is State.DECLINED


def test_a_fact_that_was_taken_back_needs_none(client, given, alice, april):
    fact = given(make_facts, alice, FactType.ATTENDANCE_LATE, date(2026, 3, 9))[0]
    given(reverse, [fact.id], recorded_by_id=alice.id)
    refused = client.post("/objections", data=form(fact), headers=as_member(alice) | ENGLISH)
    assert "taken back already" in page(refused, 409).main.text
