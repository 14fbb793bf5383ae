"""One queue for all kinds: oldest first, of the own branch, without anything of one's own, and cheap."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.features.approvals.queries import PAGE
from app.features.records import service as records
from app.features.reviews.rules import Flag
from app.features.reviews.service import approve, undo, withdraw
from app.features.study.record import RECORD
from tests.features.reviews.makers import make_review
from tests.features.study.makers import MORNING, make_returned_study, make_study_record, new_study
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def queue(client, sam):
    def get(address="/approvals", person=sam):
        return page(client.get(address, headers=ENGLISH | as_member(person)))

    return get


def ids(soup):
    return [field["value"] for field in soup.select("input[name=ids]")]


def titles(soup):
    return [" ".join(title.get_text().split()) for title in soup.select("li.row b.t")]


def test_who_waited_longest_comes_first(given, queue, alice, bob):
    later = given(make_study_record, alice, title="《宪法》", received_at=MORNING + timedelta(minutes=5))
    first = given(make_study_record, bob, title="《监察法》", received_at=MORNING)
    soup = queue()
    assert ids(soup) == [str(first), str(later)]
    assert titles(soup) == ["《监察法》", "《宪法》"]
    assert [who.get_text().split()[0] for who in soup.select("li.row .who")] == [f"{bob.name}More", f"{alice.name}More"]
    assert "2 waiting" in soup.find(id="queue").get_text()


def test_all_are_ticked_and_counted_but_the_marked_ones(given, queue, alice, bob):
    for person in (alice, bob):
        given(make_study_record, person)
    marked = given(make_study_record, alice, title="《宪法》", flags=frozenset({Flag.CLOCK_SKEW, Flag.HANDED_OVER}))
    soup = queue()
    assert all(box.has_attr("checked") for box in soup.select("input[name=ids]"))
    assert str(marked) not in ids(soup)
    assert "Approve 2" in soup.select_one("button[value=approve]").get_text()
    row = soup.find("a", href=f"/approvals/{marked}").find_parent("li").get_text()
    assert "clock was wrong" in row
    assert "a file that an officer handed in" in row


def test_where_all_are_marked_there_is_no_button_for_many(given, queue, alice):
    given(make_study_record, alice, flags=frozenset({Flag.CLOCK_SKEW}))
    assert not queue().select(".dock")


def test_the_own_ones_are_for_another_officer(given, queue, alice, bob, sam, dora):
    own, entered = given(make_study_record, sam), given(make_study_record, bob, recorded_by_id=sam.id)
    other = given(make_study_record, alice)
    soup = queue()
    assert ids(soup) == [str(other)]
    assert "2 records are your own or were entered by you" in soup.get_text()
    assert set(ids(queue(person=dora))) == {str(own), str(entered), str(other)}
    assert f"entered by {sam.name}" in queue(person=dora).get_text()


def test_another_branch_sees_nothing_of_it(given, queue, alice, oscar):
    given(make_study_record, alice)
    soup = queue(person=oscar)
    assert ids(soup) == []
    assert "Nothing is waiting" in soup.get_text()


@pytest.mark.parametrize("person", ["alice", "olga"])
def test_it_is_for_officers(client, request, person):
    page(client.get("/approvals", headers=as_member(request.getfixturevalue(person))), status=403)


def test_kinds_are_counted_and_filter(given, queue, alice, bob):
    study = given(make_study_record, alice)
    others = [given(make_review, person) for person in (alice, bob)]
    soup = queue()
    views = {view.get_text().strip(): view["href"] for view in soup.select("nav.seg a")}
    assert set(views) == {"All 3", "Study 1", "Test 2"}
    assert ids(queue(views["Study 1"])) == [str(study)]
    tests_only = queue(views["Test 2"])
    assert set(ids(tests_only)) == {str(other) for other in others}
    assert tests_only.select_one("nav.seg a[aria-current]").get_text().strip() == "Test 2"
    assert "2 waiting" in tests_only.find(id="queue").get_text()


def test_an_unknown_kind_is_all_of_them(given, queue, alice):
    given(make_study_record, alice)
    assert len(ids(queue("/approvals?kind=nothing"))) == 1


def test_a_correction_says_so(given, queue, alice, sam):
    returned = given(make_returned_study, alice, sam)
    given(make_study_record, alice, corrects_id=returned.id, occurred_at=MORNING - timedelta(days=1))
    assert "corrected" in queue().find(id="decide").get_text()


def many(session, member, number):
    """Three records of each second."""
    records.record_all(
        session,
        RECORD,
        [
            new_study(member, title=f"第{index}章", minutes=1, received_at=MORNING + timedelta(seconds=index // 3))
            for index in range(number)
        ],
    )


def test_fifty_on_a_page_and_the_rest_further(given, queue, alice):
    given(many, alice, PAGE + 7)
    first = queue()
    assert "57 waiting" in first.find(id="queue").get_text()
    assert "Approve 50" in first.select_one("button[value=approve]").get_text()
    second = queue(first.select_one("#decide > a")["href"])
    assert [len(ids(first)), len(ids(second))] == [PAGE, 7]
    assert not set(ids(first)) & set(ids(second))


@pytest.mark.parametrize(
    "word", ["", "now", "2026-03-09_x", "2026-03-09T00:00:00_00000000-0000-0000-0000-000000000000"]
)
def test_a_broken_address_is_the_first_page(given, queue, alice, word):
    given(make_study_record, alice)
    assert len(ids(queue(f"/approvals?after={word}"))) == 1


@pytest.mark.parametrize("number", [1, 50])
def test_the_queue_costs_four_statements_however_long_it_is(client, given, statements, alice, sam, number):
    given(many, alice, number)
    statements.clear()
    page(client.get("/approvals", headers=as_member(sam)))
    assert len([sql for sql in statements if sql.startswith("SELECT")]) <= 4
    assert len(statements) <= 6


def test_the_last_decision_can_be_taken_back_from_here(given, queue, alice, bob, sam, dora):
    for officer, people in ((dora, (alice,)), (sam, (alice, bob))):
        given(approve, officer.actor, [given(make_review, person) for person in people])
    assert "2 records approved" in queue().select_one("form[action='/approvals/undo']").get_text()
    assert "1 record approved" in queue(person=dora).select_one("form[action='/approvals/undo']").get_text()
    with time_machine.travel(NOON + timedelta(minutes=11), tick=False):
        assert not queue().select("form[action='/approvals/undo']")


def test_everything_about_one_record(given, client, alice, bob, sam):
    record_id = given(
        make_study_record,
        alice,
        recorded_by_id=bob.id,
        takeaway="第三章最有用",
        made_offline=True,
        occurred_at=MORNING - timedelta(hours=1),
        received_at=MORNING,
        device_time="2026-03-09T09:00:00+08:00",
        flags=frozenset({Flag.WOULD_BE_REFUSED}),
    )
    soup = page(client.get(f"/approvals/{record_id}", headers=ENGLISH | as_member(sam)))
    told = dict(
        zip(
            [label.get_text() for label in soup.select("dl.dl dt")],
            [text.get_text() for text in soup.select("dl.dl dd")],
            strict=True,
        )
    )
    assert told == {
        "Kind": "Self-study",
        "Length": "30 minutes",
        "Day": "Monday 9 March",
        "Takeaway": "第三章最有用",
        "Time on the phone": "today 09:00",
        "Arrived": "today 10:00, recorded offline",
    }
    assert alice.name in soup.find("header").get_text()
    assert f"entered by {bob.name}" in soup.find("header").get_text()
    assert "the phone already said" in soup.get_text().lower()
    assert soup.select_one("input[name=acknowledged]").has_attr("required")


def test_a_decided_record_says_by_whom(given, client, alice, sam, dora):
    returned = given(make_returned_study, alice, dora)
    soup = page(client.get(f"/approvals/{returned.id}", headers=ENGLISH | as_member(sam)))
    assert dora.name in soup.get_text()
    assert "请写明学了什么" in soup.get_text()
    assert not soup.select("main form")


def at(hour, minute=0):
    return time_machine.travel(NOON.replace(hour=hour, minute=minute), tick=False)


def test_what_was_approved_taken_back_and_withdrawn_can_still_be_followed(given, client, alice, sam, dora):
    record_id = given(make_study_record, alice)
    with at(5):
        decision_id = given(approve, dora.actor, [record_id]).decision_id
    with at(5, 9):
        given(undo, dora.actor, decision_id=decision_id)
    with at(6):
        given(withdraw, [record_id], by_id=alice.id)
    with at(7):
        soup = page(client.get(f"/approvals/{record_id}", headers=ENGLISH | as_member(sam)))
    told = {label.get_text(): label.find_next("dd").get_text() for label in soup.select("dl.dl dt")}
    assert told["Taken back"] == f"approved by {dora.name} today 13:00, taken back today 13:09"
    assert told["Withdrawn"] == "today 14:00"
    assert not soup.select("main form")


def alike(soup):
    return [
        (link["href"], " ".join(link.get_text(" ").split())) for link in soup.select("[aria-labelledby=alike-title] a")
    ]


def test_a_record_that_may_be_a_second_one_leads_to_the_first(given, client, alice, bob, sam):
    first = given(make_study_record, alice, title="《宪法》")
    given(make_study_record, alice, title="另一本书")
    given(make_study_record, bob, title="《宪法》")
    second = given(make_study_record, alice, title="《 宪法 》", minutes=45)
    soup = page(client.get(f"/approvals/{second}", headers=ENGLISH | as_member(sam)))
    assert alike(soup) == [(f"/approvals/{first}", "《宪法》 Self-study · 30 minutes")]
    assert alike(page(client.get(f"/approvals/{first}", headers=ENGLISH | as_member(sam)))) == []


def test_a_day_with_too_much_in_it_leads_to_all_of_it(given, client, alice, sam):
    ids = [given(make_study_record, alice, title=f"第{number}章", minutes=600) for number in range(3)]
    soup = page(client.get(f"/approvals/{ids[2]}", headers=ENGLISH | as_member(sam)))
    assert {address for address, _words in alike(soup)} == {f"/approvals/{one}" for one in ids[:2]}


def test_what_was_taken_back_meanwhile_is_no_double(given, client, alice, sam):
    first, second = (given(make_study_record, alice) for _time in range(2))
    given(withdraw, [first], by_id=alice.id)
    assert alike(page(client.get(f"/approvals/{second}", headers=ENGLISH | as_member(sam)))) == []


def test_the_own_record_has_no_buttons(given, client, sam):
    record_id = given(make_study_record, sam)
    soup = page(client.get(f"/approvals/{record_id}", headers=ENGLISH | as_member(sam)))
    assert "Another officer decides on it" in soup.get_text()
    assert not soup.select("main form")


def test_a_stranger_opens_nothing(given, client, alice, oscar):
    record_id = given(make_study_record, alice)
    page(client.get(f"/approvals/{record_id}", headers=as_member(oscar)), status=404)
    page(client.get("/approvals/none", headers=as_member(oscar)), status=404)


def test_who_has_left_still_stands_in_the_queue(given, queue, branch):
    gone = given(make_member, branch, "郭去")
    given(make_study_record, gone)
    assert titles(queue()) == ["《监察法》第三章"]
    assert "郭去" in queue().select_one("li.row .who").get_text()
