"""Whoever gave a wish back by mistake keeps it after all; and who holds two reads beforehand why there is no third."""

from datetime import timedelta

import pytest
import time_machine

from app.core import clock
from app.features.wishes.carrying import claims, undoing
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying.errors import TooManyClaimsError, UndoOverError
from app.features.wishes.models import Wish
from app.features.wishes.rules import ClaimKind, Status
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_fulfilled, make_wish
from tests.makers import HTMX, as_member
from tests.page import fragment, page


@pytest.fixture
def board(session, branch, sam):
    """Makes published wishes within the unit of work of a test."""
    place = make_community(session, branch)
    cora = make_collector(session, place)
    return lambda: make_wish(session, place, branch, cora, sam)


def status(database, wish):
    with database.read() as session:
        return session.get_one(Wish, wish.id).status


def undo(client, person, wish, headers=None):
    return client.post(f"/wishes/{wish.id}/release/undo", headers=(headers or {}) | as_member(person))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_alice_keeps_after_all_what_she_gave_back(client, database, given, alice, bob, wish, headers):
    given(make_claimed, wish, alice)
    given(claims.invite, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    given(claims.contacted, alice.actor, wish_id=wish.id)
    given(claims.release, alice.actor, wish_id=wish.id)
    given_back = page(client.get("/wishes/mine", headers=as_member(alice))).find(id=f"given-back-{wish.id}")
    assert given_back.find("form", action=f"/wishes/{wish.id}/release/undo")
    answer = undo(client, alice, wish, headers)
    assert (answer.headers.get("location") or answer.headers["hx-redirect"]) == f"/wishes/{wish.id}"
    assert status(database, wish) is Status.IN_PROGRESS
    with database.read() as session:
        claim = carrying.current_claim(session, wish.id)
        assert {row.name for row in carrying.people_of(session, claim.id)} == {alice.name, bob.name}
    assert undo(client, alice, wish).status_code == 303, "twice is once"
    assert not page(client.get("/wishes/mine", headers=as_member(alice))).find(id=f"given-back-{wish.id}")


def test_whoever_left_the_others_comes_back_to_them(session, alice, bob, board):
    wish = board()
    make_claimed(session, wish, alice)
    claims.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    claims.join(session, bob.actor, wish_id=wish.id)
    claims.release(session, alice.actor, wish_id=wish.id)
    undoing.undo_release(session, alice.actor, wish_id=wish.id)
    claim = carrying.current_claim(session, wish.id)
    assert {row.name for row in carrying.people_of(session, claim.id)} == {alice.name, bob.name}


def test_what_somebody_else_has_by_now_stays_there(session, alice, bob, board):
    wish = board()
    make_claimed(session, wish, alice)
    claims.release(session, alice.actor, wish_id=wish.id)
    make_claimed(session, wish, bob)
    with pytest.raises(UndoOverError):
        undoing.undo_release(session, alice.actor, wish_id=wish.id)
    assert carrying.claimer(session, wish.id) == bob.name


def test_what_others_gave_back_is_not_undone_by_a_bystander(session, alice, bob, sam, board):
    wish = board()
    make_claimed(session, wish, alice, ClaimKind.TEAM)
    claims.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    claims.join(session, bob.actor, wish_id=wish.id)
    claims.release(session, alice.actor, wish_id=wish.id)
    for person in (bob, sam):
        with pytest.raises(UndoOverError):
            undoing.undo_release(session, person.actor, wish_id=wish.id)
    undoing.undo_release(session, alice.actor, wish_id=wish.id)
    assert carrying.active_claims(session, bob.id) == 1


def test_after_ten_minutes_it_is_too_late(session, alice, board):
    wish = board()
    make_claimed(session, wish, alice)
    claims.release(session, alice.actor, wish_id=wish.id)
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)), pytest.raises(UndoOverError):
        undoing.undo_release(session, alice.actor, wish_id=wish.id)


def test_the_stranger_undoes_nothing(client, given, alice, olga, wish):
    given(make_claimed, wish, alice)
    given(claims.release, alice.actor, wish_id=wish.id)
    assert undo(client, olga, wish).status_code == 404


def test_who_has_taken_two_others_meanwhile_has_enough(session, alice, board):
    wish = board()
    make_claimed(session, wish, alice)
    claims.release(session, alice.actor, wish_id=wish.id)
    for _ in range(2):
        make_claimed(session, board(), alice)
    with pytest.raises(TooManyClaimsError):
        undoing.undo_release(session, alice.actor, wish_id=wish.id)


def test_who_has_two_in_progress_reads_beforehand_why_there_is_no_third(
    client, given, alice, bob, community, branch, cora, sam, wish
):
    given(make_fulfilled, given(make_wish, community, branch, cora, sam), bob)
    for _ in range(2):
        given(make_claimed, given(make_wish, community, branch, cora, sam), bob)
    bobs = as_member(bob)
    for said in (
        page(client.get(f"/wishes/{wish.id}", headers=bobs)).find(id="claiming"),
        fragment(client.post(f"/wishes/{wish.id}/claim", headers=HTMX | bobs), status=409).find(id="claiming"),
    ):
        assert "2 个心愿正在办理" in said.get_text(), "what is handed over does not count"
        assert not said.find("button")
    given(make_claimed, wish, alice)
    given(claims.invite, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    asked = page(client.get(f"/wishes/{wish.id}", headers=bobs)).find(id="invitation")
    assert "2 个心愿正在办理" in asked.get_text()
    assert "参加" in asked.get_text()
    assert "认领" not in asked.get_text(), "joining is not claiming"
    assert not asked.find("form", action=f"/wishes/{wish.id}/join")
    assert asked.find("form", action=f"/wishes/{wish.id}/decline")
