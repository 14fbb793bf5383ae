"""The pages of duties: plain and with htmx, for who is meant and nobody else."""

from datetime import date
from uuid import UUID

import pytest

from app.core.ids import new_id
from app.features.shows.duties import queries
from app.features.shows.duties.rules import DutyState, Repeat
from tests.features.shows.duties.makers import make_duty, report
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page

TAKEN = {"id": new_id(), "kind": "party", "matter": "更新党务公开栏", "due_on": "2026-03-31"}
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture
def duty_of(database):
    """A duty as its row stands now."""

    def look(person, duty_id):
        with database.read() as session:
            return queries.card(session, person.actor, duty_id)

    return look


@pytest.fixture
def post(client):
    def send(person, address, headers=(), **fields):
        return client.post(f"/shows/duties{address}", data=fields, headers=ENGLISH | as_member(person) | dict(headers))

    return send


def test_an_empty_list_says_what_comes(client, alice):
    soup = page(client.get("/shows/duties", headers=ENGLISH | as_member(alice)))
    assert "No duties yet" in soup.get_text()


def test_my_list_goes_by_what_is_due(client, given, alice, bob):
    given(make_duty, alice, matter="整理会议室台账", due_on=date(2026, 3, 2))
    given(make_duty, alice, matter="撰写主题党日信息", due_on=date(2026, 3, 10))
    given(make_duty, alice, matter="编制年度预算初稿", due_on=date(2026, 6, 30), repeat=Repeat.YEARLY)
    given(make_duty, bob, matter="更新办事指南", helper_ids=(alice.id,))
    soup = page(client.get("/shows/duties", headers=ENGLISH | as_member(alice)))
    headings = [heading.get_text(strip=True) for heading in soup.select("main h2")]
    assert headings == ["Past its day", "Due within a week", "Later", "I help with"]
    text = soup.get_text()
    assert "7 days overdue" in text
    assert "due tomorrow" in text
    assert "every year" in text


@BOTH
def test_alice_takes_a_duty_on(client, post, duty_of, alice, bob, headers):
    fields = {
        "id": new_id(),
        "kind": "party",
        "matter": "更新党务公开栏",
        "due_on": "2026-03-31",
        "helper_ids": [bob.id],
    }
    answer = post(alice, "", headers, **fields)
    address = answer.headers.get("HX-Redirect") or answer.headers["location"]
    duty = duty_of(alice, UUID(address.rsplit("/", 1)[1]))
    assert (duty.matter, duty.helpers) == ("更新党务公开栏", (bob.name,))
    soup = page(client.get(address, headers=ENGLISH | as_member(alice)))
    assert "taken by the member" in soup.get_text()


def test_what_was_typed_stays(client, post, alice, bob):
    answer = post(
        alice, "", id=new_id(), kind="party", matter="更新党务公开栏", due_on="2026-03-01", helper_ids=[bob.id]
    )
    soup = page(answer, status=409)
    assert "due_on" in errors(soup)
    assert soup.select_one("#matter")["value"] == "更新党务公开栏"
    assert soup.select_one(f"input[name=helper_ids][value='{bob.id}']").has_attr("checked")
    soup = page(post(alice, "", id=new_id(), kind="party", due_on="2026-03-31"), status=422)
    assert "matter" in errors(soup)


@BOTH
def test_sam_gives_a_duty_to_two(client, post, given, sam, alice, bob, headers):
    fields = {"id": new_id(), "kind": "work", "matter": "报送半年总结", "due_on": "2026-03-12"}
    answer = post(sam, "/assign", headers, **fields, member_ids=[alice.id, bob.id])
    assert "/shows/duties/branch" in (answer.headers.get("HX-Redirect") or answer.headers["location"])
    soup = page(client.get("/shows/duties/branch", headers=ENGLISH | as_member(sam)))
    names = [heading.get_text(" ", strip=True) for heading in soup.select("#branch-list h2")]
    assert [name.split()[0] for name in names] == sorted((alice.name, bob.name), key=lambda name: name != alice.name)


def test_nobody_ticked_is_nobody_given(post, sam):
    soup = page(post(sam, "/assign", id=new_id(), kind="work", matter="报送半年总结", due_on="2026-03-12"), status=422)
    assert "at least one" in errors(soup)["wholes"]


@BOTH
def test_one_tap_says_how_it_goes(post, given, duty_of, alice, headers):
    duty_id = given(make_duty, alice)
    answer = post(alice, f"/{duty_id}/progress", headers, id=new_id(), state="started")
    assert duty_of(alice, duty_id).state is DutyState.STARTED
    if headers:
        assert fragment(answer).select_one("#duty") is not None
    else:
        assert answer.headers["location"] == f"/shows/duties/{duty_id}"


@BOTH
def test_one_tap_says_that_it_is_done(post, given, duty_of, alice, headers):
    duty_id = given(make_duty, alice)
    post(alice, f"/{duty_id}/end", headers, id=new_id(), result="done", sentence="")
    assert duty_of(alice, duty_id).state is DutyState.REPORTED
    post(alice, f"/{duty_id}/end/withdraw", headers)
    assert duty_of(alice, duty_id).state is DutyState.OPEN


def test_an_objective_reason_is_asked_for_where_it_is_missing(post, given, alice):
    duty_id = given(make_duty, alice)
    soup = page(post(alice, f"/{duty_id}/end", id=new_id(), result="objective"), status=409)
    assert "few words" in errors(soup)["sentence"]


@BOTH
def test_officers_change_a_duty(post, given, duty_of, sam, alice, bob, headers):
    duty_id = given(make_duty, alice, by=sam, repeat=Repeat.MONTHLY)
    for action, fields in (
        ("due-day", {"due_on": "2026-03-27", "reason": "会期推迟"}),
        ("helpers", {"helper_ids": [bob.id]}),
        ("hand-over", {"to_id": bob.id, "starts_on": "2026-03-09", "ends_on": "2026-03-10"}),
        ("stop-repeating", {}),
    ):
        assert post(sam, f"/{duty_id}/{action}", headers, **fields).status_code == (200 if headers else 303), action
    duty = duty_of(sam, duty_id)
    assert (duty.due_on, duty.responsible, duty.repeat) == (date(2026, 3, 27), bob.name, Repeat.NONE)
    post(sam, f"/{duty_id}/cancel", headers, reason="发错了人")
    assert duty_of(sam, duty_id).state is DutyState.CANCELLED
    post(sam, f"/{duty_id}/restore", headers)
    assert duty_of(sam, duty_id).state is DutyState.OPEN


def test_the_page_tells_the_whole_history(client, post, given, sam, alice, bob):
    duty_id = given(make_duty, alice, by=sam)
    post(alice, f"/{duty_id}/progress", id=new_id(), state="in_difficulty", note="等档案室腾柜子")
    post(sam, f"/{duty_id}/due-day", due_on="2026-03-27", reason="会期推迟")
    post(sam, f"/{duty_id}/hand-over", to_id=bob.id, starts_on="2026-03-12", ends_on="2026-03-13", reason="出差")
    post(alice, f"/{duty_id}/end", id=new_id(), result="done", sentence="已归档 312 件")
    soup = page(client.get(f"/shows/duties/{duty_id}", headers=ENGLISH | as_member(alice)))
    text = soup.select_one("ol.rows").get_text(" ", strip=True)
    for word in ("Assigned to", "In difficulty", "等档案室腾柜子", "会期推迟", bob.name, "出差", "已归档 312 件"):
        assert word in text


def test_members_find_no_way_to_change_what_was_given(client, post, given, sam, alice):
    duty_id = given(make_duty, alice, by=sam)
    soup = page(client.get(f"/shows/duties/{duty_id}", headers=ENGLISH | as_member(alice)))
    assert soup.select("form[action$='/end']")
    assert not soup.select("form[action$='/cancel'], form[action$='/due-day'], form[action$='/hand-over']")
    assert post(alice, f"/{duty_id}/hand-over", to_id=sam.id, starts_on="2026-03-09").status_code == 404
    soup = page(post(alice, f"/{duty_id}/cancel", reason="不想办"), status=403)
    assert "Another officer" in soup.get_text()


def test_a_refusal_shows_although_its_form_is_gone(post, given, alice):
    duty_id = given(make_duty, alice)
    given(report, alice, duty_id)
    soup = page(post(alice, f"/{duty_id}/progress", id=new_id(), state="started"), status=409)
    assert "waits for an officer" in soup.select_one("[role=alert]").get_text()


def test_a_returned_report_leads_to_its_duty(client, given, alice, bob):
    duty_id = given(make_duty, alice)
    review = given(report, alice, duty_id)
    answer = client.get(f"/shows/duties/reports/{review.id}", headers=as_member(alice))
    assert answer.headers["location"] == f"/shows/duties/{duty_id}"
    assert client.get(f"/shows/duties/reports/{review.id}", headers=as_member(bob)).status_code == 404


def test_others_see_nothing(client, post, given, alice, bob, olga, oscar):
    duty_id = given(make_duty, alice)
    for stranger in (bob, olga, oscar):
        assert client.get(f"/shows/duties/{duty_id}", headers=as_member(stranger)).status_code == 404
        assert post(stranger, f"/{duty_id}/end", id=new_id(), result="done").status_code == 404
    for address in ("branch", "assign", "import", "export.xlsx", "template.xlsx"):
        assert client.get(f"/shows/duties/{address}", headers=as_member(alice)).status_code == 403


def test_a_list_costs_a_few_statements_however_long(client, given, alice, bob, statements):
    for _ in range(2):
        given(make_duty, alice, helper_ids=(bob.id,))
    statements.clear()
    client.get("/shows/duties", headers=as_member(alice))
    few = len(statements)
    for _ in range(8):
        given(make_duty, alice, helper_ids=(bob.id,))
    statements.clear()
    client.get("/shows/duties", headers=as_member(alice))
    assert len(statements) == few


@BOTH
def test_an_officers_own_late_duty_offers_no_hand_over_and_refuses_one_with_a_sentence(
    client, post, given, sam, bob, headers
):
    duty_id = given(make_duty, sam, due_on=date(2026, 3, 6))
    soup = page(client.get(f"/shows/duties/{duty_id}", headers=ENGLISH | as_member(sam)))
    assert not soup.select("form[action$='/hand-over']")
    assert "another officer of the branch can hand it over" in soup.get_text()
    answer = post(sam, f"/{duty_id}/hand-over", headers, to_id=bob.id, starts_on="2026-03-09")
    assert answer.status_code == 409
    assert "another officer of the branch hands it over" in answer.text


@BOTH
def test_a_duty_given_to_an_officer_offers_the_hand_over_to_another_one(
    client, post, given, duty_of, sam, dora, bob, headers
):
    duty_id = given(make_duty, sam, by=dora, due_on=date(2026, 3, 10))
    forms = {
        person.name: page(client.get(f"/shows/duties/{duty_id}", headers=ENGLISH | as_member(person)))
        for person in (sam, dora)
    }
    assert not forms[sam.name].select("form[action$='/hand-over']")
    assert "This is your own duty. Another officer of the branch changes it." in forms[sam.name].get_text()
    assert forms[dora.name].select("form[action$='/hand-over']")
    span = {"to_id": bob.id, "starts_on": "2026-03-10", "ends_on": "2026-03-10"}
    answer = post(sam, f"/{duty_id}/hand-over", headers, **span)
    assert answer.status_code == 403
    assert "Another officer of the branch changes it" in answer.text
    assert duty_of(dora, duty_id).responsible == sam.name
    assert post(dora, f"/{duty_id}/hand-over", headers, **span).status_code == (200 if headers else 303)
