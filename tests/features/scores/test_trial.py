"""A table of facts is read row by row; a bad row is named and the others still count."""

from datetime import date

import pytest

from app.core.tables import UnreadableTableError, write_xlsx
from app.features.scores.errors import FactsFileError
from app.features.scores.rule_set import rule_set
from app.features.scores.sheet import ScoreStanding
from app.features.scores.trial import as_json, read_facts, try_rules
from tests.features.scores.facts import sheet

HEADING = "member,fact,grade,quantity,occurred_on,matter"
RULES = rule_set("2026.1")


def table(*rows, heading=HEADING, encoding="utf-8"):
    return read_facts("\n".join([heading, *rows]).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_usual_encoding_is_read(encoding):
    assert list(table("赵晓岚,study.item,,,2026-03-14,", encoding=encoding).totals) == ["赵晓岚"]


@pytest.mark.parametrize("day", ["2026-03-14", "2026/3/14", "2026.3.14", "2026年3月14日", "２０２６-03-14"])
def test_a_day_is_read_as_people_and_programs_write_it(day):
    assert table(f"Alice,study.item,,,{day},").totals["Alice"][0].month == date(2026, 3, 1)


def test_a_blank_quantity_is_one_and_others_are_exact():
    rows = table("Alice,study.item,,,2026-03-14,", "Alice,review.result,,9.05,2026-12-20,").totals["Alice"]
    assert [row.quantity for row in rows] == [100, 905]


def test_columns_may_stand_in_any_order_and_be_missing():
    assert table("2026-03-14,study.item,Alice", heading="occurred_on,fact,member").totals["Alice"][0].count == 1


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("row", "word"),
    [
        (",study.item,,,2026-03-14,", "member"),
        ("Alice,,,,2026-03-14,", "“”"),
        ("Alice,study.song,,,2026-03-14,", "study.song"),
        ("Alice,study.minutes,,30,2026-03-14,", "学习时长"),
        ("Alice,study.item,,two,2026-03-14,", "two"),
        ("Alice,study.item,,2,2026-03-14,", "one at a time"),
        ("Alice,study.item,good,,2026-03-14,", "no grades"),
        ("Alice,appraisal.quarter,,,2026-03-31,", "fairly_good"),
        ("Alice,appraisal.quarter,perfect,,2026-03-31,", "fairly_good"),
        ("Alice,review.result,,11,2026-12-20,", "10"),
        ("Alice,study.item,,,14 March,", "14 March"),
        ("Alice,study.item,,,2026-02-30,", "2026-02-30"),
        ("Alice,study.item,,,,", "2026-03-31"),
    ],
)
def test_a_bad_row_is_named_in_one_sentence_and_the_others_count(row, word):
    found = table("Bob,study.item,,,2026-03-14,", row, "Bob,study.item,,,2026-03-15,")
    assert [bad.row for bad in found.bad_rows] == [3]
    assert word in found.bad_rows[0].sentence
    assert "\n" not in found.bad_rows[0].sentence
    assert {name: len(totals) for name, totals in found.totals.items()} == {"Bob": 2}


def test_a_workbook_is_read_too():
    content = write_xlsx("facts", HEADING.split(","), [["Alice", "study.item", None, None, date(2026, 3, 14), None]])
    assert table_of(content) == {"Alice": 1}


def table_of(content):
    return {name: len(totals) for name, totals in read_facts(content).totals.items()}


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"Alice,study.item\n"])
def test_a_table_without_its_heading_is_refused(content):
    with pytest.raises(FactsFileError):
        read_facts(content)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(UnreadableTableError):
        read_facts(content)


def test_facts_of_several_years_need_a_choice():
    two_years = table("Alice,bonus.lecture,,,2025-03-14,", "Alice,study.item,,,2026-03-14,")
    with pytest.raises(FactsFileError) as refused:
        try_rules(RULES, two_years)
    assert "2025, 2026" in refused.value.sentence
    lines = try_rules(RULES, two_years, year=2025)["Alice"].sections[-1].lines
    assert lines[0].points == 200


def test_a_file_without_good_rows_gives_no_sheets():
    assert try_rules(RULES, table("Alice,study.song,,,2026-03-14,")) == {}
    assert try_rules(RULES, table(), year=2026) == {}


def test_the_sheet_of_an_exempt_member_has_no_points_for_machines():
    assert as_json(sheet(standing=ScoreStanding.EXEMPT)) == {"total": None, "advice": None, "double_good": False}
