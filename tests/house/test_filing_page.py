"""What an organ hands to the authorities names whatever is kept of a person, and what it points at is there."""

import re

import pytest

from app.core.i18n import use_language
from app.features.home.purposes import OF_COMMUNITY, PURPOSES
from tests.house.sources import PROJECT_DIR

PAGE = (PROJECT_DIR / "docs" / "filing.zh-CN.md").read_text("utf-8")
PLACE = re.compile(r"`((?:app|deploy|docs|tests)/[^`]+)`")
TABLE = PAGE.split("**处理哪些信息", 1)[1].split("**风险和措施**", 1)[0]


@pytest.mark.parametrize("purposes", [PURPOSES, OF_COMMUNITY], ids=["members", "collectors"])
def test_the_assessment_names_whatever_is_kept_of_a_person(purposes):
    use_language("zh")
    left_out = {str(one.label) for one in purposes.values() if str(one.label) not in TABLE}
    assert left_out == set(), "docs/filing.zh-CN.md: the table of what is kept, why and how long"


def test_each_place_that_the_page_names_is_there():
    assert [place for place in PLACE.findall(PAGE) if not (PROJECT_DIR / place).exists()] == []


def test_each_row_of_a_table_has_its_cells():
    """A missing cell moves what stands after it under another heading."""
    wrong = []
    for block in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        lines = block.splitlines()
        wrong += [line for line in lines if line.count("|") != lines[0].count("|")]
    assert wrong == []
