"""A line opens exactly its facts, each with who recorded and confirmed it, also those taken back."""

from datetime import date

import pytest

from app.features.ledger.rules import FactType
from app.features.ledger.service import reverse
from app.features.scores.rule_set import rule_set
from tests.features.scores.makers import EXAMPLES, make_facts, words
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page

LINES = {rule.id: rule.fact_types for rule in rule_set("2026.1").rules()}


def test_every_line_opens_exactly_its_facts(client, examples, year_over):
    member = examples["赵晓岚"]
    rows = (EXAMPLES / "facts.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    own = [row.split(",") for row in rows if row.startswith(member.name)]
    for rule_id, kinds in LINES.items():
        days = sorted(date.fromisoformat(row[4]) for row in own if row[1] in kinds)
        soup = page(client.get(f"/sheet/2026/lines/{rule_id}", headers=ENGLISH | as_member(member)))
        shown = [words(row.select_one("small")).split(" · ")[0] for row in soup.select(".line-facts .row")]
        assert sorted(shown) == sorted(f"{day.day} {day:%b} 2026" for day in days), rule_id


def test_together_the_lines_open_every_fact_once(client, examples, year_over):
    member = examples["李建国"]
    rows = (EXAMPLES / "facts.csv").read_text(encoding="utf-8-sig").count(member.name)
    shown = [page(client.get(f"/sheet/2026/lines/{line}", headers=as_member(member))) for line in LINES]
    assert sum(len(soup.select(".line-facts .row")) for soup in shown) == rows


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_line_opens_as_a_page_and_below_the_line(client, given, alice, november, headers):
    given(make_facts, alice, FactType.STUDY_ITEM, date(2026, 3, 9), note="党章")
    response = client.get("/sheet/2026/lines/B2", headers=headers | ENGLISH | as_member(alice))
    soup = fragment(response) if headers else page(response)
    assert words(soup.select_one("#line-facts-B2 h3")) == "Approved study item: 1 × 0.2 = 0.2"
    assert words(soup.select_one("#line-facts-B2 .row")) == "党章 9 Mar Object to this record +0.2"
    assert bool(soup.find("h1")) is not bool(headers)


def test_the_sheet_names_the_place_where_a_line_opens(client, given, alice, november):
    given(make_facts, alice, FactType.STUDY_ITEM, date(2026, 3, 9))
    soup = page(client.get("/sheet", headers=as_member(alice)))
    for rule_id in LINES:
        place = soup.select_one(f"#line-{rule_id} #line-facts-{rule_id}")
        assert place["hx-get"] == place.select_one("a")["href"] == f"/sheet/2026/lines/{rule_id}"


def test_who_recorded_and_confirmed_stands_at_the_fact(client, given, alice, sam, dora, november):
    given(
        make_facts,
        alice,
        FactType.BONUS_COMMENDATION,
        date(2026, 8, 1),
        grade="unit",
        matter="flood",
        note="No. 7",
        recorded_by_id=dora.id,
        confirmed_by_id=sam.id,
    )
    soup = page(client.get("/sheet/2026/lines/E3", headers=ENGLISH | as_member(alice)))
    said = words(soup.select_one(".line-facts .row"))
    by = f"recorded by {dora.name} · confirmed by {sam.name}"
    assert said == f"flood 1 Aug · unit level · {by} No. 7 Object to this record +1"


def test_a_fact_taken_back_is_struck_with_its_reason_and_counts_no_more(client, given, alice, dora, november):
    _kept, gone = given(make_facts, alice, FactType.STUDY_SESSION, date(2026, 3, 9), date(2026, 3, 10))
    given(reverse, [gone.id], recorded_by_id=dora.id, note="recorded twice")
    soup = page(client.get("/sheet/2026/lines/B2", headers=ENGLISH | as_member(alice)))
    assert words(soup.select_one(".bar .big")) == "0.5 /6"
    standing, struck = soup.select(".line-facts .row")
    assert standing.find("s") is None
    assert struck.find("s") is not None
    assert f"taken back on 22 Nov by {dora.name}: recorded twice" in words(struck)
    assert struck.select_one(".amount") is None


def test_a_late_fact_says_in_which_month_it_counts(client, given, alice, november):
    given(make_facts, alice, FactType.STUDY_ITEM, date(2025, 12, 20), counts_in=date(2026, 3, 1))
    soup = page(client.get("/sheet/2026/lines/B2", headers=ENGLISH | as_member(alice)))
    assert "20 Dec 2025" in words(soup.select_one(".line-facts .row"))
    assert "counts in March 2026" in words(soup.select_one(".line-facts .row"))


def test_a_fact_beyond_a_limit_says_so(client, given, alice, november):
    given(make_facts, alice, FactType.STUDY_ITEM, *[date(2026, 3, 9)] * 3)
    given(make_facts, alice, FactType.ATTENDANCE_PRESENT, date(2026, 3, 9))
    soup = page(client.get("/sheet/2026/lines/B2", headers=ENGLISH | as_member(alice)))
    said = ["beyond the limit" in words(row) for row in soup.select(".line-facts .row")]
    assert said == [False, False, True]
    only_shown = page(client.get("/sheet/2026/lines/B1", headers=ENGLISH | as_member(alice)))
    assert "beyond" not in words(only_shown.select_one(".line-facts .row"))
