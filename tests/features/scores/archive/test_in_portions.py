"""What is done for a whole branch goes in portions: it says how far it is, stops anywhere, and is done once."""

import httpx2
import pytest
from sqlalchemy import func, select

from app.features.ledger.models import ArchivedYear
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.scores.archive import proof, queries, service
from app.features.scores.archive.models import ArchivedSheet, Archiving, Signature
from app.features.scores.archive.rules import State
from tests.doomed import server
from tests.features.scores.archive.makers import YEAR, signed_by
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import fragment, said_next

DOOMED = "tests.features.scores.archive.doomed_server"
CONFIRM = {"second": "confirm"}


@pytest.fixture
def others(given, branch):
    """Three more members, so that Alice, Bob and they are five; with the officers, seven."""
    return [given(make_member, branch, name) for name in ("陈晨", "戴岱", "方芳")]


@pytest.fixture
def two_at_once(monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 2)


def numbers(given):
    """Archived years, sheets and lines of the log, and what still waits for a second word."""

    def counted(session):
        log = select(func.count()).where(AuditEntry.action == AuditAction.SHEET_ARCHIVED)
        waits = select(func.count()).where(Archiving.stands == "waiting")
        tables = [session.query(kind).count() for kind in (ArchivedYear, ArchivedSheet)]
        return (*tables, session.scalar(log), session.scalar(waits))

    return given(counted)


def go_on(client, person, address, form):
    """Send the form as the page does, until it leaves: how far it said it was, and its last words."""
    said, headers = [], ENGLISH | HTMX | as_member(person)
    while True:
        answer = client.post(address, headers=headers, data=form)
        assert answer.status_code == 200, answer.text
        if "HX-Redirect" in answer.headers:
            return said, said_next(answer)
        shown = fragment(answer).select_one("#onward")
        assert (shown["hx-post"], shown["hx-trigger"]) == (address, "load, submit")
        said.append(shown.select_one("progress")["value"])
        form = {one["name"]: one["value"] for one in shown.select("input")}


def test_each_step_of_a_branch_says_how_far_it_is_and_is_done_once(
    client, others, settled, given, two_at_once, sam, dora, alice, bob
):
    said, last = go_on(client, sam, "/archive/2026/ask", {})
    assert (said, "7 people are asked to sign" in last) == (["2", "4", "6"], True)
    given(signed_by, alice, bob, *others, sam, dora)
    said, last = go_on(client, sam, "/archive/2026/propose", {})
    assert (len(said), "6 sheets wait for another officer" in last) == (3, True)  # but not the own one
    said, last = go_on(client, dora, "/archive/2026/decide", CONFIRM)
    assert (len(said), "5 sheets are archived" in last) == (3, True)
    assert numbers(given) == (5, 5, 5, 1)
    again = client.post("/archive/2026/decide", headers=ENGLISH | as_member(dora), data=CONFIRM)
    assert (again.status_code, "This is about you" in again.text) == (403, True)
    assert numbers(given) == (5, 5, 5, 1)


def test_a_plain_form_waits_for_all_portions_and_a_stopped_job_goes_on(
    client, others, asked, given, two_at_once, sam, dora, alice, bob
):
    given(signed_by, alice, bob, *others)
    assert client.post("/archive/2026/propose", headers=as_member(sam)).status_code == 303
    headers = ENGLISH | HTMX | as_member(dora)
    assert client.post("/archive/2026/decide", headers=headers, data=CONFIRM).status_code == 200  # and the page is left
    some = numbers(given)
    assert some[0] == some[1] == some[2] < 5
    assert client.post("/archive/2026/decide", headers=as_member(dora), data=CONFIRM).status_code == 303
    assert numbers(given) == (5, 5, 5, 0)


@pytest.mark.parametrize("moment", ["halfway", "after_commit"])
def test_a_server_killed_within_an_archive_leaves_whole_sheets_and_the_rest_waits(
    database, others, asked, given, sam, dora, alice, bob, moment
):
    given(signed_by, alice, bob, *others)
    given(service.propose, sam.actor, year=YEAR)
    with server(database, DOOMED, moment) as client, pytest.raises(httpx2.TransportError):
        client.post("/archive/2026/decide", data=CONFIRM, headers=as_member(dora))
    years, sheets, log, waits = numbers(given)
    assert years == sheets == log == 5 - waits
    assert 0 < sheets < 5
    states = {one.id: one.state for one in given(queries.people, sam.branch_id, YEAR)}
    mine = [states[one.id] for one in (alice, bob, *others)]
    assert (mine.count(State.ARCHIVED), mine.count(State.PROPOSED)) == (sheets, waits)
    with server(database, DOOMED, "never") as client:
        answer = client.post("/archive/2026/decide", data=CONFIRM, headers=as_member(dora))
    assert answer.status_code == 303
    assert numbers(given) == (5, 5, 5, 0)
    assert given(lambda session: {one.version for one in session.scalars(select(ArchivedSheet))}) == {1}
    assert given(lambda session: [proof.fault_of(session, one) for one in session.scalars(select(ArchivedSheet))]) == (
        [None] * 5
    )
    assert given(lambda session: session.query(Signature).count()) == 7
