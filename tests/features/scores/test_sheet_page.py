"""The sheet as people see it: the numbers of the evaluator to the cent, and the words around them."""

import json
from datetime import date
from decimal import Decimal

import pytest

from app.features.ledger.rules import FactType
from app.features.members.models import Exemption
from app.features.members.rules import ExemptionKind, MemberStatus
from app.features.scores.rule_set import rule_set
from app.features.scores.sheet import Advice
from tests.features.scores.makers import EXAMPLES, make_facts, words
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

SHEETS = json.loads((EXAMPLES / "sheets.json").read_text(encoding="utf-8"))


def shown_sheet(soup):
    """What the page says, in the form of ``sheets.json``; the advice in the reader's words."""
    chips = [words(heading.select_one(".pts")).split(" /")[0] for heading in soup.select(".sheet-lines h2")]
    points = {section: two_places(chip) for section, chip in zip("ABCDE", chips, strict=True)}
    base, on_top = words(soup.select_one(".fig b")), soup.select_one(".fig .extra")
    extra = words(on_top).split()[0].lstrip("＋") if on_top else "0"
    return points | {"total": two_places(Decimal(base) + Decimal(extra)), "advice": words(soup.select_one(".advice"))}


def two_places(text):
    return f"{Decimal(text):.2f}"


@pytest.mark.parametrize("headers", [{}, ENGLISH], ids=["zh", "en"])
def test_the_worked_sheets_are_shown_to_the_cent(client, examples, sam, year_over, headers):
    for name, expected in SHEETS.items():
        soup = page(client.get(f"/members/{examples[name].id}/sheet/2026", headers=headers | as_member(sam)))
        found = shown_sheet(soup)
        assert {key: found[key] for key in ("A", "B", "C", "D", "E", "total")} == {
            key: expected[key] for key in ("A", "B", "C", "D", "E", "total")
        }
        if headers:
            assert found["advice"] == Advice(expected["advice"]).label.message


def test_parts_that_make_more_than_the_whole_say_why(client, examples, sam, year_over):
    with_extra = [name for name, expected in SHEETS.items() if Decimal(expected["E"])]
    assert with_extra
    for name in with_extra:
        soup = page(client.get(f"/members/{examples[name].id}/sheet/2026", headers=ENGLISH | as_member(sam)))
        figure = words(soup.select_one(".fig"))
        assert "/ 100 ＋" in figure
        assert figure.endswith("on top")


def test_the_own_sheet_has_the_same_numbers(client, examples, sam, year_over):
    member = examples["王敏"]
    own = page(client.get("/sheet/2026", headers=as_member(member)))
    officers = page(client.get(f"/members/{member.id}/sheet/2026", headers=as_member(sam)))
    assert shown_sheet(own) == shown_sheet(officers)


def test_a_quarter_shows_the_year_to_date(client, given, alice, november):
    given(make_facts, alice, FactType.STUDY_SESSION, date(2026, 2, 1), date(2026, 6, 30), date(2026, 7, 1))
    amounts = {}
    for through in ("2026-03", "2026-06", "2026-09"):
        soup = page(client.get(f"/sheet?through={through}", headers=as_member(alice)))
        amounts[through] = words(soup.select_one("#line-B2 .amount"))
        assert f"through={through}" in soup.select_one("nav.seg [aria-current]")["href"]
        assert soup.select_one("#line-facts-B2")["hx-get"] == f"/sheet/2026/lines/B2?through={through}"
    assert amounts == {"2026-03": "0.5 / 6", "2026-06": "1 / 6", "2026-09": "1.5 / 6"}


def test_what_is_still_possible_stands_at_each_line(client, alice, november):
    soup = page(client.get("/sheet", headers=ENGLISH | as_member(alice)))
    assert words(soup.select_one("#line-A1 .still")) == "4 results are still to come: up to 30 possible"
    assert words(soup.select_one("#line-B2 .still")) == (
        "One more: Organised study session +0.5, Approved study item +0.2"
    )
    assert soup.select_one("#line-C1 .still") is None
    assert words(soup.select_one(".advice")) == "No advice yet: 5 results are still to come"


def test_how_a_line_is_counted_stands_on_the_sheet(client, alice, november):
    soup = page(client.get("/sheet", headers=ENGLISH | as_member(alice)))
    for rule in rule_set("2026.1").rules():
        assert rule.counted.message in words(soup.select_one(f"#line-{rule.id}"))


def test_the_double_good_says_what_is_missing(client, examples, sam, year_over):
    soup = page(client.get(f"/members/{examples['孙浩'].id}/sheet/2026", headers=ENGLISH | as_member(sam)))
    ticks = [(words(tick), tick.select_one(".ok") is not None) for tick in soup.select(".ticks li")]
    assert ticks == [
        ("Work well done from 34 on 35.5", True),
        ("Good conduct from 42.5 on 34.6", False),
        ("No veto", True),
    ]


def test_a_probationary_member_is_scored_and_not_graded(client, given, branch, november):
    member = given(make_member, branch, "钱一鸣", status=MemberStatus.PROBATIONARY)
    soup = page(client.get("/sheet", headers=ENGLISH | as_member(member)))
    assert words(soup.select_one(".advice")) == "scored, not graded"
    assert soup.select_one(".year") is not None
    assert soup.select(".ticks") == []


def test_an_exempt_member_has_facts_and_no_points(client, given, alice, november):
    given(make_facts, alice, FactType.STUDY_ITEM, date(2026, 3, 9))
    given(
        lambda session: session.add(Exemption(member_id=alice.id, kind=ExemptionKind.AGE, starts_on=date(2026, 1, 1)))
    )
    soup = page(client.get("/sheet", headers=ENGLISH | as_member(alice)))
    assert soup.select(".fig, .year, .ticks, .still") == []
    assert words(soup.select_one("#line-B2 .amount")) == "1 fact"
    line = page(client.get("/sheet/2026/lines/B2", headers=ENGLISH | as_member(alice)))
    assert [words(row) for row in line.select(".line-facts .row")] == [
        "Approved study item 9 Mar Object to this record"
    ]


def test_an_exemption_that_is_over_leaves_the_quarters_it_covered(client, given, alice, november):
    spell = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 4, 30)}
    given(lambda session: session.add(Exemption(member_id=alice.id, kind=ExemptionKind.ILLNESS, **spell)))
    has_points = [
        bool(page(client.get(address, headers=as_member(alice))).select(".year"))
        for address in ("/sheet?through=2026-03", "/sheet?through=2026-06", "/sheet")
    ]
    assert has_points == [False, True, True]


def test_it_speaks_the_branchs_chinese(client, given, alice, november):
    given(make_facts, alice, FactType.STUDY_ITEM, *[date(2026, 3, 9)] * 3)
    soup = page(client.get("/sheet", headers=as_member(alice)))
    assert [words(title) for title in soup.select(".sheet-lines h2")] == [
        "工作完成 10 / 40",
        "组织生活 24.4 / 30",
        "请假出差 10 / 10",
        "现实表现 0 / 20",
        "附加分 0 / 10",
    ]
    assert words(soup.select_one("#line-B2 .step")) == "自学记录（已通过）：2 × 0.2 = 0.4（共 3 次，每月最多计 2 次）"
    assert "仅供支委会参考" in words(soup.select_one(".sheet-sum"))
