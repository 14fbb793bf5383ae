"""A day is the branch's: between midnight and eight in Shanghai it is another one than that of UTC."""

import re
from typing import Final

import pytest

from tests.house.sources import PROJECT_DIR, place, python_files

OF_UTC: Final = re.compile(
    r"now\([^()]*\)\.date\(\)|\bdate\.today\(|utcnow\(|\.toISOString\(\)\.slice\(0, 10\)"
    r"|func\.(?:date|current_date|now|strftime|date_trunc)\("
)
"""A day, or a moment, that no branch's clock says."""


def test_days_are_the_branch_s_own():
    scripts = sorted((PROJECT_DIR / "web" / "scripts").rglob("*.js"))
    found = [place(path) for path in (*python_files(), *scripts) if OF_UTC.search(path.read_text("utf-8"))]
    assert found == [], "ask clock.today() or clock.local_day(), in a script today() of fields.js"


@pytest.mark.parametrize(
    "line",
    [
        "day = datetime.now(UTC).date()",
        "day = clock.now().date()",
        "day = date.today()",
        "new Date().toISOString().slice(0, 10)",
        "func.date(Review.submitted_at)",
    ],
)
def test_a_day_of_utc_is_seen(line):
    assert OF_UTC.search(line)
