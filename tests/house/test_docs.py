"""What the documents name is there: a promise is only as good as the test that keeps it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.features.sync.kinds import KINDS
from tests.house.sources import PROJECT_DIR, python_files

NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^def (test_\w+)", re.MULTILINE)
DOCUMENTS = sorted((PROJECT_DIR / "docs").rglob("*.md"))

PAGES = (PROJECT_DIR / "README.md", PROJECT_DIR / "README.zh-CN.md", PROJECT_DIR / "app" / "README.md", *DOCUMENTS)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
DECISIONS = PROJECT_DIR / "docs" / "decisions"


def broken(page: Path, text: str) -> Iterator[str]:
    """The links of a page that lead nowhere in the repository."""
    yield from (link for link in LINK.findall(text) if not (page.parent / link).exists())


def missing(text: str) -> set[str]:
    """The tests that ``text`` names and that nobody has written."""
    written = {name for path in python_files("tests") for name in DEFINED.findall(path.read_text("utf-8"))}
    return set(NAMED.findall(text)) - written


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_a_document_names_exists(document):
    assert missing(document.read_text("utf-8")) == set()


def test_a_test_that_is_not_there_is_seen():
    assert missing("`test_nobody_wrote` and `test_a_test_that_is_not_there_is_seen`") == {"test_nobody_wrote"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT_DIR)))
def test_every_link_leads_somewhere(page):
    assert list(broken(page, page.read_text("utf-8"))) == []


def test_a_link_that_leads_nowhere_is_seen():
    text = "[there](../README.md), [gone](0000-gone.md), [outside](https://example.org)"
    assert list(broken(DECISIONS / "README.md", text.replace("../README.md", "README.md"))) == ["0000-gone.md"]


def test_every_room_stands_in_the_house_on_one_screen():
    floors = (PROJECT_DIR / "app" / "README.md").read_text("utf-8").split("```")[1]
    rooms = {
        folder.name for folder in (PROJECT_DIR / "app" / "features").iterdir() if (folder / "__init__.py").exists()
    }
    contract = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][
        0
    ]
    (of_streams,) = [set(re.findall(r"\w+", floor)) for floor in contract["layers"] if "(wishes)" in floor]
    assert [room for room in sorted(rooms - of_streams) if not re.search(rf"\b{room}\b", floors)] == []


def test_what_phones_send_is_written_down():
    told = (PROJECT_DIR / "docs" / "sync.md").read_text("utf-8")
    assert [name for name in KINDS if f"| `{name}` |" not in told] == []


def test_each_decision_has_a_number_of_its_own_and_stands_in_the_list():
    files = sorted(path.name for path in DECISIONS.glob("0*.md"))
    assert [name[:4] for name in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    listed = re.findall(r"\]\((0[^)]+)\)", (DECISIONS / "README.md").read_text("utf-8"))
    assert listed == files
    assert [name for name in files if not (DECISIONS / name).read_text("utf-8").startswith(f"# {name[:4]} ")] == []
