"""A tap on a phone: words on how it goes are kept, "done" waits for an officer, the rest is refused kindly."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from app.core.ids import new_id
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.shows.duties import queries, service
from app.features.shows.duties.captures import DUTY_PROGRESS
from app.features.shows.duties.errors import (
    AlreadyReportedError,
    NotHolderError,
    ProgressStaysError,
    UnknownDutyError,
)
from app.features.shows.duties.forms import ProgressPayload
from app.features.shows.duties.models import DutyOutcome
from app.features.shows.duties.rules import DutyState
from app.features.sync.kinds import STREAM_KINDS
from app.features.sync.rules import Verdict
from tests.features.shows.duties.makers import MORNING, decide, facts_of, make_duty
from tests.features.sync.items import item_at_its_turn


def tap(person, duty_id, state="started", note=None, **values):
    payload = ProgressPayload.model_validate({"duty_id": str(duty_id), "state": state, "note": note})
    values = {"occurred_at": MORNING, "received_at": MORNING} | values
    return item_at_its_turn(person, payload, **values)


def take(session, *items):
    outcomes = DUTY_PROGRESS.take(session, items)
    return [outcomes[item.id] for item in items]


def test_phones_know_the_kind():
    assert STREAM_KINDS["duty.progress"] is DUTY_PROGRESS


def test_words_are_kept_and_need_nobody(session, alice):
    duty_id = make_duty(session, alice)
    (outcome,) = take(session, tap(alice, duty_id, "in_difficulty", "等档案室腾柜子"))
    assert outcome.verdict is Verdict.ACCEPTED
    duty = queries.card(session, alice.actor, duty_id)
    assert (duty.state, duty.note) == (DutyState.IN_DIFFICULTY, "等档案室腾柜子")


def test_done_waits_for_an_officer_and_counts_on_its_day(session, alice, sam):
    duty_id = make_duty(session, alice)
    item = tap(alice, duty_id, "done", occurred_at=datetime(2026, 3, 7, 2, tzinfo=UTC))
    assert take(session, item)[0].verdict is Verdict.ACCEPTED
    decide(session, sam, session.get(Review, item.id))
    assert facts_of(session, alice) == [("duty.kept", date(2026, 3, 7))]


def test_a_clock_that_runs_ahead_does_nothing_tomorrow(session, alice):
    item = tap(alice, make_duty(session, alice), "done", occurred_at=datetime(2026, 3, 12, 2, tzinfo=UTC))
    take(session, item)
    assert session.get(DutyOutcome, item.id).ended_on == date(2026, 3, 9)


def test_the_phone_hears_what_an_officer_looks_at(session, alice):
    item = tap(alice, make_duty(session, alice), "done", flags=frozenset({Flag.CLOCK_SKEW}))
    assert take(session, item)[0].verdict is Verdict.REVIEW


def test_taps_of_two_duties_and_two_moments_come_together(session, alice, bob):
    first, second = make_duty(session, alice), make_duty(session, bob)
    items = [tap(alice, first), tap(bob, second, "done"), tap(alice, first, "in_difficulty")]
    assert {outcome.verdict for outcome in take(session, *items)} == {Verdict.ACCEPTED}


def test_what_alice_did_before_the_hand_over_is_hers(session, alice, bob, sam, monday):
    duty_id = make_duty(session, alice)
    service.hand_over(session, sam.actor, duty_id=duty_id, to_id=bob.id, starts_on=date(2026, 3, 10))
    monday.move_to("2026-03-11 02:00:00Z")
    late = {"received_at": datetime(2026, 3, 11, 2, tzinfo=UTC)}
    assert take(session, tap(alice, duty_id, **late))[0].verdict is Verdict.ACCEPTED
    with pytest.raises(NotHolderError) as refusal:
        take(session, tap(alice, duty_id, occurred_at=datetime(2026, 3, 11, 1, tzinfo=UTC), **late))
    assert bob.name in refusal.value.sentence


def test_what_is_not_there_is_refused(session, alice, olga, sam):
    duty_id = make_duty(session, alice)
    with pytest.raises(UnknownDutyError):
        take(session, tap(alice, new_id()))
    with pytest.raises(NotHolderError):
        take(session, tap(olga, duty_id))
    service.cancel(session, sam.actor, duty_id=duty_id, reason="发错了人")
    with pytest.raises(UnknownDutyError):
        take(session, tap(alice, duty_id))


def test_done_twice_is_refused_the_second_time(session, alice):
    duty_id = make_duty(session, alice)
    take(session, tap(alice, duty_id, "done"))
    with pytest.raises(AlreadyReportedError):
        take(session, tap(alice, duty_id, "done"))


def test_a_report_is_taken_back_and_a_word_stays(session, alice):
    duty_id = make_duty(session, alice)
    word, done = tap(alice, duty_id), tap(alice, duty_id, "done")
    take(session, word, done)
    refused = DUTY_PROGRESS.take_back(session, [word.id, done.id], alice.id)
    assert {item: type(error) for item, error in refused.items()} == {word.id: ProgressStaysError}
    assert session.get(Review, done.id).status is ReviewStatus.WITHDRAWN
    assert take(session, done)[0].verdict is Verdict.WITHDRAWN


@pytest.mark.parametrize(
    "payload", [{}, {"duty_id": "x", "state": "done"}, {"duty_id": str(new_id()), "state": "kept"}]
)
def test_nonsense_is_no_payload(payload):
    with pytest.raises(ValidationError):
        ProgressPayload.model_validate(payload)
