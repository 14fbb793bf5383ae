"""Signing, noting, archiving and opening again on the pages, plain and by htmx; the stranger gets 404."""

import io
import json
from datetime import date

import openpyxl
import pytest

from app.core.i18n import use_language
from app.features.ledger.rules import FactType
from app.features.members.models import Member, RoleTerm
from app.features.members.rules import Role
from app.features.scores.archive import service
from app.features.scores.archive.models import ArchivedSheet
from app.features.scores.archive.rules import SignatureWords
from app.features.scores.rule_set import rule_set
from app.features.scores.trial import read_facts, try_rules
from tests.features.scores.archive.makers import YEAR, archived, signature_of, signed_by
from tests.features.scores.makers import make_facts
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page


def text(client, person, address, **more):
    answer = client.get(address, headers=ENGLISH | as_member(person), **more)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_the_way_of_a_year(client, asked, given, alice, sam, dora, headers, status):
    assert "Please look at your sheet and sign it" in text(client, alice, "/sheet/2026")
    form = {"said": "reserved", "words": ""}
    refused = client.post("/sheet/2026/sign", headers=ENGLISH | headers | as_member(alice), data=form)
    assert (refused.status_code, "few words" in refused.text) == (422, True)
    form["words"] = "我五月请过假"
    answer = client.post("/sheet/2026/sign", headers=headers | as_member(alice), data=form)
    assert answer.status_code == status
    assert given(signature_of, alice).said is SignatureWords.RESERVED

    assert "waits for the signature" in text(client, sam, "/archive/2026")
    for person, act, form in ((sam, "propose", {}), (dora, "decide", {"second": "confirm"})):
        answer = client.post(f"/archive/2026/{act}", headers=headers | as_member(person), data=form)
        assert answer.status_code == status
    sheet = text(client, alice, "/sheet/2026")
    assert [said in sheet for said in ("Archived on", "我五月请过假", "Please look")] == [True, True, False]
    assert client.get("/sheet/2026/sign", headers=as_member(alice)).status_code == 404
    assert "Absent without excuse" in text(client, alice, "/sheet/2026/lines/B1")
    assert "Check code" in text(client, sam, f"/members/{alice.id}/sheet/2026")


def test_an_officer_notes_a_paper_and_another_confirms_it(client, asked, given, sam, dora, bob, oscar):
    address = f"/archive/signatures/{given(signature_of, bob).id}"
    assert client.get(address, headers=as_member(oscar)).status_code == 404
    assert "There are days left to sign" in text(client, sam, address)
    early = client.post(f"{address}/unsigned", headers=ENGLISH | as_member(sam), data={"why": "away"})
    assert (early.status_code, "days left" in early.text) == (409, True)
    assert client.post(f"{address}/paper", headers=as_member(sam), data={"words": ""}).status_code == 303
    assert client.post(f"{address}/decide", headers=as_member(dora), data={"second": "confirm"}).status_code == 303
    assert given(signature_of, bob).confirmed_by_id == dora.id


def test_the_supervisor_finds_what_waits_where_the_secretary_is_alone(
    client, asked, given, branch, sam, dora, alice, carl
):
    def on_today(who, address):
        return bool(page(client.get("/", headers=as_member(who))).select(f"a[href='{address}']"))

    quan = given(make_member, branch, "监督员", roles=(Role.SUPERVISOR,))
    given(signed_by, alice)
    given(service.propose, sam.actor, year=YEAR)
    assert "waits for you" not in text(client, quan, "/archive/2026")  # Dora is the other officer
    assert [on_today(quan, "/archive"), on_today(carl, "/archive/above"), on_today(dora, "/archive")] == [0, 0, 1]
    given(lambda session: session.query(RoleTerm).where(RoleTerm.member_id == dora.id).delete())
    assert "waits for you" in text(client, quan, "/archive/2026")
    assert [on_today(quan, "/archive"), on_today(carl, "/archive/above")] == [True, True]
    assert client.post("/archive/2026/decide", headers=as_member(quan), data={"second": "confirm"}).status_code == 303
    assert given(archived_text, alice)


def test_strangers_and_members_see_nothing_of_a_branch_s_archive(client, asked, alice, olga, oscar, carl):
    for person in (alice, olga):
        assert client.get("/archive/2026", headers=as_member(person)).status_code == 403
    assert "艾莉" not in text(client, oscar, "/archive/2026")
    assert client.get("/archive/2026", headers=as_member(carl)).status_code == 404
    assert client.get(f"/members/{alice.id}/sheet/2026?version=1", headers=as_member(oscar)).status_code == 404


def test_the_papers_of_the_archive(client, asked, given, sam, dora, alice, bob):
    given(signed_by, alice, bob)
    given(archived, sam, dora)
    printed = page(client.get("/archive/2026/print", headers=ENGLISH | as_member(sam)))
    assert [paper["aria-label"] for paper in printed.select("article.a4")] == [alice.name, bob.name]
    summary = page(client.get("/archive/2026/summary", headers=ENGLISH | as_member(sam)))
    cells = [[cell.get_text() for cell in row.select("td")] for row in summary.select("tbody tr")]
    assert [row[1::2] for row in cells] == [[alice.name, "yes"], [bob.name, "yes"]]
    assert not any(character.isdigit() for row in cells for character in "".join(row))

    content = client.get("/archive/2026/export.xlsx", headers=as_member(sam)).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 3
    use_language("zh_CN")
    sheets = try_rules(rule_set("2026.1"), read_facts(content))
    assert {name: sheet.total for name, sheet in sheets.items()} == {
        person.name: json.loads(given(lambda session, one=person: archived_text(session, one)))["sheet"]["total"]
        for person in (alice, bob)
    }


def archived_text(session, person):
    from app.features.scores.archive.models import ArchivedSheet

    return session.get_one(ArchivedSheet, {"member_id": person.id, "year": YEAR, "version": 1}).content


def test_the_committee_opens_a_sheet_again(client, asked, given, sam, dora, alice, carl, oscar):
    given(signed_by, alice)
    given(archived, sam, dora)
    form = {"who": alice.name, "year": 2026, "reason": "上级复核", "document": "机党〔2027〕8号"}
    assert client.post("/archive/above", headers=as_member(oscar), data=form).status_code == 403
    wrong = client.post("/archive/above", headers=ENGLISH | as_member(carl), data=form | {"who": "没有此人"})
    assert (wrong.status_code, "no archived sheet" in wrong.text) == (422, True)
    assert client.post("/archive/above", headers=as_member(carl), data=form).status_code == 303
    assert "Version 1" in text(client, alice, "/sheet/2026")
    old = text(client, alice, "/sheet/2026?version=1")
    assert [said in old for said in ("上级复核", "Check code")] == [True, True]


def test_the_papers_of_a_past_year_are_those_of_its_archive(client, asked, given, sam, dora, alice, bob, branch):
    given(signed_by, alice)
    given(archived, sam, dora)
    key = {"member_id": alice.id, "year": YEAR, "version": 1}
    sheet = given(lambda session: session.get_one(ArchivedSheet, key))
    given(lambda session: setattr(session.get_one(Member, alice.id), "name", "艾新"))
    printed = text(client, sam, f"/sheets/print?through={YEAR}-12")
    assert alice.name in printed
    assert "艾新" not in printed
    assert sheet.sha256[:8] in printed
    assert bob.name in printed  # not archived: as it is counted now
    assert "艾新" in text(client, sam, f"/sheets/print?through={YEAR}-09")
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/sheets/export.xlsx?through={YEAR}-12", headers=as_member(sam)).content)
    )
    (table,) = [one for one in book if alice.name in one.title]
    assert sheet.sha256 in {row[6].value for row in table}


def test_nobody_signs_what_came_after_the_page_was_opened(client, asked, given, alice):
    def seen():
        return page(client.get("/sheet/2026/sign", headers=as_member(alice))).select_one("input[name=seen]")["value"]

    form = {"said": "agreed", "seen": seen()}
    given(make_facts, alice, FactType.REVIEW_RESULT, date(2026, 12, 31), quantity=933, counts_in=date(2026, 12, 1))
    answer = client.post("/sheet/2026/sign", headers=ENGLISH | as_member(alice), data=form)
    assert (answer.status_code, "Please read it again" in answer.text, seen() in answer.text) == (409, True, True)
    assert given(signature_of, alice).said is None
    assert client.post("/sheet/2026/sign", headers=as_member(alice), data=form | {"seen": seen()}).status_code == 303
