"""What a row says, what is wrong with it, and what becomes of it beside the others. No database."""

from datetime import date

import pytest

from app.core.workdays import DayKind
from app.features.holidays.listing import HOLIDAYS
from app.features.holidays.reading import day_row
from app.features.holidays.rules import days_of, plan, year_of
from app.features.imports.rows import RowVerdict
from app.features.imports.service import table_of

TODAY = date(2026, 11, 29)


def rows(*lines):
    table = table_of(HOLIDAYS, "\n".join(("日期,安排", *lines)).encode())
    return [day_row(row, table.header, TODAY) for row in table.rows]


@pytest.mark.parametrize(
    ("line", "day", "kind"),
    [
        ("2027-02-05,放假", date(2027, 2, 5), DayKind.OFF),
        ("2027年2月5日（星期五）,休息", date(2027, 2, 5), DayKind.OFF),
        ("2027/1/31 周日,补班", date(2027, 1, 31), DayKind.WORKING),
        ("20270131,Working", date(2027, 1, 31), DayKind.WORKING),
    ],
)
def test_days_are_read_as_people_write_them(line, day, kind):
    (row,) = rows(line)
    assert (row.entry.day, row.entry.kind, row.problems) == (day, kind, ())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",放假", "missing_day"),
        ("2月5日,放假", "bad_day"),
        ("2027-02,放假", "bad_day"),
        ("2027-02-30,放假", "bad_day"),
        ("2072-02-05,放假", "year_too_far"),
        ("2027-02-05,", "missing_kind"),
        ("2027-02-05,调休", "unknown_kind"),  # off or made up: nobody can say
        ("2027-10-01,上班", "statutory"),
        ("2026-12-31,放假", "other_year"),
        ("2027-02-08,上班", "duplicate_row"),
    ],
)
def test_a_bad_row_says_why_and_holds_up_no_other(line, code):
    planned = plan(rows("2027-02-08,放假", "2027-02-09,放假", line), {})
    assert [row.verdict for row in planned] == [RowVerdict.NEW, RowVerdict.NEW, RowVerdict.PROBLEM]
    assert [problem.code for problem in planned[-1].problems] == [code]
    assert HOLIDAYS.sentences[code]
    assert list(days_of(planned)) == [date(2027, 2, 8), date(2027, 2, 9)]


def test_explanations_are_passed_over_and_an_odd_make_up_day_is_worth_a_look():
    (row,) = rows("说明：一天一行,", "2027-02-03,上班")  # a Wednesday
    assert [note.code for note in row.notes] == ["not_a_weekend"]
    assert year_of([row]) == 2027
    assert year_of(rows(",放假")) is None


def test_the_year_of_a_list_is_that_of_most_of_its_good_rows_and_of_two_alike_the_later():
    far = ("2072-02-05,放假", "2072-02-06,放假")
    assert year_of(rows(*far, "2027-02-05,放假")) == 2027
    assert year_of(rows("2027-02-05,放假", "2027-02-06,放假", "2028-02-05,放假")) == 2027
    assert year_of(rows("2028-02-05,放假", "2027-02-05,放假")) == 2028
