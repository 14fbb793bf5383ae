"""Who hears of an objection: the two sides, those who decide, and above only numbers."""

import io
from datetime import UTC, date, datetime

from python_calamine import load_workbook

from app.core import clock
from app.features.notices import service as notices
from app.features.scores.objections.due import OBJECTIONS, SETTLED
from app.features.scores.objections.rules import ObjectionOutcome
from tests.features.scores.objections.makers import REASONS, WORDS, answer, object_to
from tests.makers import ENGLISH, as_member
from tests.page import page


def said(database):
    with database.read() as session:
        return {(one.member_id, OBJECTIONS.words(one.details)) for one in OBJECTIONS.due(session, clock.now())}


def test_today_and_reminders(client, given, database, english, alice, bob, sam, dora, carl, absence, april):
    objection_id = given(object_to, alice, absence)
    assert said(database) == {(dora.id, "Objection 2026-001 waits for your answer by 10 Apr")}
    today = page(client.get("/", headers=as_member(dora) | ENGLISH))
    assert "Objections to answer" in today.main.text
    assert "Objections to answer" not in page(client.get("/", headers=as_member(sam) | ENGLISH)).main.text
    given(answer, dora, objection_id, ObjectionOutcome.REFUSED)
    today = page(client.get("/", headers=as_member(alice) | ENGLISH))
    buttons = today.select(f"form[action='/objections/{objection_id}/say'] button[name='state']")
    assert [button["value"] for button in buttons] == ["accept", "escalate"]
    assert "8 Apr" in today.main.text
    assert {member for member, _words in said(database)} == {alice.id}
    client.post(f"/objections/{objection_id}/say", data={"state": "escalate"}, headers=as_member(alice))
    assert {member for member, _words in said(database)} == {carl.id}


def test_after_a_silent_branch_the_member_hears_it(given, database, english, april, alice, sam, dora):
    given(object_to, alice)
    april.move_to(date(2026, 4, 13))
    mine = [words for member, words in said(database) if member == alice.id]
    assert mine == ["Your objection 2026-001 was not answered in time; you can take it further"]


def test_after_a_quarter_each_hears_once_that_it_is_settled_but_not_whose_objection_waits(
    client, given, database, english, april, alice, bob, sam, dora, olga, absence
):
    objection_id = given(object_to, alice, absence)

    def told():
        with database.read() as session:
            due = SETTLED.due(session, clock.now())
        assert all(one.once and one.address == "/sheet/2026?through=2026-03" for one in due)
        return {one.member_id: SETTLED.words(one.details) for one in due}

    april.move_to(date(2026, 4, 10))
    assert told() == {}  # the last day for objections
    april.move_to(date(2026, 4, 13))
    assert bob.id in told()
    assert not {alice.id, olga.id} & told().keys()
    assert told()[bob.id] == (
        "Quarter 1 of 2026: the publicity and the days for objections are over. Your sheet shows how it stands."
    )
    assert given(notices.raise_due, SETTLED, datetime(2026, 4, 13, 2, tzinfo=UTC)) == len(told())
    assert "Quarter 1 of 2026: the publicity" in client.get("/", headers=as_member(bob) | ENGLISH).text
    given(answer, dora, objection_id, ObjectionOutcome.REFUSED)
    client.post(f"/objections/{objection_id}/say", data={"state": "accept"}, headers=as_member(alice))
    assert alice.id in told()
    april.move_to(date(2026, 4, 25))
    assert told() == {}


def test_the_register_is_for_those_who_decide_in_the_branch(client, given, alice, bob, dora, oscar, carl, absence):
    given(answer, dora, given(object_to, alice, absence), ObjectionOutcome.REFUSED)
    shown = page(client.get("/objections/register", headers=as_member(dora) | ENGLISH))
    [row] = shown.select("tbody tr")
    cells = [cell.text for cell in row.select("td")]
    assert cells[:2] == ["2026-001", alice.name]
    assert cells[5:] == [dora.name, "2026-04-02", "not upheld", REASONS, "no", ""]
    file = client.get("/objections/register.xlsx", headers=as_member(dora) | ENGLISH)
    sheet = load_workbook(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert any("2026-001" in map(str, line) for line in sheet)
    assert alice.name not in page(client.get("/objections/register", headers=as_member(oscar))).text
    for somebody in (bob, carl):
        assert client.get("/objections/register", headers=as_member(somebody)).status_code == 403


def test_numbers_alone_go_upward(client, given, alice, bob, dora, oscar, carl, branch, absence):
    given(answer, dora, given(object_to, alice, absence), ObjectionOutcome.REFUSED)
    given(object_to, bob)
    shown = page(client.get("/objections/numbers", headers=as_member(carl) | ENGLISH))
    [row] = shown.select("tbody tr")
    assert [cell.text for cell in row.select("th, td")] == [branch.name, "2", "2", "0", "0", "1", "0"]
    for told in (alice.name, bob.name, WORDS, REASONS):
        assert told not in shown.text
    for somebody in (alice, dora, oscar):
        assert client.get("/objections/numbers", headers=as_member(somebody)).status_code == 403


def test_the_correction_stands_at_the_end_of_the_publicity(client, given, alice, bob, dora, olga, absence):
    """Without reasons; what was corrected before it was published is in it already."""
    assert "taken back" not in page(client.get("/publicity/2026/1", headers=as_member(bob) | ENGLISH)).text
    given(answer, dora, given(object_to, alice, absence), ObjectionOutcome.UPHELD, take_back=True)
    for address in ("/publicity/2026/1", "/publicity/2026/1/print"):
        shown = page(client.get(address, headers=as_member(bob) | ENGLISH))
        assert "taken back" in shown.main.text
        assert not any(told in shown.text for told in (REASONS, WORDS))
    assert client.get("/publicity/2026/1", headers=as_member(olga)).status_code == 404
