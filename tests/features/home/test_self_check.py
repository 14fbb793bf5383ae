"""The red lines and how this installation keeps each: a page for everybody, looked up when it is asked."""

import re
from datetime import timedelta

import pytest

from app.core import clock, pulses
from app.features.home import self_check
from app.features.home.self_check import look
from app.features.notices import rules
from tests.features.complaints.makers import make_complaint
from tests.makers import ENGLISH, as_member
from tests.page import page


@pytest.fixture
def swept(database):
    with database.write() as session:
        pulses.beat(session, "sweep", clock.now())


def kept(database, *paths):
    with database.read() as session:
        return [
            found.is_kept
            for found in look(
                session, (*paths, "/me/export.json", "/me/export.xlsx", "/sheet/lines", "/complaints"), clock.now()
            )
        ]


def test_everybody_reads_twelve_lines_and_all_are_kept(client, swept, alice):
    soup = page(client.get("/self-check", headers=as_member(alice) | ENGLISH))
    said = [chip.get_text() for chip in soup.select("main ol .st")]
    assert said == ["by design" if line in (5, 6, 8) else "kept" for line in range(1, 13)]
    assert soup.select_one("main a[href='/me/export']")
    assert page(client.get("/me", headers=as_member(alice))).select_one("main a[href='/self-check']")


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/self-check").status_code == 303


@pytest.mark.parametrize(("path", "line"), [("/members/ranking", 1), ("/points/exchange", 9)])
def test_an_address_that_ranks_or_sells_is_found(database, swept, path, line):
    assert kept(database, path)[line - 1] is False
    assert kept(database, path).count(False) == 1


def test_a_sweep_that_stopped_is_found(database):
    assert kept(database)[10 - 1] is False
    with database.write() as session:
        pulses.beat(session, "sweep", clock.now() - timedelta(days=3))
    assert kept(database)[10 - 1] is False


def test_a_complaint_past_its_day_is_found(database, swept, given, alice):
    given(make_complaint, alice, sent_on=clock.today() - timedelta(days=30))
    assert kept(database)[11 - 1] is False


def test_a_form_that_demands_a_file_is_found(database, swept, monkeypatch, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "bad.html").write_text('<input type="file" name="shot" required>')
    monkeypatch.setattr(self_check.pages, "WEB_DIR", tmp_path)
    assert kept(database)[4 - 1] is False


def _bad_fact(monkeypatch):
    monkeypatch.setattr(self_check, "FactType", ["online_time"])


def _bad_column(monkeypatch):
    monkeypatch.setattr(self_check, "_FOLLOWS_PEOPLE", re.compile("member_number"))


def _late_hours(monkeypatch):
    monkeypatch.setattr(rules, "LAST_HOUR", 23)


def _every_day(monkeypatch):
    monkeypatch.setattr(rules, "is_working_day", lambda *_day_and_calendar: True)


def _no_export(monkeypatch):
    monkeypatch.setattr(self_check, "_EXPORTS", {"export.json", "export.csv"})


@pytest.mark.parametrize(
    ("line", "spoil"), [(2, _bad_fact), (3, _bad_column), (7, _late_hours), (7, _every_day), (12, _no_export)]
)
def test_each_line_that_is_looked_up_can_fail(database, swept, monkeypatch, line, spoil):
    spoil(monkeypatch)
    assert kept(database)[line - 1] is False
