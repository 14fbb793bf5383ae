"""Styles and pages know each other: what a page wears has a rule."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import PROJECT_DIR, templates

STYLES = PROJECT_DIR / "web" / "styles"
CLASS = re.compile(r'(?<![\w-])class="([^"{]*(?:\{[^}]*\}\}?[^"{]*)*)"')
SPOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
FOUND_BY_TESTS = {
    *("account-history", "advice", "lines", "no", "on", "reminder", "signatures", "step", "ticks", "total"),
    *("wall-card", "wall-title", "wisher"),
}
"""Names by which tests find something, and which need no dress of their own."""


def rules() -> set[str]:
    """The classes that some style sheet knows."""
    found: set[str] = set()
    for path in STYLES.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"([^{};]+)\{", text):
            found.update(re.findall(r"\.(-?[a-z][\w-]*)", selector))
    return found


def worn() -> Iterator[tuple[str, str]]:
    """Where a class stands as it is, and which."""
    for path in templates():
        for attribute in CLASS.findall(path.read_text("utf-8")):
            for name in SPOKEN.sub(" ", attribute).split():
                if name.strip("{}"):  # the rest of an expression with quotes of its own
                    yield path.name, name


def test_what_a_page_wears_has_a_rule():
    known = rules() | FOUND_BY_TESTS
    assert sorted({f"{where}: {name}" for where, name in worn() if name not in known}) == []


def test_what_tests_find_something_by_stands_in_a_test():
    tests = "\n".join(
        path.read_text("utf-8") for path in (PROJECT_DIR / "tests").rglob("*.py") if path != Path(__file__)
    )
    unused = [name for name in sorted(FOUND_BY_TESTS) if not re.search(rf"[.\"']{name}(?![\w-])", tests)]
    assert unused == []
