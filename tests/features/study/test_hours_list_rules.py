"""What the cells of a list of hours come to: docs/domain.md, study §7."""

from decimal import Decimal

import pytest

from app.core.errors import ImpossibleError
from app.features.study.lists import rules
from app.features.study.lists.rules import Amount, Unit


@pytest.mark.parametrize(
    ("cell", "unit", "minutes", "days"),
    [
        ("2", Unit.HOURS, 120, 1),
        ("2", Unit.MINUTES, 2, 1),
        ("1.5学时", Unit.MINUTES, 90, 1),
        ("90分钟", Unit.HOURS, 90, 1),
        ("1小时30分", Unit.MINUTES, 90, 1),
        ("1小时59", Unit.MINUTES, 119, 1),
        ("1:30", Unit.HOURS, 90, 1),
        ("1:30:00", Unit.HOURS, 90, 1),
        ("0.5天", Unit.HOURS, 240, 1),
        ("1天", Unit.HOURS, 480, 1),
        ("1.5天", Unit.HOURS, 720, 2),
        ("2", Unit.DAYS, 960, 2),
        ("1,200", Unit.MINUTES, 1200, 1),
        ("0", Unit.HOURS, 0, 1),
        ("0.008", Unit.HOURS, 0, 1),
        ("0.0085", Unit.HOURS, 1, 1),  # half a minute and more is one
        ("999999999999", Unit.MINUTES, 999_999_999_999, 1),
    ],
)
def test_what_is_written_and_its_own_unit_wins(cell, unit, minutes, days):
    found = rules.amount(cell, unit)
    assert found == Amount(minutes, days)
    assert found.is_nothing is (minutes == 0)


@pytest.mark.parametrize("cell", ["", " ", "约2", "2-3", "-1", "1,5", "1小时60分", "1:60", "两小时", "9999999999999"])
def test_what_is_no_single_amount_is_refused(cell):
    with pytest.raises(ImpossibleError):
        rules.amount(cell, Unit.HOURS)


@pytest.mark.parametrize(
    ("found", "days", "passes"),
    [
        (Amount(1440), 1, True),
        (Amount(1441), 1, False),
        (Amount(2880), 2, True),
        (Amount(2880, 2), 1, True),
        (Amount(2881, 2), 1, False),
        (Amount(24_000), 30, True),
        (Amount(24_001), 30, False),  # 400 hours are the most of a year
        (Amount(0), 0, True),
    ],
)
def test_a_day_holds_24_hours_and_a_year_400(found, days, passes):
    if passes:
        rules.check(found, days)
    else:
        with pytest.raises(ImpossibleError):
            rules.check(found, days)


def test_what_each_growing_total_adds():
    """A year begins at nothing; what is smaller is an error and changes nothing."""
    totals = [(2026, 10), (2026, 12), (2026, 12), (2026, 11), (2026, 13), (2027, 5)]
    assert rules.added((year, Decimal(total)) for year, total in totals) == [10, 2, 0, None, 1, 5]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("13800000011", "13800000011"),
        ("1.3800000011E+10", "13800000011"),
        ("13800000011.0", "13800000011"),
        ("'+86 138-0000-0011", "13800000011"),
        ("008613800000011", "13800000011"),
        ("8613800000011", "13800000011"),
        ("1.38E+10", "13800000000"),
        ("13800000011.5", None),
        ("12800000011", None),
        ("1380000001", None),
        ("1E+99", None),
        ("", None),
        ("艾莉", None),
    ],
)
def test_which_mobile_number_a_cell_was_typed_as(cell, number):
    assert rules.phone(cell) == number


@pytest.mark.parametrize(
    ("name", "is_total"),
    [
        ("合计", True),
        ("总 计：", True),
        ("小计", True),
        ("平均学时", True),
        ("本页合计", True),
        ("本页合计:", True),
        ("艾莉", False),
        ("合小计划", False),
    ],
)
def test_which_rows_sum_others_up(name, is_total):
    assert rules.is_total(name) is is_total


def test_points_and_places_are_never_read():
    headings = ["姓名", "学习积分", "排名", "学时"]
    assert rules.columns(headings) == (["姓名", "学时"], ["学习积分", "排名"])
