"""A sealed text opens with a key of the file, for the row it was sealed for, and for nothing else."""

import logging
import stat

import pytest

from app.core import sealing
from app.core.ids import new_id
from app.core.sealing import BrokenSealError, KeyExistsError, KeyMissingError
from app.core.settings import Settings

SECRET = "王桂芬 13712345678 荔园路8号"


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    path = tmp_path / "keys" / "contacts.key"
    monkeypatch.setattr(sealing, "settings", lambda: Settings(contacts_key=path))
    return path


def test_what_is_sealed_opens_for_its_row_alone(key_file):
    sealing.make_key()
    row, other = new_id(), new_id()
    sealer = sealing.sealer()
    sealed = sealer.seal(SECRET, belongs_to=row)
    assert SECRET not in sealed.text
    assert sealer.open(sealed.text, belongs_to=row) == SECRET
    with pytest.raises(BrokenSealError):
        sealer.open(sealed.text, belongs_to=other)
    with pytest.raises(BrokenSealError):
        sealer.open(sealed.text[:-4] + "AAA=", belongs_to=row)


def test_the_same_text_never_looks_the_same(key_file):
    sealing.make_key()
    row = new_id()
    sealer = sealing.sealer()
    assert sealer.seal(SECRET, belongs_to=row).text != sealer.seal(SECRET, belongs_to=row).text


def test_only_its_owner_reads_the_key_file(key_file):
    sealing.make_key()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    sealing.add_key()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["contacts.key"]


def test_a_key_is_never_made_over_another(key_file):
    sealing.make_key()
    before = key_file.read_text()
    with pytest.raises(KeyExistsError):
        sealing.make_key()
    assert key_file.read_text() == before


@pytest.mark.parametrize("content", [None, "", "\n\n", "no key at all", "ключ"])
def test_without_a_key_it_says_what_to_do(key_file, content, english):
    if content is not None:
        key_file.parent.mkdir()
        key_file.write_text(content, encoding="utf-8")
    assert not sealing.has_key()
    with pytest.raises(KeyMissingError) as refusal:
        sealing.sealer()
    assert "sanliang contacts new-key" in refusal.value.sentence
    assert content is None or not content.strip() or content not in refusal.value.sentence


def test_a_running_process_follows_a_rotation(key_file):
    sealing.make_key()
    row = new_id()
    old = sealing.sealer().seal(SECRET, belongs_to=row)
    sealing.add_key()
    new = sealing.sealer().seal(SECRET, belongs_to=row)
    assert new.key_id != old.key_id
    assert sealing.sealer().open(old.text, belongs_to=row) == SECRET
    sealing.drop_old_keys()
    assert sealing.sealer().open(new.text, belongs_to=row) == SECRET
    with pytest.raises(BrokenSealError):
        sealing.sealer().open(old.text, belongs_to=row)


def test_nothing_of_a_key_shows(key_file, caplog):
    sealing.make_key()
    key = key_file.read_text().strip()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("sanliang").warning("%r %s", sealing.sealer(), vars(KeyMissingError()))
    assert key not in caplog.text
    assert key not in sealing.sealer().key_id


def test_an_empty_setting_is_no_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("SANLIANG_CONTACTS_KEY", "")
    assert Settings(data_dir=tmp_path).contacts_key_file == tmp_path / "contacts.key"
    monkeypatch.setenv("SANLIANG_CONTACTS_KEY", "/run/secrets/contacts")
    assert str(Settings().contacts_key_file) == "/run/secrets/contacts"
