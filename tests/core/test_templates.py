"""Pages are compiled once and kept on disk; a disk without room makes no page fail."""

import tempfile
from pathlib import Path

import pytest

from app.core import pages
from app.core.settings import Settings


def full(*_arguments, **_options):
    raise OSError(28, "No space left on device")


@pytest.fixture
def templates(monkeypatch, tmp_path):
    """Makes the templates anew, as a process does that starts with this folder for its data."""

    def start():
        monkeypatch.setattr(pages, "settings", lambda: Settings(data_dir=tmp_path))
        return pages.environment.__wrapped__()

    return start


def test_a_compiled_page_is_kept(templates, tmp_path):
    templates().get_template("error.html")
    assert len(list((tmp_path / "templates").iterdir())) > 1


@pytest.mark.parametrize(("where", "what"), [(tempfile, "NamedTemporaryFile"), (Path, "mkdir")], ids=["file", "folder"])
def test_without_room_pages_are_compiled_all_the_same(templates, monkeypatch, where, what):
    monkeypatch.setattr(where, what, full)
    assert templates().get_template("error.html").name == "error.html"
