"""``sanliang contacts …`` as somebody types it on the server."""

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.core import opening, sealing
from app.core.settings import Settings
from app.features.private import commands, resealing
from app.features.private.rules import Contact
from app.features.wishes.contacts import service
from app.features.wishes.contacts.models import WishContact
from tests.features.wishes.makers import make_draft

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def key_file(database, tmp_path, monkeypatch):
    path = tmp_path / "contacts.key"
    config = Settings(
        contacts_key=path, database_url=database.url.render_as_string(hide_password=False), data_dir=tmp_path
    )
    for module in (sealing, commands, opening):
        monkeypatch.setattr(module, "settings", lambda: config)
    return path


@pytest.fixture
def run(key_file):
    return lambda *words: CliRunner().invoke(commands.contacts_app, words)


@pytest.fixture
def five(given, key_file, community, branch, cora):
    """Five sealed contacts."""
    sealing.make_key()

    def keep(session):
        for number in range(5):
            wish = make_draft(session, community, branch, cora)
            service.keep(session, wish_id=wish.id, contact=_contact(number), by_id=cora.id)

    given(keep)


def test_a_first_key_is_made_once(run, key_file):
    assert run("new-key").exit_code == 0
    key = key_file.read_text()
    again = run("new-key")
    assert (again.exit_code, key_file.read_text()) == (1, key)
    assert "sanliang contacts rotate" in again.stderr
    assert run("new-key", "--if-missing").exit_code == 0
    assert key_file.read_text() == key


@pytest.mark.parametrize(("words", "code"), [(("new-key",), 1), (("new-key", "--if-missing"), 0)])
def test_a_key_that_contacts_need_is_not_made_anew(run, five, key_file, words, code):
    key_file.unlink()
    done = run(*words)
    assert done.exit_code == code
    assert "5 sealed texts need the key" in done.stderr
    assert not key_file.exists()
    assert run("new-key", "--lost").exit_code == 0
    assert key_file.exists()


def test_a_rotation_seals_everything_anew(run, five, key_file, database, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    old = key_file.read_text()
    done = run("rotate", "--settle", "0")
    assert (done.exit_code, done.stderr.count("\n")) == (0, 1)  # which database
    assert "Sealed with the new key: 5." in done.stdout
    assert key_file.read_text() != old
    assert len(key_file.read_text().split()) == 1
    _all_open(database)


def test_a_rotation_that_was_broken_off_goes_on(run, five, key_file, database, given, monkeypatch):
    monkeypatch.setattr(resealing, "BATCH", 2)
    new_key = sealing.add_key().key_id
    (table,) = [table for table in resealing.tables() if table.name == "wish_contacts"]
    given(resealing.reseal, table)
    _all_open(database)
    done = run("rotate", "--settle", "0")
    assert "Sealed with the new key: 3." in done.stdout
    assert sealing.sealer().key_id == new_key
    _all_open(database)


def test_what_no_key_opens_stays_and_so_do_the_keys(run, five, key_file, database, given):
    given(_spoil_one)
    done = run("rotate", "--settle", "0")
    assert done.exit_code == 1
    assert "No key of the file opens 1 sealed texts" in done.stderr
    assert len(key_file.read_text().split()) == 2


def test_without_a_key_nothing_is_rotated(run, english):
    done = run("rotate")
    assert done.exit_code == 1
    assert "does not find its key" in done.stderr


def test_every_table_that_keeps_sealed_texts_is_covered():
    names = [table.name for table in resealing.tables()]
    assert "wish_contacts" in names
    for table in resealing.tables():
        assert len(table.primary_key.columns) == 1, f"{table.name}: what its texts belong to is the key of the row"


def _contact(number: int) -> Contact:
    return Contact(name=f"王桂芬{number}", phone="13712345678")


def _all_open(database):
    with database.read() as session:
        for row in session.scalars(select(WishContact)):
            opened = sealing.sealer().open(row.sealed, belongs_to=row.wish_id)
            assert Contact.from_text(opened).phone == "13712345678"


def _spoil_one(session):
    session.scalars(select(WishContact).limit(1)).one().sealed = "gAAAAA"
