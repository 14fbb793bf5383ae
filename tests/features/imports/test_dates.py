"""Days as rosters write them, kept as exact as they were said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.imports.values import cell_date, is_october_guess

WRITTEN = {
    "1998年7月": "1998-07",
    "1998年07月": "1998-07",
    "1998年": "1998",
    "1998": "1998",
    "1988年7月5日": "1988-07-05",
    "1988年7月5号": "1988-07-05",
    "1988 年 7 月 5 日": "1988-07-05",
    "2014.07": "2014-07",
    "2014.7": "2014-07",
    "2016.1": "2016-01",
    "2016.10": "2016-10",
    "2006.9.6": "2006-09-06",
    "19960806": "1996-08-06",
    "199608": "1996-08",
    "1980/1/27": "1980-01-27",
    "2019-08-18": "2019-08-18",
    "2019-08-18 00:00:00": "2019-08-18",
    "2019-08-18T00:00": "2019-08-18",
    "１９９８．０７": "1998-07",
    "二〇一二年七月": "2012-07",
    "二○一二年十二月三十一日": "2012-12-31",
    "二零零八年二十月": None,
    "35000": "1995-10-28",
    "二〇一二年某月": None,
    "2014.13": None,
    "2014.02.30": None,
    "2014-00": None,
    "98.7": None,
    "7/5/1998": None,
    "1998年7月入党": None,
    "去年": None,
    "": None,
    "0": None,
    "1234567890123": None,
}


@pytest.mark.parametrize(("written", "meant"), WRITTEN.items())
def test_written_dates(written, meant):
    assert cell_date(written) == meant


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (date(2014, 7, 5), "2014-07-05"),
        (date(1899, 12, 31), None),
        (19960806, "1996-08-06"),
        (201610, "2016-10"),
        (1998, "1998"),
        (35000, "1995-10-28"),
        (35000.75, None),
        (2016.01, "2016-01"),
        (2016.1, "2016-10"),
        (2016.12, "2016-12"),
        (2016.3, "2016-03"),
        (1998.0, "1998"),
        (float("nan"), None),
        (float("inf"), None),
        (-1, None),
        (None, None),
    ],
)
def test_dates_in_number_and_day_cells(cell, meant):
    assert cell_date(cell) == meant


def test_only_a_number_cell_that_lost_its_zero_is_a_guess():
    assert is_october_guess(2016.1)
    assert not any(is_october_guess(cell) for cell in (2016.11, 2016.2, 2016.01, "2016.1", 2016, 12.1))


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.dates(), st.from_regex(r"\d{4}[./年-]\d{1,2}")))
def test_reading_never_raises_and_what_was_read_reads_the_same(cell):
    read = cell_date(cell)

    assert read is None or (len(read) in (4, 7, 10) and cell_date(read) == read)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_read_in_every_usual_form(day):
    forms = [
        day,
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
    ]
    assert {cell_date(form) for form in forms} == {day.isoformat()}
