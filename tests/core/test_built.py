"""Built files of other versions: a page that is open finds those it was drawn with."""

import os
import threading
import time

import pytest

from app.core import built
from app.core.settings import Settings

NAME = "old-ABCD1234.js"


@pytest.fixture
def kept(monkeypatch, tmp_path):
    """The folder with the files of all versions, in a data folder of its own."""
    monkeypatch.setattr(built, "settings", lambda: Settings(data_dir=tmp_path))
    return tmp_path / built.FOLDER


@pytest.fixture
def version(monkeypatch, tmp_path):
    """Makes the product that of another version with these files."""

    def of(*names):
        folder = tmp_path / f"dist-{names[0]}"
        folder.mkdir()
        for name in (*names, "manifest.json", "worker.js"):
            (folder / name).write_text(f"// {name}", encoding="utf-8")
        monkeypatch.setattr(built, "DIST_DIR", folder)
        built.keep()

    return of


def test_a_page_of_the_version_before_finds_its_files(client, kept, version):
    assert client.get(f"/assets/{NAME}").status_code == 404
    version(NAME)
    version("new-ABCD1234.js")
    answer = client.get(f"/assets/{NAME}")
    assert (answer.status_code, answer.text) == (200, f"// {NAME}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert {path.name for path in kept.iterdir()} == {NAME, "new-ABCD1234.js"}


def test_what_no_version_has_brought_for_long_goes(kept, version):
    version(NAME, "both-ABCD1234.css")
    long_ago = time.time() - built.KEPT_S - 60
    for file in kept.iterdir():
        os.utime(file, (long_ago, long_ago))
    version("both-ABCD1234.css")
    assert {path.name for path in kept.iterdir()} == {"both-ABCD1234.css"}


def test_what_a_server_at_work_has_is_not_old(kept, version, monkeypatch):
    """Killed without a word after a hundred days, it has left its files to the pages that are open."""
    version(NAME)
    renewed = threading.Event()
    monkeypatch.setattr(built, "RENEWED_S", 0.001)
    monkeypatch.setattr(built, "keep", renewed.set)
    with built.keeping():
        renewed.clear()
        assert renewed.wait(10)


def test_one_file_without_room_keeps_no_other_out(kept, version):
    (kept / NAME).mkdir(parents=True)
    os.utime(kept / NAME, (0, 0))
    version(NAME, "new-ABCD1234.js")
    assert (kept / "new-ABCD1234.js").is_file()
    assert [path.name for path in kept.iterdir() if path.name.startswith(".")] == []


def test_a_name_that_no_disk_takes_is_nobody_s(client):
    assert client.get(f"/assets/{'a' * 300}-ABCDEFGH.js").status_code == 404


@pytest.mark.parametrize("name", ["contacts.key", "..%2Fsanliang.db", "manifest.json", ".part-ABCD1234.js"])
def test_nothing_else_of_the_data_folder_is_a_file_of_ours(client, kept, version, name):
    version(NAME)
    (kept.parent / "contacts.key").write_text("secret", encoding="utf-8")
    (kept / name.replace("%2F", "-")).write_text("secret", encoding="utf-8")
    assert client.get(f"/assets/{name}").text.find("secret") == -1


def test_a_full_disk_keeps_no_server_from_starting(kept, version):
    kept.write_text("no folder", encoding="utf-8")
    version(NAME)
    assert built.of_another_version(NAME) is None
