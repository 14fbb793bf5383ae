"""What is kept of a member's duties goes with the member, and nobody else's does."""

import io
import json
from datetime import date

from openpyxl import load_workbook

from app.core.ids import new_id
from app.features.shows.duties import outcomes, service
from app.features.shows.duties.rules import Progress
from tests.features.shows.duties.makers import make_duty, report
from tests.makers import as_member


def make_year(session, alice, bob, sam):
    duty_id = make_duty(session, alice, by=sam, helper_ids=(bob.id,))
    outcomes.report_progress(session, alice.actor, id=new_id(), duty_id=duty_id, state=Progress.STARTED, note="已开工")
    report(session, alice, duty_id, sentence="已归档 312 件")
    handed = make_duty(session, bob, matter="更新办事指南")
    service.hand_over(session, sam.actor, duty_id=handed, to_id=alice.id, starts_on=date(2026, 3, 9), reason="出差")
    make_duty(session, bob, matter="包波自己的事")


def test_alice_takes_her_duties_along(client, given, alice, bob, sam):
    given(make_year, alice, bob, sam)
    held = json.loads(client.get("/me/export.json", headers=as_member(alice)).content)
    assert {duty["matter"]: duty["state"] for duty in held["duties"]} == {
        "归档上年度文书档案": "reported",
        "更新办事指南": "open",
    }
    assert [word["note"] for word in held["duty_progress"]] == ["已开工"]
    assert [end["sentence"] for end in held["duty_ends"]] == ["已归档 312 件"]
    assert [one["reason"] for one in held["duty_hand_overs"]] == ["出差"]
    assert "包波自己的事" not in json.dumps(held, ensure_ascii=False)


def test_the_table_says_it_in_words(client, given, alice, bob, sam):
    given(make_year, alice, bob, sam)
    book = load_workbook(io.BytesIO(client.get("/me/export.xlsx", headers=as_member(alice)).content))
    rows = list(book["亮清单"].iter_rows(min_row=2, values_only=True))
    assert any(bob.name in row and "待审批" in row for row in rows)
