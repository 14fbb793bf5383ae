"""Codes of the room out of phones' queues: judged by the corrected time, kept for ever, ticked where they say more."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core import clock
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark, Source
from app.features.meetings.ticks.service import cancel_meeting
from app.features.reviews import service as reviews
from app.features.reviews.rules import Flag, ReviewStatus
from tests.features.meetings.gatherings.codes import BEGINS, PHONES, check_in, code_of, kept
from tests.features.meetings.gatherings.makers import FRIDAY, confirm, facts_of, form, make_meeting, review_of, tick
from tests.features.sync.makers import envelope, new_withdrawal, phone_time, send, words
from tests.makers import as_member
from tests.page import errors, page

MINUTE = timedelta(minutes=1)


@pytest.fixture
def meeting(given, sam):
    return given(make_meeting, sam, title="第四次党员大会")


@pytest.fixture
def sent(client, given, meeting):
    """Somebody's phone sends a code of a minute after the beginning, typed some minutes later."""

    def act(person, minutes=0, *, typed_after=0, code=None, phone=PHONES[0], batch=None, **fields):
        at = BEGINS + minutes * MINUTE
        item = check_in(meeting, code or given(code_of, meeting, at), at + typed_after * MINUTE, **fields)
        return words(send(client, person, item, device_id=phone, **(batch or {})))[0]

    return act


def last(database, event_id, person):
    with database.read() as session:
        return ticks.last_ticks(session, event_id).get(person.id)


@pytest.mark.parametrize(
    ("minutes", "typed_after", "verdict", "mark", "flags"),
    [
        (0, 0, ("accepted", None), Mark.PRESENT, ()),
        (0, 1, ("accepted", None), Mark.PRESENT, ()),
        (30, 0, ("accepted", None), Mark.PRESENT, ()),
        (31, 0, ("accepted", "late"), Mark.LATE, ()),
        (0, 2, ("review", "code_expired"), Mark.PRESENT, (Flag.CODE_EXPIRED,)),
        (-61, 0, ("review", "too_early"), Mark.PRESENT, (Flag.TOO_EARLY,)),
        (130, 0, ("review", "after_end"), Mark.PRESENT, (Flag.AFTER_END,)),
    ],
)
def test_it_is_judged_by_its_minute(database, given, sent, meeting, alice, minutes, typed_after, verdict, mark, flags):
    assert sent(alice, minutes, typed_after=typed_after) == verdict
    tick_ = last(database, meeting, alice)
    assert (tick_.mark, tick_.source, tick_.status, tick_.flags) == (mark, Source.CODE, ReviewStatus.PENDING, flags)
    with database.read() as session:
        assert facts_of(session, alice) == []


def test_a_wrong_clock_is_corrected_and_the_code_proves_it(database, sent, given, meeting, alice, bob):
    ahead = timedelta(days=400)
    code = given(code_of, meeting, BEGINS)
    batch = {"sent_at": phone_time(clock.now() + ahead)}
    shifted = int(ahead / MINUTE)
    assert sent(alice, shifted, code=code, batch=batch) == ("accepted", None)
    assert last(database, meeting, alice).mark is Mark.PRESENT
    assert sent(bob, shifted, code=code) == ("refused", "wrong_code")  # the clock is right, the code is not


def test_ten_wrong_codes_end_the_tries_and_every_one_is_kept(client, database, sent, given, meeting, alice, bob):
    for _ in range(10):
        assert sent(alice, code="000000") == ("refused", "wrong_code")
    assert sent(alice) == ("refused", "too_many_tries")
    assert sent(bob) == ("accepted", None)
    with database.read() as session:
        assert [worth for who, *worth in kept(session, meeting) if who == alice.id] == [
            *[["refused", "wrong_code"]] * 10,
            ["refused", "too_many_tries"],
        ]


def test_full_width_digits_are_taken_and_other_signs_are_bad_input(client, given, meeting, sent, alice):
    code = given(code_of, meeting, BEGINS)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert sent(alice, code=f"{wide[:3]}　{wide[3:]}") == ("accepted", None)
    assert sent(alice, code="12345") == ("refused", "bad_payload")


def test_strangers_learn_nothing_and_who_is_not_expected_is_kept(database, sent, meeting, olga, alice, client):
    assert sent(olga) == ("refused", "not_expected")
    unknown = check_in(alice.id, "123456", BEGINS)
    assert words(send(client, alice, unknown)) == [("refused", "not_expected")]
    with database.read() as session:
        assert kept(session, meeting) == [(olga.id, "refused", "not_expected")]


def test_of_a_cancelled_meeting_it_is_kept_and_brings_nothing(database, sent, given, meeting, sam, alice):
    given(cancel_meeting, sam.actor, event_id=meeting, reason="会场停电")
    assert sent(alice) == ("review", "cancelled")
    assert last(database, meeting, alice) is None
    with database.read() as session:
        assert kept(session, meeting) == [(alice.id, "doubtful", "cancelled")]


@pytest.mark.parametrize("confirmed_first", [True, False])
def test_of_a_meeting_that_is_cancelled_after_it_came_it_brings_nothing(
    database, sent, given, meeting, sam, dora, alice, confirmed_first
):
    sent(alice)
    if confirmed_first:
        given(confirm, dora, meeting)
        assert given(facts_of, alice)
    given(cancel_meeting, sam.actor, event_id=meeting, reason="会场停电")
    if not confirmed_first:
        assert given(confirm, dora, meeting) == []
    assert given(facts_of, alice) == []
    assert last(database, meeting, alice).mark is Mark.PRESENT  # what was said stays named


def test_a_meeting_is_changed_after_a_code_came_and_is_not_moved_to_another_day(
    client, database, sent, given, meeting, sam, alice
):
    sent(alice)
    said = form(day=FRIDAY.isoformat(), place="二楼", id=str(meeting))
    moved = client.post(f"/meetings/{meeting}/change", data={**said, "day": "2026-11-20"}, headers=as_member(sam))
    assert moved.status_code == 409
    assert "day" in errors(page(moved, status=409))
    assert client.post(f"/meetings/{meeting}/change", data=said, headers=as_member(sam)).status_code == 303
    assert last(database, meeting, alice).mark is Mark.PRESENT


def test_the_earliest_good_one_stays(database, sent, meeting, given, dora, alice):
    assert sent(alice, 0, typed_after=5, seq=1) == ("review", "code_expired")
    assert sent(alice, 40, seq=3) == ("accepted", "late")  # better than a doubtful one
    assert sent(alice, 10, seq=2) == ("accepted", None)  # came later, was typed earlier
    assert sent(alice, 45, seq=4) == ("accepted", "late")
    assert (last(database, meeting, alice).mark, last(database, meeting, alice).flags) == (Mark.PRESENT, ())
    assert given(confirm, dora, meeting) == []
    with database.read() as session:
        assert facts_of(session, alice) == [("attendance.present", FRIDAY)]
        assert len(kept(session, meeting)) == 4


def test_a_good_one_asks_nobody_again_about_a_doubtful_one_that_was_confirmed(
    database, sent, given, meeting, dora, alice, bob
):
    for person in (alice, bob):
        assert sent(person, typed_after=3) == ("review", "code_expired")
    given(reviews.approve, dora.actor, [last(database, meeting, alice).id], acknowledged=True)
    for person in (alice, bob):
        assert sent(person, 5) == ("accepted", None)
    alices, bobs = (last(database, meeting, one) for one in (alice, bob))
    assert (alices.status, bobs.status, bobs.flags) == (ReviewStatus.APPROVED, ReviewStatus.PENDING, ())


def test_twice_is_once_and_what_has_arrived_stays(client, database, meeting, given, alice):
    item = check_in(meeting, given(code_of, meeting, BEGINS), BEGINS)
    assert [words(send(client, alice, item))[0] for _ in range(2)] == [("accepted", None), ("duplicate", None)]
    assert words(send(client, alice, new_withdrawal(item["id"])))[0] == ("refused", "progress_stays")
    with database.read() as session:
        assert len(kept(session, meeting)) == 1


def test_a_counter_that_contradicts_the_clock_is_doubtful(client, given, meeting, alice):
    early, late = (
        check_in(meeting, given(code_of, meeting, at), at, seq=seq)
        for at, seq in ((BEGINS, 9), (BEGINS + 3 * MINUTE, 8))
    )
    assert words(send(client, alice, early, late)) == [("review", "clock_skew")] * 2


def test_the_third_person_on_one_phone_marks_all_three_and_blocks_nobody(database, sent, meeting, alice, bob, dora):
    assert [sent(one) for one in (alice, bob, dora)] == [("accepted", None)] * 2 + [("review", "one_device")]
    assert {last(database, meeting, one).flags for one in (alice, bob, dora)} == {(Flag.ONE_DEVICE,)}


def test_a_counter_set_back_hides_no_phone_that_went_round(client, database, sent, given, meeting, alice, bob, dora):
    for person in (alice, bob):
        sent(person)
    two = [
        check_in(meeting, given(code_of, meeting, at), at, seq=seq)
        for at, seq in ((BEGINS, 9), (BEGINS + 3 * MINUTE, 8))
    ]
    send(client, dora, *two, device_id=PHONES[0])
    assert {last(database, meeting, one).flags for one in (alice, bob)} == {(Flag.ONE_DEVICE,)}
    assert set(last(database, meeting, dora).flags) == {Flag.ONE_DEVICE, Flag.CLOCK_SKEW}


def test_a_file_is_no_ones_clock(client, database, given, meeting, sam, alice):
    at = BEGINS + 90 * MINUTE
    items = [check_in(meeting, given(code_of, meeting, BEGINS), at)]
    content = json.dumps(envelope(alice, items))
    client.post("/sync/file", files={"file": ("q.json", content)}, headers=as_member(sam))
    tick_ = last(database, meeting, alice)
    assert (tick_.recorded_by_id, set(tick_.flags)) == (sam.id, {Flag.CLOCK_SKEW, Flag.HANDED_OVER})


@pytest.mark.parametrize("confirmed", [False, True], ids=["waits", "confirmed"])
def test_where_organiser_and_code_disagree_an_officer_looks_and_nothing_is_posted(
    database, sent, given, meeting, sam, dora, alice, bob, confirmed
):
    given(tick, sam, meeting, but={alice: Mark.ABSENT})
    if confirmed:
        given(confirm, dora, meeting)
    with database.read() as session:
        before = facts_of(session, alice)
    assert sent(alice) == ("review", "differs")
    assert sent(bob, phone=PHONES[1]) == ("accepted", None)  # ticked present already: nothing new
    assert last(database, meeting, bob).source is Source.TICK
    assert last(database, meeting, alice).flags == (Flag.DIFFERS,)
    with database.read() as session:
        assert facts_of(session, alice) == before
        assert review_of(session, meeting, alice).detail["corrects"] is confirmed
    assert "flagged" in given(confirm, dora, meeting)


def test_the_list_that_contradicts_a_code_is_looked_at(database, sent, given, meeting, sam, alice, bob):
    sent(alice)
    sent(bob, phone=PHONES[1])
    given(tick, sam, meeting, but={alice: Mark.ABSENT})
    assert (last(database, meeting, alice).mark, last(database, meeting, alice).flags) == (Mark.ABSENT, (Flag.DIFFERS,))
    assert last(database, meeting, bob).source is Source.CODE


def test_the_database_lets_nobody_change_a_check_in(database, sent, meeting, alice):
    sent(alice)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as session:
        session.execute(text("UPDATE meeting_checkins SET outcome = 'late'"))
