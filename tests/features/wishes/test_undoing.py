"""Whoever gave a wish back by mistake keeps it after all; and who holds two reads beforehand why there is no third."""

from datetime import timedelta

import pytest
import time_machine

from app.core import clock
from app.core.pages import MESSAGE_COOKIE
from app.features.members.models import Member
from app.features.wishes.carrying import claims, rules, undoing
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying.errors import (
    TeamFullError,
    TooDearError,
    TooManyClaimsError,
    TooManyToJoinError,
    UndoOverError,
)
from app.features.wishes.carrying.past import past_claims
from app.features.wishes.models import Wish
from app.features.wishes.rules import ClaimKind, Status
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_fulfilled, make_wish
from tests.makers import HTMX, as_member, make_member
from tests.page import fragment, page


@pytest.fixture
def board(session, branch, sam):
    """Makes published wishes within the unit of work of a test."""
    place = make_community(session, branch)
    cora = make_collector(session, place)
    return lambda **said: make_wish(session, place, branch, cora, sam, **said)


def status(database, wish):
    with database.read() as session:
        return session.get_one(Wish, wish.id).status


def undo(client, person, wish, headers=None):
    return client.post(f"/wishes/{wish.id}/release/undo", headers=(headers or {}) | as_member(person))


def said_after(client, person, answer):
    cookie = f"{as_member(person)['Cookie']}; {MESSAGE_COOKIE}={answer.cookies[MESSAGE_COOKIE]}"
    return page(client.get(answer.headers["location"], headers={"Cookie": cookie})).find(id="message").get_text()


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


def is_offered(session, person):
    now = clock.now()
    return [rules.can_undo(past.released_at, now) for past in past_claims(session, person.id)]


def test_no_undo_is_offered_of_what_somebody_else_has_by_now(session, alice, bob, board):
    wish = board()
    make_claimed(session, wish, alice)
    claims.release(session, alice.actor, wish_id=wish.id)
    assert is_offered(session, alice) == [True]
    make_claimed(session, wish, bob)
    assert is_offered(session, alice) == [False]
    claims.release(session, bob.actor, wish_id=wish.id)
    assert (is_offered(session, alice), is_offered(session, bob)) == ([False], [True])


def test_no_undo_is_offered_of_what_the_others_have_given_back_too(session, alice, bob, board):
    wish = board()
    make_claimed(session, wish, alice)
    claims.invite(session, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    claims.join(session, bob.actor, wish_id=wish.id)
    claims.release(session, alice.actor, wish_id=wish.id)
    assert is_offered(session, alice) == [True]
    claims.release(session, bob.actor, wish_id=wish.id)
    assert (is_offered(session, alice), is_offered(session, bob)) == ([False], [True])


def test_what_was_given_back_twice_is_offered_once(session, alice, board):
    wish = board()
    for _ in range(2):
        make_claimed(session, wish, alice)
        claims.release(session, alice.actor, wish_id=wish.id)
    assert sorted(is_offered(session, alice)) == [False, True]


def test_no_undo_is_offered_of_what_helps_no_more(session, alice, board):
    with time_machine.travel("2026-03-09 23:55:00+08:00", tick=False) as time:
        make_claimed(session, wish := board(wanted_by=clock.today()), alice)
        claims.release(session, alice.actor, wish_id=wish.id)
        assert is_offered(session, alice) == [True]
        time.shift(timedelta(minutes=6))
        assert is_offered(session, alice) == [False]


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


def test_a_team_comes_back_without_those_who_have_enough_or_have_left(
    client, given, database, alice, bob, sam, branch, wish, community, cora
):
    dora, eve = (given(make_member, branch, name) for name in ("杜拉", "叶芙"))
    given(make_claimed, wish, sam, ClaimKind.TEAM)
    given(claims.invite, sam.actor, wish_id=wish.id, member_ids=[alice.id, bob.id, dora.id, eve.id])
    for person in (alice, bob, dora):
        given(claims.join, person.actor, wish_id=wish.id)
    given(claims.release, sam.actor, wish_id=wish.id)
    for _ in range(2):
        for person in (bob, eve):
            given(make_claimed, given(make_wish, community, branch, cora, sam), person)
    given(lambda session: setattr(session.get_one(Member, dora.id), "left_on", clock.today()))
    said = said_after(client, sam, undo(client, sam, wish))
    assert f"{bob.name}、{dora.name}" in said or f"{dora.name}、{bob.name}" in said
    assert alice.name not in said
    assert eve.name not in said
    with database.read() as session:
        claim = carrying.current_claim(session, wish.id)
        people = {row.name: bool(row.joined_at) for row in carrying.people_of(session, claim.id)}
        assert people == {sam.name: True, alice.name: True, eve.name: False}, "an invitation takes no room"
        assert carrying.active_claims(session, bob.id) == 2


def test_whose_place_is_taken_or_who_has_enough_does_not_come_back(session, branch, sam, board):
    wish = board()
    people = [make_member(session, branch, f"王{number}") for number in range(10)]
    make_claimed(session, wish, sam, ClaimKind.TEAM)
    claims.invite(session, sam.actor, wish_id=wish.id, member_ids=[one.id for one in people[:9]])
    for one in people[:9]:
        claims.join(session, one.actor, wish_id=wish.id)
    claims.release(session, people[0].actor, wish_id=wish.id)
    claims.invite(session, sam.actor, wish_id=wish.id, member_ids=[people[9].id])
    with pytest.raises(TeamFullError):
        undoing.undo_release(session, people[0].actor, wish_id=wish.id)
    claims.release(session, people[1].actor, wish_id=wish.id)
    for _ in range(2):
        make_claimed(session, board(), people[0])
    with pytest.raises(TooManyToJoinError):
        undoing.undo_release(session, people[0].actor, wish_id=wish.id)


def test_what_has_become_dear_meanwhile_is_for_a_team(session, alice, board):
    wish = board(yuan=150)
    make_claimed(session, wish, alice)
    claims.release(session, alice.actor, wish_id=wish.id)
    session.get_one(Wish, wish.id).yuan = 900
    session.flush()
    with pytest.raises(TooDearError):
        undoing.undo_release(session, alice.actor, wish_id=wish.id)
    assert session.get_one(Wish, wish.id).status is Status.PUBLISHED


def test_who_comes_back_to_the_others_reads_who_has_claimed_it_now(client, given, alice, bob, wish):
    given(make_claimed, wish, alice)
    given(claims.invite, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    given(claims.join, bob.actor, wish_id=wish.id)
    given(claims.release, alice.actor, wish_id=wish.id)
    assert bob.name in said_after(client, alice, undo(client, alice, wish))


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
