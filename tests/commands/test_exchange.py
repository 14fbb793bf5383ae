"""Everything leaves as open files and comes back whole, from one engine to the other and back."""

import json
import os
import re

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app import doors, exchange
from app.cli import commands
from app.core import clock
from app.core.db import Base
from app.core.settings import settings
from app.features.audit import seals, verification
from app.features.ledger import queries as ledger
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction
from tests.doors import open_all, still_open
from tests.features.api.makers import make_token
from tests.features.wishes.makers import make_community, make_draft
from tests.journeys.test_people_and_routes import make_house

OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


NOTED = {"audit_entries", "audit_chain"}
"""An import says that it was one."""


@pytest.fixture
def house(given, engines, engine_kind, database):
    who, _ids = given(make_house, engines.get(engine_kind)[1])
    given(make_token, who["sylvia"], who["bea"], engines.get(engine_kind)[1].branch)
    return database


def test_nothing_opens_by_what_was_handed_out_before_it(house, engines, engine_kind, empty_database, tmp_path):
    with house.write() as session:
        open_all(session, engines.get(engine_kind)[1])
    rows = exported(house, tmp_path / "out")
    assert exchange.read(empty_database, tmp_path / "out") == rows
    with empty_database.read() as session:
        assert still_open(session) == {}
        noted = select(AuditEntry.subject).where(AuditEntry.action == AuditAction.DATABASE_RESTORED)
        assert session.scalars(noted).all() == [said_by(tmp_path / "out")["made_at"]]


def exported(database, folder):
    with database.snapshot() as session:
        return exchange.write(session, folder)


def said_by(folder):
    return json.loads((folder / exchange.MANIFEST).read_text("utf-8"))


def files_of(folder):
    found = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: content for name, content in found.items() if name != exchange.MANIFEST}


def test_there_and_back_again(house, engines, engine_kind, tmp_path):
    with house.write() as session:
        doors.close_all(session, clock.now(), "here")  # an import does, so that nothing else is changed on the way
    seals.seal_all(house)
    rows, first = exported(house, tmp_path / "0"), tmp_path / "0"
    folder = first
    for step, kind in enumerate((OTHER[engine_kind], engine_kind), start=1):
        with engines.get(kind)[0].lend("empty") as database:
            assert exchange.read(database, folder) == rows + step - 1
            with database.snapshot() as session:
                assert verification.verify(session).is_clean
                assert ledger.number_of_facts(session) > 0
            folder = tmp_path / str(step)
            assert exported(database, folder) == rows + step
        for name, table in said_by(first)["tables"].items():
            if name in NOTED:
                continue
            assert (folder / "tables" / f"{name}.jsonl").read_bytes() == (
                first / "tables" / f"{name}.jsonl"
            ).read_bytes()
            assert table["rows"] or not (first / "tables" / f"{name}.jsonl").read_bytes()
        ends, there = said_by(first)["ledger"], said_by(folder)["ledger"]
        assert {**there, "audit": None} == {**ends, "audit": None}
        assert there["audit"][0] == ends["audit"][0] + step


def test_the_files_are_open_and_say_what_they_are(house, tmp_path, alice):
    exported(house, tmp_path / "out")
    said = said_by(tmp_path / "out")
    assert set(said["tables"]) == set(Base.metadata.tables) - exchange.NOT_EXPORTED
    assert said["tables"]["facts"]["columns"]["quantity"]["meaning"].startswith("hundredths")
    lines = (tmp_path / "out" / "tables" / "members.jsonl").read_text("utf-8").splitlines()
    members = [json.loads(line) for line in lines]
    assert {"name": alice.name, "id": str(alice.id)}.items() <= next(
        m for m in members if m["name"] == alice.name
    ).items()
    assert list((tmp_path / "out" / "files").iterdir())
    assert "sealed" in (tmp_path / "out" / "README.md").read_text("utf-8")


def test_contacts_stay_sealed(given, database, branch, tmp_path, sam):
    given(make_draft, given(make_community, branch), branch, sam)
    exported(database, tmp_path / "out")
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "out" / "tables").iterdir())
    assert "three-rays-of-light" not in text
    assert "argon2id" in text
    assert not re.search(r"slt_[\w-]{43}", text)


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_what_was_changed_on_the_way_is_not_read(database, empty_database, tmp_path, english):
    exported(database, tmp_path / "out")
    file = tmp_path / "out" / "tables" / "members.jsonl"
    file.write_bytes(file.read_bytes().replace("艾莉".encode(), "艾利".encode()))
    with pytest.raises(exchange.ExchangeError, match="changed"):
        exchange.read(empty_database, tmp_path / "out")
    exported(database, tmp_path / "again")
    with pytest.raises(exchange.ExchangeError, match="not empty"):
        exchange.read(database, tmp_path / "again")


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_a_ledger_that_is_another_one_leaves_nothing_behind(house, empty_database, tmp_path, english):
    """Even whoever makes the checksums fit: the chain does not."""
    exported(house, tmp_path / "out")
    file, said = tmp_path / "out" / "tables" / "facts.jsonl", said_by(tmp_path / "out")
    file.write_bytes(file.read_bytes().replace(b'"quantity": 100', b'"quantity": 200', 1))
    said["tables"]["facts"]["sha256"] = exchange._digest(file)
    (tmp_path / "out" / exchange.MANIFEST).write_text(json.dumps(said), "utf-8")
    with pytest.raises(exchange.ExchangeError, match="not what was written"):
        exchange.read(empty_database, tmp_path / "out")
    with empty_database.read() as session:
        assert session.scalars(select(Member)).first() is None


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_who_carries_the_folder_gives_nobody_a_post(database, empty_database, tmp_path, english):
    """The chains know nothing of posts: the number that the export printed does."""
    exported(database, tmp_path / "out")
    known = exchange._digest(tmp_path / "out" / exchange.MANIFEST)
    file, said = tmp_path / "out" / "tables" / "role_terms.jsonl", said_by(tmp_path / "out")
    file.write_bytes(file.read_bytes().replace(b'"secretary"', b'"deputy"', 1))
    said["tables"]["role_terms"]["sha256"] = exchange._digest(file)
    (tmp_path / "out" / exchange.MANIFEST).write_text(json.dumps(said), "utf-8")
    with pytest.raises(exchange.ExchangeError, match="another SHA-256"):
        exchange.read(empty_database, tmp_path / "out", sha256=known)
    for broken in ("no JSON", "[]", "{}", json.dumps(said | {"format": 2}), json.dumps(said | {"tables": {}})):
        (tmp_path / "out" / exchange.MANIFEST).write_text(broken, "utf-8")
        with pytest.raises(exchange.ExchangeError, match=r"manifest\.json was changed"):
            exchange.read(empty_database, tmp_path / "out")
    with pytest.raises(exchange.ExchangeError, match="no export at"):
        exchange.read(empty_database, tmp_path / "nowhere")


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_its_folder_is_its_owner_s_alone_whatever_the_umask(database, tmp_path):
    before = os.umask(0)
    try:
        exported(database, tmp_path / "a" / "out")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a" / "out").rglob("*") if path.is_dir()} == {0o700}
    assert (tmp_path / "a" / "out").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_by_its_commands(database, empty_database, monkeypatch, tmp_path, english):
    def run(one, *words):
        monkeypatch.setenv("SANLIANG_DATABASE_URL", one.url.render_as_string(hide_password=False))
        settings.cache_clear()
        return CliRunner().invoke(commands, [*words, str(tmp_path / "out")])

    assert run(database, "export").exit_code == 0
    assert run(database, "export").exit_code == 1, "never over something"
    with database.read() as session:
        taken = select(AuditEntry.subject).where(AuditEntry.action == AuditAction.EXPORTED)
        assert session.scalars(taken).all() == ["export out"], "an auditor asks who took everything along"
    assert run(database, "import").exit_code == 1, "never into something"
    assert run(empty_database, "import").exit_code == 0
    (tmp_path / "out" / exchange.MANIFEST).unlink()
    assert run(empty_database, "import").exit_code == 1
    monkeypatch.undo()
    settings.cache_clear()
