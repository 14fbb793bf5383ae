"""Approving many with one tap, returning with a reason, taking back; plain and with htmx."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update

from app.core.ids import new_id
from app.features.approvals import queries
from app.features.ledger import queries as ledger
from app.features.reviews.models import Review
from app.features.reviews.rules import BATCH, UNDO_LASTS, Flag
from app.features.reviews.service import approve
from app.features.study.rules import StudyKind
from tests.features.study.makers import MORNING, make_approved_study, make_study_record
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as time:
        yield time


@pytest.fixture
def decide(client, sam):
    def send(decision, *ids, person=sam, headers=None, **fields):
        data = {"decision": decision, "ids": [str(one) for one in ids], **fields}
        return client.post("/approvals/decide", data=data, headers=ENGLISH | as_member(person) | (headers or {}))

    return send


@pytest.fixture
def undo(client, sam):
    def send(decision_id, person=sam, headers=None):
        data = {"decision_id": str(decision_id)}
        return client.post("/approvals/undo", data=data, headers=ENGLISH | as_member(person) | (headers or {}))

    return send


@pytest.fixture
def status(database):
    def read(*ids):
        with database.read() as session:
            return [session.get(Review, one).status.value for one in ids]

    return read


@pytest.fixture
def facts(database):
    def read(member):
        with database.read() as session:
            return ledger.facts(session, member.id, since=date(2026, 1, 1), until=date(2026, 12, 1))

    return read


def read(response, headers, status=200):
    return fragment(response, status=status) if headers else page(response, status=status)


@BOTH
def test_sam_approves_many_with_one_tap(given, decide, status, facts, alice, bob, headers):
    ids = [given(make_study_record, person) for person in (alice, bob)]
    response = decide("approve", *ids, headers=headers)
    if headers:
        soup = fragment(response)
        assert soup.find(id="queue")
        assert "2 records approved." in soup.get_text()
        assert "2 records approved." in response.headers["HX-Trigger"]
    else:
        assert (response.status_code, response.headers["location"]) == (303, "/approvals")
    assert status(*ids) == ["approved", "approved"]
    assert [len(facts(person)) for person in (alice, bob)] == [1, 1]


def test_the_view_is_kept(given, decide, alice):
    response = decide("approve", given(make_study_record, alice), kind="study.record")
    assert response.headers["location"] == "/approvals?kind=study.record"


def test_an_address_of_somebody_elses_making_leads_nowhere_else(given, decide, alice):
    response = decide("approve", given(make_study_record, alice), kind="//evil.example/&x=")
    assert response.headers["location"] == "/approvals"


def test_an_item_and_a_session_are_different_facts(given, decide, facts, alice):
    for kind, title in ((StudyKind.COURSE, "网络课程"), (StudyKind.ORGANISED, "集中学习")):
        decide("approve", given(make_study_record, alice, kind=kind, title=title))
    assert [(fact.fact_type.value, fact.quantity, fact.note) for fact in facts(alice)] == [
        ("study.item", 100, "网络课程"),
        ("study.session", 100, "集中学习"),
    ]


@BOTH
def test_good_ones_go_through_and_the_others_are_named(given, decide, status, alice, bob, sam, dora, headers):
    good = given(make_study_record, alice)
    flagged = given(make_study_record, bob, title="《宪法》", flags=frozenset({Flag.CLOCK_SKEW}))
    decided = given(make_approved_study, bob, dora, title="讲座").id
    soup = read(decide("approve", good, flagged, decided, headers=headers), headers)
    named = soup.find(id="refused").get_text(" ")
    assert "《宪法》" in named
    assert "approve it by itself" in named
    assert f"{dora.name} has just decided on this one: approved" in named
    assert "1 record approved." in soup.get_text()
    assert status(good, flagged, decided) == ["approved", "pending", "approved"]


@BOTH
def test_the_slower_officer_is_told_kindly(given, decide, alice, dora, headers):
    record_id = given(make_study_record, alice)
    given(approve, dora.actor, [record_id])
    soup = read(decide("return", record_id, reason="太晚", headers=headers), headers, status=409)
    assert f"{dora.name} has just decided on this one" in soup.find(id="refused").get_text()


def test_a_marked_one_passes_alone_and_looked_at(given, decide, status, alice):
    record_id = given(make_study_record, alice, flags=frozenset({Flag.CLOCK_SKEW}))
    page(decide("approve", record_id, page="one"), status=409)
    assert status(record_id) == ["pending"]
    assert decide("approve", record_id, page="one", acknowledged="yes").status_code == 303
    assert status(record_id) == ["approved"]


def test_nobody_decides_on_the_own(given, decide, status, sam, dora):
    record_id = given(make_study_record, sam)
    page(decide("approve", record_id), status=403)
    assert status(record_id) == ["pending"]
    assert decide("approve", record_id, person=dora).status_code == 303


@pytest.mark.parametrize(("person", "code"), [("oscar", 404), ("bob", 403), ("carl", 404)])
@pytest.mark.parametrize("decision", ["approve", "return"])
def test_a_stranger_decides_nothing(given, request, decide, status, alice, person, code, decision):
    record_id = given(make_study_record, alice)
    page(decide(decision, record_id, person=request.getfixturevalue(person), reason="x"), status=code)
    assert status(record_id) == ["pending"]


@BOTH
def test_sam_returns_with_a_reason(client, given, decide, status, facts, alice, headers):
    record_id = given(make_study_record, alice)
    response = decide("return", record_id, reason=" 请写明学了什么 ", headers=headers)
    assert response.status_code == (200 if headers else 303)
    assert status(record_id) == ["returned"]
    assert facts(alice) == []
    assert "Returned: 请写明学了什么" in page(client.get("/study", headers=ENGLISH | as_member(alice))).get_text()


@pytest.mark.parametrize(("reason", "sentence"), [("", "in a few words why"), ("字" * 201, "at most 200 characters")])
@BOTH
def test_without_a_reason_the_ticks_stay(given, decide, status, alice, bob, headers, reason, sentence):
    ticked, other = given(make_study_record, alice), given(make_study_record, bob)
    soup = read(decide("return", ticked, reason=reason, headers=headers), headers, status=422)
    assert sentence in errors(soup)["reason"]
    assert soup.select_one("#reason").get_text() == reason
    assert [box["value"] for box in soup.select("input[name=ids][checked]")] == [str(ticked)]
    assert soup.select_one(".dock details").has_attr("open")
    assert status(ticked, other) == ["pending", "pending"]


def test_a_reason_typed_on_the_page_of_one_record_is_kept(given, decide, alice):
    record_id = given(make_study_record, alice)
    soup = page(decide("return", record_id, reason="字" * 201, page="one"), status=422)
    assert soup.select_one("#reason").get_text() == "字" * 201
    assert "《监察法》" in soup.find("h1").get_text()


@BOTH
def test_nothing_ticked_is_said(given, decide, alice, headers):
    given(make_study_record, alice)
    soup = read(decide("approve", headers=headers), headers, status=422)
    assert "choose at least one" in soup.find(id="ids-wrong").get_text()


@pytest.mark.parametrize("ids", [["1"], ["1", "2"]])
@pytest.mark.parametrize("came_from", ["one", "queue"])
def test_ids_that_are_none_are_refused(decide, ids, came_from):
    assert decide("approve", *ids, page=came_from).status_code in (404, 422)


def test_too_many_at_once_are_refused(given, decide, alice):
    given(make_study_record, alice)
    page(decide("approve", *(new_id() for _ in range(BATCH + 1))), status=409)


@BOTH
def test_one_tap_takes_back_what_one_tap_decided(given, undo, status, facts, alice, bob, sam, headers):
    ids = [given(make_study_record, person) for person in (alice, bob)]
    decision_id = given(approve, sam.actor, ids).decision_id
    for _again in range(2):
        response = undo(decision_id, headers=headers)
        assert response.status_code == (200 if headers else 303)
        assert status(*ids) == ["pending", "pending"]
        assert facts(alice) == facts(bob) == []
    if headers:
        assert [box["value"] for box in fragment(response).select("input[name=ids]")] == sorted(map(str, ids))


def test_a_second_tap_on_undo_does_not_hit_the_decision_before(given, undo, alice, bob, sam):
    given(approve, sam.actor, [given(make_study_record, alice)])
    decision_id = given(approve, sam.actor, [given(make_study_record, bob)]).decision_id
    assert not fragment(undo(decision_id, headers=HTMX)).select("form[action='/approvals/undo']")


def test_after_ten_minutes_it_stays(given, undo, status, at_noon, alice, sam):
    record_id = given(make_study_record, alice)
    decision_id = given(approve, sam.actor, [record_id]).decision_id
    at_noon.shift(UNDO_LASTS + timedelta(seconds=1))
    assert "they are over" in page(undo(decision_id), status=409).get_text()
    assert status(record_id) == ["approved"]


@pytest.mark.parametrize(("person", "code"), [("dora", 409), ("oscar", 404), ("alice", 403)])
def test_nobody_else_takes_it_back(given, request, undo, status, alice, sam, person, code):
    record_id = given(make_study_record, alice)
    decision_id = given(approve, sam.actor, [record_id]).decision_id
    page(undo(decision_id, person=request.getfixturevalue(person)), status=code)
    assert status(record_id) == ["approved"]


def test_an_undo_of_nothing_is_refused(undo):
    page(undo("x"), status=422)
    page(undo(new_id()), status=404)


def test_approving_fifty_costs_a_fixed_number_of_statements(given, decide, statements, alice, sam):
    given(make_approved_study, alice, sam, occurred_at=MORNING - timedelta(days=1))
    costs = []
    for number in (2, 50):
        ids = [given(make_study_record, alice, title=f"{number}-{index}", minutes=1) for index in range(number)]
        statements.clear()
        assert decide("approve", *ids).status_code == 303
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 16


def test_the_view_is_kept_from_the_page_of_one_record(client, given, decide, alice, sam):
    first, second = given(make_study_record, alice), given(make_study_record, alice, title="《宪法》")
    shown = page(client.get(f"/approvals/{first}?kind=study.record", headers=ENGLISH | as_member(sam)))
    assert shown.select_one("a.back")["href"] == "/approvals?kind=study.record"
    assert {field["value"] for field in shown.select("input[name=kind]")} == {"study.record"}
    response = decide("approve", first, page="one", kind="study.record")
    assert response.headers["location"] == "/approvals?kind=study.record"
    queue = page(client.get(response.headers["location"], headers=ENGLISH | as_member(sam)))
    assert [field["value"] for field in queue.select("#decide input[name=ids]")] == [str(second)]


def test_what_was_decided_lately_stands_in_a_list_with_the_way_back(client, given, decide, alice, sam, dora, oscar):
    first, second = given(make_study_record, alice), given(make_study_record, alice, title="《宪法》")
    decide("approve", first)
    decide("return", second, reason="Which chapter?")
    own = page(client.get("/approvals/decided", headers=ENGLISH | as_member(sam)))
    assert {row["id"] for row in own.select("li.row")} == {f"decided-{first}", f"decided-{second}"}
    assert "Returned: Which chapter?" in own.get_text()
    assert len(own.select("form[action='/approvals/undo']")) == 2
    others = page(client.get("/approvals/decided", headers=ENGLISH | as_member(dora)))
    assert len(others.select("li.row")) == 2
    assert not others.select("form[action='/approvals/undo']")
    assert not page(client.get("/approvals/decided", headers=as_member(oscar))).select("li.row")


def test_a_list_cut_short_says_so(client, given, decide, alice, sam, monkeypatch):
    monkeypatch.setattr(queries, "LATELY_SHOWN", 1)
    decide("approve", given(make_study_record, alice))
    whole = page(client.get("/approvals/decided", headers=ENGLISH | as_member(sam)))
    assert len(whole.select("li.row")) == 1
    assert "Older ones" not in whole.get_text()
    decide("approve", given(make_study_record, alice, title="《宪法》"))
    cut = page(client.get("/approvals/decided", headers=ENGLISH | as_member(sam)))
    assert len(cut.select("li.row")) == 1
    assert "The latest 1 are shown. Older ones stand with each member." in cut.get_text()


def test_what_sam_decided_in_a_branch_of_before_is_no_longer_listed(client, given, olga, oscar, sam):
    elsewhere = given(make_approved_study, olga, oscar).id
    given(lambda session: session.execute(update(Review).where(Review.id == elsewhere).values(decided_by_id=sam.id)))
    assert not page(client.get("/approvals/decided", headers=as_member(sam))).select("li.row")


@BOTH
def test_a_return_may_say_what_kind_of_reason_it_has(given, database, decide, undo, alice, bob, headers):
    said, unsaid = (given(make_study_record, person) for person in (alice, bob))
    decide("return", said, reason="是哪门课？", returned_for="unclear", headers=headers)
    decide("return", unsaid, reason="请再看看", returned_for="", headers=headers)
    with database.read() as session:
        assert session.get(Review, said).returned_for == "unclear"
        assert session.get(Review, unsaid).returned_for is None
        decision = session.get(Review, said).decision_id
    undo(decision, headers=headers)
    with database.read() as session:
        assert session.get(Review, said).returned_for is None


def test_a_kind_of_reason_that_is_none_comes_back_with_what_was_typed(given, decide, status, alice):
    record_id = given(make_study_record, alice)
    again = page(decide("return", record_id, reason="请写明", returned_for="lazy"), status=422)
    assert again.find("textarea", {"name": "reason"}).get_text() == "请写明"
    assert status(record_id) == ["pending"]
