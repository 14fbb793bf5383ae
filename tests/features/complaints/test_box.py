"""The box on every page: who may write, who answers, and that it never reaches whom it is about."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core import clock
from app.core.sealing import KeyMissingError
from app.features.complaints import due, receipts, service
from app.features.complaints.models import Complaint
from app.features.complaints.rules import ANSWERED_WITHIN, MOST_A_DAY, State, due_on, line_of
from app.features.members.rules import Role
from app.features.sign_in.models import SignInFailure
from app.features.sign_in.tokens import digest
from tests.features.complaints.makers import make_complaint
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, page

SAID = "会开得太多，一周三次"
pytestmark = pytest.mark.usefixtures("on_a_tuesday")


@pytest.fixture
def on_a_tuesday():
    with time_machine.travel(datetime(2026, 11, 24, 2, tzinfo=UTC), tick=False):
        yield


def write(client, person=None, **data):
    return client.post("/complaints", data={"said": SAID, **data}, headers=as_member(person) if person else {})


def kept(database):
    with database.read() as session:
        return session.scalars(select(Complaint)).all()


def read_desk(client, person):
    return page(client.get("/complaints/desk", headers=as_member(person))).main.get_text()


@pytest.mark.parametrize(
    "address", ["/", "/study", "/sheet", "/me", "/wishes", "/members", "/study/capture", "/offline", "/nothing-here"]
)
def test_every_page_leads_to_the_box(client, alice, address):
    response = client.get(address, headers=as_member(alice))
    assert page(response, status=response.status_code).select_one("footer a[href='/complaints']")


@pytest.mark.parametrize("address", ["/sign-in", "/receipt", "/c/k7qm2xnb9dfhk7qm"])
def test_so_does_every_page_for_strangers(client, address):
    response = client.get(address)
    assert page(response, status=response.status_code).select_one("footer a[href='/complaints']")


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_writes_and_the_organ_committee_answers(client, database, alice, carl, headers, status):
    sent = client.post("/complaints", data={"said": SAID}, headers=headers | as_member(alice))
    assert sent.status_code == status
    [complaint] = kept(database)
    assert (complaint.sender_id, complaint.due_on) == (alice.id, date(2026, 12, 8))
    assert SAID in read_desk(client, carl)

    answered = client.post(
        f"/complaints/{complaint.id}/answer", data={"answer": "从下月起合并为一次"}, headers=headers | as_member(carl)
    )
    assert answered.status_code == status
    read = page(client.get(f"/complaints/{complaint.id}", headers=as_member(alice))).main.get_text()
    assert "从下月起合并为一次" in read
    assert carl.name in read
    assert "Answered" in page(client.get("/complaints", headers=as_member(alice) | ENGLISH)).main.get_text()


def test_the_answer_is_there_within_ten_working_days():
    assert due_on(date(2026, 11, 27)) == date(2026, 12, 11), "Friday; the day itself does not count"
    assert ANSWERED_WITHIN == 10


def test_nobody_else_reads_it(client, database, alice, bob, sam, olga, given):
    complaint_id = given(make_complaint, alice)
    for person in (bob, sam, olga):
        page(client.get(f"/complaints/{complaint_id}", headers=as_member(person)), status=404)
        page(client.post(f"/complaints/{complaint_id}/answer", data={"answer": "好的"}, headers=as_member(person)), 404)
        page(client.post(f"/complaints/{complaint_id}/withdraw", headers=as_member(person)), status=404)
        assert "会开得太多" not in read_desk(client, person)
    assert kept(database)[0].state is State.WAITING


def test_what_is_for_the_branch_is_answered_by_its_officers_but_not_by_the_sender(client, database, alice, sam, dora):
    write(client, alice, reader="branch")
    assert SAID in read_desk(client, sam)
    write(client, sam, reader="branch", said="党费收据请写清楚")
    assert "党费收据" in read_desk(client, dora)
    assert "党费收据" not in read_desk(client, sam)
    [own] = [one for one in kept(database) if one.sender_id == sam.id]
    page(client.post(f"/complaints/{own.id}/answer", data={"answer": "好的"}, headers=as_member(sam)), status=404)


def test_a_person_without_a_post_cannot_be_named(client, database, alice, bob):
    page(write(client, alice, whom=str(bob.id)), status=422)
    assert kept(database) == []


def test_without_a_name_nothing_leads_back_to_bob(client, database, bob, carl):
    response = write(client, bob, unsigned="yes")
    code = page(response).select_one(".receipt-code").get_text()
    [complaint] = kept(database)
    assert complaint.sender_id is None
    assert complaint.id.version == 4, "an id that tells no time"
    row = str({column.name: getattr(complaint, column.name) for column in Complaint.__table__.columns})
    assert str(bob.id) not in row
    assert bob.branch_id != complaint.place_id, "nor from which branch it came"
    with database.read() as session:
        counted = session.scalars(select(SignInFailure)).all()
    assert all(str(bob.id) not in str(vars(failure)) for failure in counted)
    [failure] = counted
    network = "complaints:testclient"
    assert failure.account_digest not in {digest(f"account:{network}"), digest(network)}, "no address can be tried out"
    assert failure.address_digest not in {digest(f"address:{network}"), digest(network)}
    assert (failure.failed_at.minute % 15, failure.failed_at.second, failure.failed_at.microsecond) == (0, 0, 0)
    assert failure.id.version == 4
    with database.read() as session:
        assert due.COMPLAINTS.due(session, clock.now()) == [], "a reminder today would keep the hour"
        tomorrow = due.COMPLAINTS.due(session, clock.now() + timedelta(days=1))
    assert [reminder.member_id for reminder in tomorrow] == [carl.id]
    assert bob.name not in page(client.get(f"/complaints/{complaint.id}", headers=as_member(carl))).text
    page(client.get(f"/complaints/{complaint.id}", headers=as_member(bob)), status=404)

    client.post(f"/complaints/{complaint.id}/answer", data={"answer": "已经处理"}, headers=as_member(carl))
    for headers in ({}, as_member(bob)):
        assert "已经处理" in page(client.post("/complaints/receipt", data={"code": code}, headers=headers)).text


def test_a_resident_writes_without_an_account(client, database, carl):
    soup = page(client.get("/complaints"))
    assert carl.name not in soup.text, "no list of officers for strangers"
    assert not soup.select("[name=whom], [name=reader], [name=unsigned]")
    code = page(write(client)).select_one(".receipt-code").get_text()
    assert SAID in read_desk(client, carl)
    taken = page(client.post("/complaints/receipt/withdraw", data={"code": code}))
    assert SAID not in taken.text
    page(client.post("/complaints/receipt/withdraw", data={"code": code}))
    assert [(one.state, one.said) for one in kept(database)] == [(State.WITHDRAWN, "")]


def test_a_wrong_code_opens_nothing_and_guessing_is_slow(client, given):
    wrong = {"code": "K7QM-2XNB-9DFH"}
    for _ in range(5):
        assert errors(page(client.post("/complaints/receipt", data=wrong), status=422))["code"]
    page(client.post("/complaints/receipt", data=wrong), status=429)


def no_key(_name):
    raise KeyMissingError


@pytest.mark.parametrize("has_key", [True, False])
def test_a_flood_without_names_is_held_back_and_what_was_written_stays(client, database, monkeypatch, has_key):
    if not has_key:
        monkeypatch.setattr(receipts, "keyed_digest", no_key)
    at = clock.now().replace(minute=29, second=59)
    with time_machine.travel(at, tick=False):
        for _ in range(5):
            page(write(client))
        refused = page(write(client, said="第六封"), status=429)
    assert refused.select_one("textarea").get_text().strip() == "第六封"
    assert len(kept(database)) == 5
    with time_machine.travel(at + timedelta(minutes=15), tick=False):
        page(write(client, said="第六封"))


def test_one_person_signs_so_many_a_day(client, database, alice, bob):
    for _ in range(MOST_A_DAY):
        assert write(client, alice).status_code == 303
    page(write(client, alice), status=429)
    assert write(client, bob).status_code == 303


def test_what_programs_fill_in_is_not_kept(client, database):
    page(write(client, website="http://a.example"), status=422)
    assert kept(database) == []


def test_an_empty_one_comes_back_with_a_sentence(client, alice):
    soup = page(client.post("/complaints", data={"said": "", "about": "2026/B2"}, headers=as_member(alice)), status=422)
    assert errors(soup)["said"]
    assert soup.select_one("[name=about]")["value"] == "2026/B2"


def test_alice_takes_hers_back_and_nothing_is_kept(client, database, branch, alice, carl, given):
    inspector = given(make_member, branch, "巡察", roles=(Role.INSPECTOR,))
    complaint_id = given(make_complaint, alice, about_id=inspector.id, line_year=2026, line_rule="B2")
    for _ in range(2):
        assert client.post(f"/complaints/{complaint_id}/withdraw", headers=as_member(alice)).status_code == 303
    [one] = kept(database)
    assert (one.state, one.said, one.about_id, one.line_year, one.line_rule) == (State.WITHDRAWN, "", None, None, None)
    page(client.get(f"/complaints/{complaint_id}", headers=as_member(carl)), status=404)


def test_answered_twice_is_answered_once(client, database, alice, carl, given):
    complaint_id = given(make_complaint, alice)
    address, first = f"/complaints/{complaint_id}/answer", {"answer": "已经处理"}
    for _ in range(2):
        assert client.post(address, data=first, headers=as_member(carl)).status_code == 303
    page(client.post(address, data={"answer": "换一个说法"}, headers=as_member(carl)), status=409)
    page(client.post(f"/complaints/{complaint_id}/withdraw", headers=as_member(alice)), status=409)
    assert kept(database)[0].answer == "已经处理"


def test_a_line_of_the_sheet_is_asked_about(client, database, alice, sam):
    soup = page(client.get("/complaints?about=2026/B2", headers=as_member(alice) | ENGLISH))
    assert "line B2 of the sheet of 2026" in soup.main.get_text()
    assert soup.select_one("[name=reader][checked]")["value"] == "branch"
    write(client, alice, about="2026/B2", reader="branch")
    [complaint] = kept(database)
    assert (complaint.line_year, complaint.line_rule) == (2026, "B2")
    shown = page(client.get(f"/complaints/{complaint.id}", headers=as_member(sam) | ENGLISH)).main.get_text()
    assert "Line B2 of 2026" in shown


@pytest.mark.parametrize("word", ["", "2026", "2026/B2x", "1999/B2", "2026/../../me"])
def test_what_is_no_line_is_left_out(client, alice, word):
    assert line_of(word) is None
    assert not page(client.get("/complaints", params={"about": word}, headers=as_member(alice))).select("[name=about]")


def test_it_waits_on_the_page_of_today_and_an_answer_is_told(client, database, alice, carl, given):
    complaint_id = given(make_complaint, alice, sent_on=clock.today() - timedelta(days=3))
    today = page(client.get("/", headers=as_member(carl) | ENGLISH))
    assert "Opinions and complaints to answer: 1" in today.main.get_text()
    with database.read() as session:
        assert [reminder.member_id for reminder in due.COMPLAINTS.due(session, clock.now())] == [carl.id]
    client.post(f"/complaints/{complaint_id}/answer", data={"answer": "已经处理"}, headers=as_member(carl))
    with database.read() as session:
        told = due.COMPLAINTS.due(session, clock.now())
    assert [(reminder.member_id, reminder.once) for reminder in told] == [(alice.id, True)]
    assert due.COMPLAINTS.words(told[0].details)


def test_a_year_after_the_answer_it_is_erased(client, database, alice, carl, given):
    waiting, answered = given(make_complaint, alice), given(make_complaint, alice)
    client.post(f"/complaints/{answered}/answer", data={"answer": "已经处理"}, headers=as_member(carl))
    for days, left in ((365, {waiting, answered}), (366, {waiting})):
        with time_machine.travel(clock.now() + timedelta(days=days)), database.write() as session:
            service.forget(session, clock.now())
        assert {one.id for one in kept(database)} == left


def test_alice_takes_hers_along_and_not_what_is_unsigned(client, alice, bob, given):
    given(make_complaint, alice)
    write(client, alice, unsigned="yes", said="不署名的话")
    held = client.get("/me/export.json", headers=as_member(alice)).json()
    assert [one["said"] for one in held["complaints"]] == ["会开得太多"]


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"sender_id": None}, "signed_or_by_receipt"),
        ({"line_year": 2026}, "a_whole_line"),
        ({"state": State.ANSWERED, "ended_on": date(2026, 1, 1)}, "answered"),
        ({"due_on": date(2000, 1, 1)}, "due_later"),
    ],
)
def test_the_database_refuses(database, alice, given, columns, name):
    complaint_id = given(make_complaint, alice)
    with pytest.raises(IntegrityError, match=name), database.write() as session:
        session.execute(update(Complaint).where(Complaint.id == complaint_id).values(**columns))


@pytest.mark.parametrize("who", ["sender", "about"])
def test_the_database_lets_neither_sender_nor_whom_it_is_about_answer(database, alice, carl, given, who):
    complaint_id = given(make_complaint, alice, about_id=carl.id)
    by = {"sender": alice, "about": carl}[who]
    with pytest.raises(IntegrityError, match="not_answered_by"), database.write() as session:
        session.execute(
            update(Complaint)
            .where(Complaint.id == complaint_id)
            .values(state=State.ANSWERED, answer="好", answered_by_id=by.id, ended_on=clock.today())
        )


def test_what_is_answered_stays_so(client, database, alice, carl, given):
    complaint_id = given(make_complaint, alice)
    client.post(f"/complaints/{complaint_id}/answer", data={"answer": "已经处理"}, headers=as_member(carl))
    with pytest.raises(DBAPIError, match="final"), database.write() as session:
        session.execute(
            update(Complaint)
            .where(Complaint.id == complaint_id)
            .values(state=State.WAITING, answer=None, answered_by_id=None, ended_on=None)
        )
