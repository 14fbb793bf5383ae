"""What the documents name is there: a promise is only as good as the test that keeps it."""

import re

import pytest

from tests.house.sources import PROJECT_DIR, python_files

NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^def (test_\w+)", re.MULTILINE)
DOCUMENTS = sorted((PROJECT_DIR / "docs").rglob("*.md"))


def missing(text: str) -> set[str]:
    """The tests that ``text`` names and that nobody has written."""
    written = {name for path in python_files("tests") for name in DEFINED.findall(path.read_text("utf-8"))}
    return set(NAMED.findall(text)) - written


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_a_document_names_exists(document):
    assert missing(document.read_text("utf-8")) == set()


def test_a_test_that_is_not_there_is_seen():
    assert missing("`test_nobody_wrote` and `test_a_test_that_is_not_there_is_seen`") == {"test_nobody_wrote"}
