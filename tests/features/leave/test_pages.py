"""The pages: plain and with htmx, from the today page, for officers, on paper; the stranger sees nothing."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.core.ids import new_id
from app.features.home import own_data
from app.features.leave import findings, queries, service
from app.features.leave.due import DUE
from app.features.leave.life import Finding, LeaveDecision
from app.features.leave.models import Leave, LeaveFinding
from app.features.leave.rules import Half, LeaveType
from app.features.members.models import Member
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from tests.features.leave.makers import approved, ask, at, days
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_member
from tests.page import errors, fragment, page, said_next

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
DAYS = {"leave": "official", "first": "2026-03-16", "last": "2026-03-18"}
ASKED = DAYS | {"destination": "杭州", "approved_by": "王处长"}


@pytest.fixture
def send(client):
    def post(person, address, headers=None, **fields):
        return client.post(address, data=fields, headers=ENGLISH | as_member(person) | (headers or {}))

    return post


@pytest.fixture
def see(client):
    def get(person, address, status=200):
        return page(client.get(address, headers=ENGLISH | as_member(person)), status)

    return get


@pytest.fixture
def row(database):
    def read(leave_id):
        with database.read() as session:
            return session.get(Leave, leave_id)

    return read


def read(response, headers, status=200):
    return fragment(response, status=status) if headers else page(response, status=status)


@BOTH
def test_alice_asks_and_finds_it_among_her_own(send, see, row, alice, headers):
    leave_id = new_id()
    response = send(alice, "/leave", headers, id=leave_id, **ASKED)
    to = response.headers["HX-Redirect"] if headers else response.headers["location"]
    assert to == f"/leave/{leave_id}"
    assert row(leave_id).destination == "杭州"
    assert "16 Mar – 18 Mar" in see(alice, "/leave").get_text()
    text = see(alice, to).get_text()
    assert "3 days, 3 of them working days" in text
    assert "Approved by the unit already · 王处长" in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"last": "2026-03-15"}, "last_half"),
        ({"last": "2026-03-16", "first_half": "pm", "last_half": "am"}, "last_half"),
        ({"destination": "文三路12号"}, "destination"),
        ({"first": "2036-03-16", "last": "2036-03-18"}, "last"),
    ],
    ids=["ends before", "reversed halves", "an address", "far away"],
)
def test_what_cannot_be_is_said_at_its_field(send, alice, typed, field):
    response = send(alice, "/leave", id=new_id(), **ASKED | typed)
    soup = page(response, status=response.status_code)
    assert response.status_code in {409, 422}
    assert field in errors(soup)
    assert soup.find(attrs={"name": "approved_by"})["value"] == "王处长"


@BOTH
def test_an_overlap_names_the_other(given, send, alice, headers):
    given(ask, alice)
    soup = read(send(alice, "/leave", headers, id=new_id(), **ASKED), headers, status=409)
    assert "Annual leave, 16 Mar – 18 Mar" in errors(soup)["first"]


def test_no_form_asks_for_a_reason_a_diagnosis_or_a_proof(see, alice):
    names = {field["name"] for field in see(alice, "/leave/new").select("form#leave-form [name]")}
    assert names == {
        "id", "leave", "first", "first_half", "last", "last_half", "destination", "stand_in", "approval", "approved_by",
    }  # fmt: skip


def test_sam_acknowledges_it_in_one_tap_with_the_others(given, see, send, alice, sam):
    leave_id = given(ask, alice)
    queue = see(sam, "/approvals")
    assert "16 Mar – 18 Mar · 3 days, 3 of them working days · Approved by the unit already" in queue.get_text()
    assert queue.select_one(f"input[name=ids][value='{leave_id}']").has_attr("checked")
    assert send(sam, "/approvals/decide", decision="approve", ids=str(leave_id)).status_code == 303
    assert "known: approved elsewhere" in see(alice, f"/leave/{leave_id}").get_text()
    assert see(sam, f"/approvals/{leave_id}")


def test_a_returned_one_is_corrected_from_the_today_page(given, see, send, alice, sam):
    leave_id = given(ask, alice)
    given(reviews.return_to_member, sam.actor, [leave_id], reason="日期写错了")
    way = see(alice, "/").select_one(f"a[href='/leave/new?corrects={leave_id}']")
    form = see(alice, way["href"])
    assert "日期写错了" in form.get_text()
    assert form.find(id="first")["value"] == "2026-03-16"
    send(alice, "/leave", id=new_id(), corrects_id=leave_id, **ASKED | {"leave": "annual"})
    assert not see(alice, "/").select(f"a[href='/leave/new?corrects={leave_id}']")
    see(alice, f"/leave/new?corrects={leave_id}", 409)


@BOTH
def test_when_it_is_due_one_tap_on_the_today_page_closes_it(given, send, see, row, time, alice, sam, headers):
    leave_id = given(approved, alice, sam)
    time.move_to(at(3, 17))
    assert not see(alice, "/").select(f"form[action='/leave/{leave_id}/close']")
    time.move_to(at(3, 19, 8))
    form = see(alice, "/").select_one(f"form[action='/leave/{leave_id}/close']")
    sent = {field["name"]: field["value"] for field in form.select("[name]")}
    response = send(alice, form["action"], headers, **sent)
    soup = fragment(response) if headers else see(alice, response.headers["location"])
    assert "closed" in soup.get_text()
    assert row(leave_id).ended_on == date(2026, 3, 19)
    assert not see(alice, "/").select(f"form[action='/leave/{leave_id}/close']")
    back = send(alice, f"/leave/{leave_id}/reopen", headers)
    assert back.status_code == (200 if headers else 303)
    assert row(leave_id).ended_as is None


@BOTH
def test_an_officer_closes_it_for_alice_on_another_day(given, send, see, row, time, alice, sam, headers):
    leave_id = given(approved, alice, sam)
    time.move_to(at(3, 19))
    wrong = send(sam, f"/leave/{leave_id}/close", headers, returned_on="2026-03-20")
    assert "returned_on" in errors(read(wrong, headers, status=409))
    offered = see(sam, f"/leave/{leave_id}").select_one("[name=returned_on]")["value"]
    assert offered == "2026-03-18"  # closing late is not coming back late: that somebody has to say
    done = send(sam, f"/leave/{leave_id}/close", headers, returned_on="2026-03-17")
    assert (row(leave_id).returned_on, row(leave_id).ended_by_id) == (date(2026, 3, 17), sam.id)
    assert "Closed for the member." in (done.headers["HX-Trigger"] if headers else said_next(done))


@BOTH
def test_before_it_begins_it_is_cancelled(given, send, see, row, alice, sam, headers):
    leave_id = given(approved, alice, sam)
    assert send(alice, f"/leave/{leave_id}/cancel", headers).status_code == (200 if headers else 303)
    assert row(leave_id).ended_as == "cancelled"
    waiting = given(ask, alice)
    send(alice, f"/leave/{waiting}/cancel", headers)
    assert not see(sam, "/approvals").select(f"input[value='{waiting}']")


@BOTH
def test_an_extension_is_asked_for_on_the_same_form(given, send, see, row, alice, sam, headers):
    leave_id = given(approved, alice, sam, approved_by="王处长")
    form = see(alice, f"/leave/new?extends={leave_id}").find(id="leave-form")
    assert form.select_one("[name=approved_by]")["value"] == ""
    sent = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    assert send(alice, "/leave", headers, **sent, last="2026-03-20").status_code == (200 if headers else 303)
    assert row(UUID(sent["id"])).extends_id == leave_id
    assert "Extension · 16 Mar – 20 Mar" in see(sam, "/approvals").get_text()


def test_while_an_extension_waits_nobody_is_asked_to_close_the_leave(given, send, see, database, time, alice, sam):
    leave_id = given(approved, alice, sam)
    time.move_to(at(3, 18))
    longer = given(ask, alice, days((3, 16), (3, 27)), extends_id=leave_id)
    own = see(alice, f"/leave/{leave_id}")
    assert own.select_one(f"a[href='/leave/{longer}']").get_text() == "waiting for approval"
    assert not own.select("a[href^='/leave/new?extends=']")
    time.move_to(at(3, 23))
    assert not see(alice, "/").select(f"form[action='/leave/{leave_id}/close']")
    with database.read() as session:
        assert DUE.due(session, at(3, 23)) == []
        assert queries.missed(session, sam.actor, date(2026, 3, 23)) == []
    assert not see(sam, f"/leave/{leave_id}").select("input[name=finding]")
    for missed in ("unclosed", "overdue"):
        assert send(sam, f"/leave/{leave_id}/findings", finding=missed).status_code == 409
    given(reviews.return_to_member, sam.actor, [longer], reason="请先返岗")
    assert see(alice, "/").select(f"form[action='/leave/{leave_id}/close']")
    with database.read() as session:
        assert [leave.id for leave in queries.missed(session, sam.actor, date(2026, 3, 23))] == [leave_id]


def test_who_is_still_away_is_not_asked_whether_they_are_back(given, see, time, alice, bob, sam):
    whole = given(approved, alice, sam, days((3, 16), (3, 16)), LeaveType.OFFICIAL)
    morning = given(approved, bob, sam, days((3, 16), (3, 16), last_half=Half.AM), LeaveType.OFFICIAL)
    time.move_to(at(3, 16, 9))
    for person, leave_id in ((alice, whole), (bob, morning)):
        assert "Before the trip" in see(person, "/").get_text()
        assert not see(person, "/").select(f"form[action='/leave/{leave_id}/close']")
    time.move_to(at(3, 16, 13))
    assert not see(alice, "/").select(f"form[action='/leave/{whole}/close']")
    assert see(bob, "/").select(f"form[action='/leave/{morning}/close']")
    time.move_to(at(3, 17))
    assert see(alice, "/").select(f"form[action='/leave/{whole}/close']")


def test_every_field_of_the_form_has_a_label_of_its_own(see, alice):
    labels = [label.get_text(strip=True) for label in see(alice, "/leave/new").select("#leave-form label[for]")]
    assert len(labels) == len(set(labels)) >= 7


def test_who_decides_finds_the_way_there_on_the_leave(given, see, alice, sam, dora):
    leave_id, own = given(ask, alice), given(ask, sam)
    way = f"a[href='/approvals/{leave_id}']"
    see(sam, see(sam, f"/leave/{leave_id}").select_one(way)["href"])
    assert not see(alice, f"/leave/{leave_id}").select(way)
    assert not see(sam, f"/leave/{own}").select(f"a[href='/approvals/{own}']")
    given(reviews.approve, dora.actor, [leave_id])
    assert not see(sam, f"/leave/{leave_id}").select(way)


def test_who_may_take_back_what_was_said_has_the_button_and_nobody_else(given, see, time, sam, dora, carl):
    branch = given(make_branch, "第四党支部")
    lena = given(make_member, branch, "凌南", roles=(Role.SECRETARY,))
    for person, by in ((lena, carl), (sam, dora)):
        time.move_to(at(3, 9))
        leave_id = given(approved, person, by)
        time.move_to(at(3, 20, 12))
        said = given(
            findings.say, by.actor, leave_id=leave_id, finding=Finding.UNCLOSED, verdict=LeaveDecision.CONFIRMED
        )
        button = f"form[action='/leave/findings/{said}/take-back']"
        assert see(by, f"/leave/findings/{said}").select(button)
        assert not see(person, f"/leave/findings/{said}").select(button)


def test_strangers_and_colleagues_see_nothing(given, see, send, alice, bob, sam, olga, oscar):
    leave_id = given(approved, alice, sam)
    for person in (bob, olga, oscar):
        for address in (f"/leave/{leave_id}", f"/leave/{leave_id}/slip", f"/leave/new?extends={leave_id}"):
            see(person, address, 404)
        for act in ("close", "cancel", "reopen", "checks"):
            assert send(person, f"/leave/{leave_id}/{act}").status_code == 404
    assert send(oscar, f"/leave/{leave_id}/findings", finding="unclosed").status_code == 404
    assert send(bob, f"/leave/{leave_id}/findings", finding="unclosed").status_code == 403
    see(bob, "/leave/branch", 403)
    assert "Annual" not in see(oscar, "/leave/branch").get_text()


@BOTH
def test_what_was_missed_leads_from_today_to_an_officers_word(given, send, see, database, time, alice, sam, headers):
    leave_id = given(approved, alice, sam, leave=LeaveType.SICK)
    time.move_to(at(3, 20))
    assert see(sam, "/").select_one("a[href='/leave/branch'] .v").get_text() == "1"
    assert len(see(sam, "/leave/branch").select(f"a[href='/leave/{leave_id}']")) == 1
    assert "confirm" not in see(alice, f"/leave/{leave_id}").get_text().lower()
    verdict = see(sam, f"/leave/{leave_id}").select_one("input[name=verdict][value=confirmed]")
    response = send(sam, f"/leave/{leave_id}/findings", headers, finding="unclosed", verdict=verdict["value"])
    assert response.status_code == (200 if headers else 303)
    assert not see(sam, "/").select("a[href='/leave/branch'] .v")
    with database.read() as session:
        finding_id = session.query(LeaveFinding.id).scalar()
    line = see(alice, f"/leave/findings/{finding_id}")
    assert f"{sam.name} · " in line.get_text()
    assert send(sam, f"/leave/findings/{finding_id}/take-back", headers).status_code == (200 if headers else 303)
    assert "taken back" in see(alice, f"/leave/{leave_id}").get_text()


@BOTH
def test_a_day_without_a_report_is_said_on_the_branchs_page(send, see, alice, bob, sam, olga, headers):
    response = send(sam, "/leave/unreported", headers, id=new_id(), member_id=alice.id, day="2026-03-09")
    assert "day" in errors(read(response, headers, status=422))
    send(sam, "/leave/unreported", headers, id=new_id(), member_id=alice.id, day="2026-03-05")
    way = see(alice, "/leave").select_one("a[href^='/leave/findings/']")["href"]
    see(alice, way)
    see(sam, way)
    for person in (bob, olga):
        see(person, way, 404)
    assert send(sam, "/leave/unreported", id=new_id(), member_id=olga.id, day="2026-03-05").status_code == 404


def test_officers_read_kind_and_days_on_the_members_page(given, see, time, alice, bob, sam, oscar):
    leave_id = given(approved, alice, sam, leave=LeaveType.SICK, destination="杭州")
    given(approved, alice, sam, days((3, 19), (3, 19)))
    line = see(sam, f"/members/{alice.id}").select_one(f"a[href='/leave/{leave_id}']").get_text(" ")
    assert "Sick leave" in line
    assert "16 Mar – 18 Mar" in line
    for person in (bob, oscar):
        see(person, f"/members/{alice.id}", 404)
    assert not see(sam, f"/members/{bob.id}").select("a[href^='/leave/']")


@BOTH
def test_who_moves_takes_an_open_leave_along_to_the_new_officers(
    given, send, see, row, time, alice, sam, oscar, headers
):
    leave_id = given(approved, alice, sam)

    def move(session):
        member = session.get_one(Member, alice.id)
        member.branch_id, member.group_id = oscar.branch_id, None

    given(move)
    way = f"a[href='/leave/{leave_id}']"
    assert not see(sam, "/leave/branch").select(way)
    assert see(oscar, "/leave/branch").select(way)
    assert see(oscar, f"/members/{alice.id}").select(way)
    time.move_to(at(3, 19))
    assert send(sam, f"/leave/{leave_id}/close", headers, returned_on="2026-03-18").status_code == 404
    send(oscar, f"/leave/{leave_id}/close", headers, returned_on="2026-03-18")
    assert row(leave_id).ended_by_id == oscar.id
    see(sam, f"/leave/{leave_id}")  # whose word stands on it


def test_the_branchs_list_goes_by_group_and_name(given, see, time, alice, bob, sam, dora):
    for person, first in ((sam, 10), (bob, 11), (alice, 12)):
        given(approved, person, dora if person is sam else sam, days((3, first), (3, 14 + first)))
    rows = see(dora, "/leave/branch").select("ul.rows b.t")
    assert [row.get_text().split(" · ")[0] for row in rows] == [alice.name, bob.name, sam.name]


@BOTH
def test_from_the_day_before_the_list_of_a_trip_is_open(given, send, see, row, time, alice, sam, headers):
    leave_id = given(approved, alice, sam, leave=LeaveType.OFFICIAL)
    time.move_to(at(3, 14, 23))
    assert not see(alice, f"/leave/{leave_id}").select("input[name=checks]")
    assert send(alice, f"/leave/{leave_id}/checks", headers, checks="approved").status_code == 409
    time.move_to(at(3, 15))
    assert "three checks" in see(alice, "/").get_text()
    assert len(see(alice, f"/leave/{leave_id}").select("input[name=checks]")) == 3
    send(alice, f"/leave/{leave_id}/checks", headers, checks=["approved", "handed_over", "reachable"])
    assert row(leave_id).checks == ["approved", "handed_over", "reachable"]
    assert "three checks" not in see(alice, "/").get_text()
    assert not see(sam, f"/leave/{leave_id}").select("input[name=checks]")


@pytest.mark.usefixtures("english")
def test_the_reminder_is_said_before_the_trip_and_after_it(database, given, time, alice, sam):
    given(approved, alice, sam, leave=LeaveType.OFFICIAL)

    def due(moment):
        time.move_to(moment)
        with database.read() as session:
            return [DUE.words(reminder.details) for reminder in DUE.due(session, moment)]

    before, after = [due(at(3, day)) for day in (14, 15, 16, 17)], [due(at(3, day)) for day in (18, 19, 30)]
    assert [len(said) for said in before] == [0, 1, 1, 0]
    assert [len(said) for said in after] == [0, 1, 1]
    assert before[1] == ["Before you leave on 16 Mar: one reminder and three things to look through."]
    assert "by 19 Mar" in after[1][0]
    assert due(at(5, 1)) == []


@pytest.mark.usefixtures("english")
def test_who_it_is_about_is_told_once_what_an_officer_said(database, given, time, alice, sam):
    leave_id = given(approved, alice, sam)
    time.move_to(at(3, 20))
    given(findings.say, sam.actor, leave_id=leave_id, finding=Finding.UNCLOSED, verdict=LeaveDecision.CONFIRMED)
    with database.read() as session:
        told = [one for one in DUE.due(session, at(3, 20)) if one.once]
        assert [one.member_id for one in told] == [alice.id]
        assert DUE.words(told[0].details).startswith("An officer has noted for 19 Mar: Not closed in time.")
        assert not DUE.is_listed(told[0].details)


def test_the_slip_prints_what_is_known(client, given, see, time, alice, sam):
    leave_id = given(approved, alice, sam, stand_in="包波", destination="杭州")
    text = see(alice, f"/leave/{leave_id}/slip").find("article").get_text(" ")
    for word in (alice.name, alice.phone, "包波", "杭州", "3 days, 3 of them working days", sam.name):
        assert word in text
    assert b"xl/worksheets" in client.get(f"/leave/{leave_id}/slip.xlsx", headers=as_member(alice)).content
    time.move_to(at(3, 16))
    given(service.close, alice.actor, leave_id=leave_id)
    slip = see(alice, f"/leave/{leave_id}/slip")
    decided = slip.find("th", string="Branch").find_next("td").get_text()
    assert decided.startswith(f"known: approved elsewhere · {sam.name}")
    report = given(approved, alice, sam, days((4, 20), (4, 21)), LeaveType.REPORT_ONLY)
    assert "Report of leaving the city" in see(sam, f"/leave/{report}/slip").get_text()


def test_half_a_year_at_one_place_is_hinted_at(given, see, alice, sam):
    short = given(approved, alice, sam, days((3, 16), (9, 13)), LeaveType.SECONDMENT)
    long = given(approved, alice, sam, days((9, 15), (9, 15)).__class__(date(2026, 9, 15), date(2027, 3, 31)),
                 LeaveType.SECONDMENT)  # fmt: skip
    hint = "Party relation"
    assert [hint in see(alice, f"/leave/{one}").get_text() for one in (short, long)] == [False, True]


def test_own_data_has_it_all(database, given, time, alice, bob, sam):
    leave_id = given(approved, alice, sam)
    time.move_to(at(3, 20))
    given(findings.say, sam.actor, leave_id=leave_id, finding=Finding.UNCLOSED, verdict=LeaveDecision.WAIVED)
    with database.read() as session:
        mine, his = (json.loads(own_data.as_json(session, person.actor)) for person in (alice, bob))
    assert [row["first_on"] for row in mine["leaves"]] == ["2026-03-16"]
    assert [row["verdict"] for row in mine["leave_findings"]] == ["waived"]
    assert (his["leaves"], his["leave_findings"]) == ([], [])


def test_a_year_after_somebody_left_city_and_stand_in_are_erased(session, time, alice, bob, sam):
    said = {"destination": "杭州", "stand_in": "包波"}
    gone, there = (approved(session, person, sam, **said) for person in (alice, bob))
    session.get(Member, alice.id).left_on = date(2026, 3, 20)
    session.flush()
    assert service.forget_leavers(session, at(3, 25)) == 0
    assert service.forget_leavers(session, datetime(2027, 4, 1, tzinfo=UTC)) == 1
    session.expire_all()
    one, other = session.get(Leave, gone), session.get(Leave, there)
    assert (one.destination, one.stand_in, one.leave) == (None, None, LeaveType.ANNUAL)
    assert other.destination == "杭州"


def test_a_list_costs_the_same_for_many(database, statements, given, alice, sam):
    given(approved, alice, sam)
    for week in range(12):
        given(approved, alice, sam, days((4 + week // 4, 1 + 7 * (week % 4)), (4 + week // 4, 2 + 7 * (week % 4))))
    with database.read() as session:
        statements.clear()
        assert len(queries.mine(session, alice.actor)) == 13
        assert len(statements) <= 3  # with the lists of days off
