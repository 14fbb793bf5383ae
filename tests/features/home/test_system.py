"""The page of whoever looks after the machine: how it stands, and nothing about people."""

import shutil
from types import SimpleNamespace

import pytest

from app.core.settings import settings
from app.features.members.rules import Role
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page


@pytest.fixture
def admin(given, branch, committee):
    return given(make_member, branch, "席彤", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)


@pytest.fixture
def told(client, admin):
    def read():
        soup = page(client.get("/system", headers=as_member(admin) | ENGLISH))
        terms, texts = soup.select("dl.dl dt"), soup.select("dl.dl dd")
        return {term.get_text(): " ".join(text.get_text(" ").split()) for term, text in zip(terms, texts, strict=True)}

    return read


def test_it_says_how_the_installation_stands(told, engine_kind):
    found = told()
    assert found["Database"] == f"{ {'sqlite': 'SQLite', 'postgres': 'PostgreSQL'}[engine_kind] } newest schema"
    assert found["Room on the disk"].split()[1] == "GB"
    assert found["Time zone"] == "Asia/Shanghai"


def test_it_says_what_is_done_on_the_server(client, admin):
    soup = page(client.get("/system", headers=as_member(admin)))
    assert {"sanliang sweep", "sanliang ledger verify"} <= {code.get_text() for code in soup.select("main code")}


def test_it_warns_while_something_can_still_be_done(told, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=2 * 10**8))
    assert told()["Room on the disk"] == "0.2 GB not much"


def test_the_key_is_looked_for_and_never_shown(told, tmp_path, monkeypatch):
    monkeypatch.setattr(type(settings()), "contacts_key_file", tmp_path / "contacts.key")
    assert told()["Key for contacts of wishers"].startswith("none yet")
    (tmp_path / "contacts.key").write_text("a secret", encoding="utf-8")
    assert told()["Key for contacts of wishers"] == "in its place"


def test_it_is_found_from_the_page_of_today(client, admin):
    assert page(client.get("/", headers=as_member(admin))).select("main nav a[href='/system']")


@pytest.mark.parametrize("who", ["alice", "sam", "carl"])
def test_it_is_for_nobody_else(client, request, who):
    person = request.getfixturevalue(who)
    page(client.get("/system", headers=as_member(person)), status=403)
    assert not page(client.get("/", headers=as_member(person))).select("a[href='/system']")
