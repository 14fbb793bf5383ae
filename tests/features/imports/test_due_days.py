"""Due days as lists write them."""

from datetime import date

import pytest

from app.features.imports.values import due_day


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        (date(2026, 3, 31), "2026-03-31"),
        ("2026-03-31", "2026-03-31"),
        ("2026年3月31日前", "2026-03-31"),
        ("2026.3.31", "2026-03-31"),
        (46112, "2026-03-31"),
        ("3月31日", "2026-03-31"),
        ("3月31日之前完成", "2026-03-31"),
        ("3月底", "2026-03-31"),
        ("2月底前", "2026-02-28"),
        ("2027年2月", "2027-02-28"),
        ("2026年6月底前", "2026-06-30"),
        (2026.6, "2026-06-30"),
        ("一季度", "2026-03-31"),
        ("第三季度末", "2026-09-30"),
        ("2027年二季度", "2027-06-30"),
        ("上半年", "2026-06-30"),
        ("年底前", "2026-12-31"),
        ("2027年底", "2027-12-31"),
        ("全年", "2026-12-31"),
        ("2026", "2026-12-31"),
    ],
)
def test_a_day_is_read(cell, due):
    assert due_day(cell, year=2026) == date.fromisoformat(due)


@pytest.mark.parametrize("cell", ["长期", "常年坚持", "及时", "2月30日", "13月底", "五季度", 6.3, "", "按要求"])
def test_no_day_is_guessed(cell):
    assert due_day(cell, year=2026) is None
