"""My records: what became of each, in words, and what can be done about it."""

import json
from datetime import date, timedelta

import pytest
import time_machine

from app.features.records.queries import PAGE
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import UNDO_LASTS, Flag, ReviewStatus
from app.features.study.rules import StudyKind
from tests.features.shows.pledges.makers import DECEMBER, make_ended
from tests.features.study.makers import MORNING, make_approved_study, make_returned_study, make_study_record
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def row(soup, record_id):
    return " ".join(soup.find(id=f"record-row-{record_id}").get_text(" ").split())


@pytest.fixture
def records(client, alice):
    def get(address="/study", person=alice):
        return page(client.get(address, headers=ENGLISH | as_member(person)))

    return get


def test_each_record_says_what_became_of_it_and_the_ordinary_is_silent(given, records, alice, sam):
    waiting = given(make_study_record, alice, title="《宪法》")
    approved = given(make_approved_study, alice, sam, title="《监察法》").id
    returned = given(make_returned_study, alice, sam, title="讲座").id
    flagged = given(make_study_record, alice, title="《宪法》", flags=frozenset({Flag.CLOCK_SKEW}))
    soup = records()
    assert row(soup, waiting) == "《宪法》 Self-study · 30 minutes 9 Mar waiting for approval Withdraw"
    assert row(soup, approved) == "《监察法》 Self-study · 30 minutes 9 Mar"
    assert f"decided by {sam.name} Returned: 请写明学了什么" in row(soup, returned)
    assert soup.find(id=f"record-row-{returned}").find("a")["href"] == f"/study/new?corrects={returned}"
    assert "clock was wrong" in row(soup, flagged)


def test_a_record_without_words_of_its_own_names_its_kind_once(given, records, alice):
    record_id = given(make_study_record, alice, title="Self-study")
    assert row(records(), record_id).startswith("Self-study 30 minutes 9 Mar")


def test_records_stand_by_month_with_what_they_come_to(given, records, alice, sam):
    given(make_approved_study, alice, sam, title="《监察法》", minutes=45)
    given(make_study_record, alice, title="《宪法》", minutes=45)
    given(make_returned_study, alice, sam, title="讲座", minutes=600)
    given(make_study_record, alice, title="《民法典》", occurred_at=MORNING - timedelta(days=30))
    headings = [" ".join(heading.get_text(" ").split()) for heading in records().select("#record-list h2")]
    assert headings == ["March 2026 2 records, 1.5 hours", "February 2026 1 record, 30 minutes"]


def test_one_month_alone_or_what_has_these_words(given, records, alice):
    march = given(make_study_record, alice, title="《宪法》 100%")
    february = given(make_study_record, alice, title="《民法典》", occurred_at=MORNING - timedelta(days=30))
    asked = ("month=2026-02", "q=宪", "q=100%25", "q=%25民", "month=2026-01")
    found = [[str(li["id"])[len("record-row-") :] for li in records(f"/study?{one}").select("li.row")] for one in asked]
    assert found == [[str(february)], [str(march)], [str(march)], [], []]
    assert "Nothing fits" in records("/study?q=%25民").get_text()


def test_nothing_found_is_said_also_above_what_waits_for_others(given, records, alice, sam):
    given(make_study_record, alice, title="《宪法》", recorded_by_id=sam.id)
    shown = records("/study?q=没有这样的", person=sam).find(id="record-list").get_text()
    assert "Nothing fits" in shown
    assert "《宪法》" in shown


def test_nothing_recorded_yet_leads_to_the_form(records):
    assert records().find(id="record-list").find("a")["href"] == "/study/new"


def test_olga_sees_nothing_of_it(given, records, alice, olga):
    given(make_study_record, alice)
    assert "record-row" not in str(records(person=olga))


def test_a_corrected_record_is_not_corrected_again(given, records, alice, sam):
    returned = given(make_returned_study, alice, sam).id
    given(make_study_record, alice, corrects_id=returned)
    assert "corrects=" not in str(records())


def test_hours_are_shown_to_oneself(given, records, alice, bob, sam):
    lecture = {"kind": StudyKind.LECTURE, "title": "党课"}
    given(make_approved_study, alice, sam, minutes=90, **lecture)
    given(make_approved_study, alice, sam, minutes=90, kind=StudyKind.ORGANISED, title="党 课")  # the same hours
    given(make_approved_study, alice, sam, minutes=120)
    given(make_study_record, alice, title="讲座", minutes=45, kind=StudyKind.COURSE)
    given(make_returned_study, alice, sam, title="讲座", minutes=600, kind=StudyKind.COURSE)
    given(make_approved_study, alice, sam, minutes=60, occurred_on=date(2025, 12, 31), **lecture)
    given(make_approved_study, bob, sam, minutes=60, **lecture)
    said = " ".join(records().find(id="hours").get_text(" ").split())
    assert said.startswith(
        "Education hours 2026 1.5 / 32 education hours Waiting for approval: 0.7 education hours. "
        "Self-study besides: 2 education hours."
    )
    assert "/ 56 education hours" in " ".join(records(person=sam).find(id="hours").get_text(" ").split())


def test_an_officer_sees_what_they_entered_for_others(given, records, bob, sam, dora):
    record_id = given(make_study_record, bob, recorded_by_id=sam.id)
    assert f"for {bob.name}" in row(records(person=sam), record_id)
    assert f"entered by {sam.name}" in row(records(person=bob), record_id)
    assert "record-row" not in str(records(person=dora))


def test_older_records_are_a_page_further(given, records, alice):
    ids = [
        given(make_study_record, alice, title=f"第{number}章", occurred_at=MORNING - timedelta(days=number // 2))
        for number in range(PAGE + 5)
    ]
    first = records()
    older = first.select_one("#record-list > a")["href"]
    second = records(older)
    shown = [[str(li["id"]) for li in soup.select("li.row")] for soup in (first, second)]
    assert [len(rows) for rows in shown] == [PAGE, 5]
    assert {*shown[0], *shown[1]} == {f"record-row-{record_id}" for record_id in ids}
    assert not second.select_one("#record-list > a")


@pytest.mark.parametrize("word", ["", "yesterday", "2026-03-09_x", "_"])
def test_a_broken_address_is_the_first_page(given, records, alice, word):
    given(make_study_record, alice)
    assert records(f"/study?before={word}").select("li.row")


def test_the_page_costs_few_statements(client, given, statements, alice, sam):
    for number in range(10):
        given(make_study_record, alice, title=f"第{number}章")
    statements.clear()
    page(client.get("/study", headers=as_member(alice)))
    # who asks, the list, what stands; hours of records and of meetings, what is asked of whom, and by whose decision
    assert len([sql for sql in statements if sql.startswith("SELECT")]) <= 7


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_withdraws(client, given, database, alice, headers, status):
    record_id = given(make_study_record, alice)
    response = client.post(f"/study/records/{record_id}/withdraw", headers=headers | ENGLISH | as_member(alice))
    assert response.status_code == status
    if headers:
        assert row(fragment(response), record_id).endswith("withdrawn")
    else:
        assert response.headers["location"] == "/study"
    with database.read() as session:
        assert session.get(Review, record_id).status is ReviewStatus.WITHDRAWN


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_withdraws_by_a_slip_and_takes_it_back(client, given, database, alice, headers, status):
    record_id = given(make_study_record, alice)
    done = client.post(f"/study/records/{record_id}/withdraw", headers=HTMX | ENGLISH | as_member(alice))
    offer = json.loads(done.headers["HX-Trigger"])["sanliang:message"]["undo"]
    for _ in range(2):  # twice is once
        response = client.post(offer["to"], headers=headers | ENGLISH | as_member(alice))
        assert response.status_code == status
    with database.read() as session:
        assert session.get(Review, record_id).status is ReviewStatus.PENDING


@pytest.mark.parametrize(("person", "after", "status"), [("bob", 0, 404), ("olga", 0, 404), ("alice", 1, 409)])
def test_a_stranger_restores_nothing_and_nobody_does_later(client, given, request, alice, person, after, status):
    record_id = given(make_study_record, alice)
    client.post(f"/study/records/{record_id}/withdraw", headers=as_member(alice))
    with time_machine.travel(MORNING + after * (UNDO_LASTS + timedelta(seconds=1)), tick=False):
        who = as_member(request.getfixturevalue(person))
        page(client.post(f"/study/records/{record_id}/restore", headers=who), status=status)


def test_what_was_recorded_anew_meanwhile_is_marked_and_not_counted_twice_unseen(client, given, database, alice, sam):
    record_id = given(make_study_record, alice)
    client.post(f"/study/records/{record_id}/withdraw", headers=as_member(alice))
    anew = given(make_study_record, alice)
    client.post(f"/study/records/{record_id}/restore", headers=as_member(alice))
    both = {"decision": "approve", "ids": [str(anew), str(record_id)]}
    client.post("/approvals/decide", data=both, headers=as_member(sam))
    with database.read() as session:
        assert session.get(Review, record_id).flags == (Flag.OVERLAP,)
        assert session.get(Review, record_id).status is ReviewStatus.PENDING
        assert session.get(Review, anew).status is ReviewStatus.APPROVED


@pytest.mark.parametrize("act", ["withdraw", "restore"])
def test_only_study_is_withdrawn_and_restored_here(client, given, database, alice, sam, act):
    with time_machine.travel(DECEMBER, tick=False):
        _pledge_id, other_kind = given(make_ended, alice, sam)
        if act == "restore":
            given(lambda session: reviews.withdraw(session, [other_kind], by_id=alice.id))
        page(client.post(f"/study/records/{other_kind}/{act}", headers=as_member(alice)), status=404)
    with database.read() as session:
        stays = ReviewStatus.PENDING if act == "withdraw" else ReviewStatus.WITHDRAWN
        assert session.get(Review, other_kind).status is stays


def test_what_an_officer_entered_and_she_withdrew_he_does_not_restore(client, given, alice, sam):
    record_id = given(make_study_record, alice, recorded_by_id=sam.id)
    client.post(f"/study/records/{record_id}/withdraw", headers=as_member(alice))
    page(client.post(f"/study/records/{record_id}/restore", headers=as_member(sam)), status=404)


def test_withdrawing_twice_is_once(client, given, alice):
    record_id = given(make_study_record, alice)
    for _ in range(2):
        response = client.post(f"/study/records/{record_id}/withdraw", headers=as_member(alice))
        assert response.status_code == 303


def test_the_officer_who_entered_it_withdraws_it(client, given, bob, sam):
    record_id = given(make_study_record, bob, recorded_by_id=sam.id)
    response = client.post(f"/study/records/{record_id}/withdraw", headers=HTMX | ENGLISH | as_member(sam))
    assert row(fragment(response), record_id).endswith("withdrawn")


@pytest.mark.parametrize("stranger", ["bob", "olga", "oscar"])
def test_a_stranger_withdraws_nothing(client, given, request, alice, stranger):
    record_id = given(make_study_record, alice)
    person = request.getfixturevalue(stranger)
    response = client.post(f"/study/records/{record_id}/withdraw", headers=as_member(person))
    page(response, status=404)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_what_is_decided_stays_and_says_by_whom(client, given, alice, sam, headers):
    record_id = given(make_approved_study, alice, sam).id
    response = client.post(f"/study/records/{record_id}/withdraw", headers=headers | ENGLISH | as_member(alice))
    soup = fragment(response, status=409) if headers else page(response, status=409)
    assert f"{sam.name} has just decided on this one: approved" in soup.get_text()


def test_nobody_is_asked_to_sign_in_first(client):
    assert client.get("/study").headers["location"].startswith("/sign-in")
