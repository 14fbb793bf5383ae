"""Taps out of phones' queues: the day they were made on names the quarter, and no officer has to look."""

from datetime import UTC, datetime

import pytest
import time_machine
from pydantic import ValidationError

from app.core.ids import new_id
from app.features.reviews import service as reviews
from app.features.shows.pledges import progress, queries
from app.features.shows.pledges.errors import ProgressStandsError
from app.features.shows.pledges.forms import ProgressPayload
from app.features.shows.pledges.models import PledgeProgress
from app.features.shows.pledges.progress import PLEDGE_PROGRESS
from app.features.shows.pledges.rules import Progress
from app.features.sync.rules import Verdict
from tests.features.shows.pledges.makers import JANUARY, make_approved, make_ended, make_submitted
from tests.features.sync.items import item_at_its_turn
from tests.features.sync.makers import new_item, send

SAID_AT = datetime(2026, 3, 16, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel("2026-04-02 09:00:00+08:00", tick=False):
        yield


def captured(person, pledge_id, payload=None, **values):
    content = {"pledge_id": str(pledge_id), "state": "on_track", "note": None} | (payload or {})
    return item_at_its_turn(
        person,
        ProgressPayload.model_validate(content),
        **{
            "occurred_at": SAID_AT,
            "occurred_as_sent": "2026-03-16T10:00:00.123+08:00",
            "received_at": datetime(2026, 4, 2, 1, tzinfo=UTC),
            **values,
        },
    )


def take(session, *items):
    outcomes = PLEDGE_PROGRESS.take(session, items)
    return [outcomes[item.id] for item in items]


def test_a_tap_without_a_network_belongs_to_its_own_quarter(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    item = captured(alice, pledge_id, {"note": "  已答复 12 件\u200b "})
    assert take(session, item)[0].verdict is Verdict.ACCEPTED
    stored = session.get(PledgeProgress, item.id)
    assert (stored.quarter, stored.state, stored.note) == (1, Progress.ON_TRACK, "已答复 12 件")
    assert (stored.device_time, stored.made_offline) == ("2026-03-16T10:00:00.123+08:00", True)
    assert queries.one(session, alice.actor, pledge_id).marks[1].note == "已答复 12 件"


def test_the_last_second_of_a_quarter_is_the_branchs(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    late, early = datetime(2026, 3, 31, 15, 59, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC)
    items = [captured(alice, pledge_id, occurred_at=at) for at in (late, early)]
    take(session, *items)
    assert [session.get(PledgeProgress, item.id).quarter for item in items] == [1, 2]


def test_many_cost_no_more_statements(session, statements, alice, sam):
    one, other = make_approved(session, alice, sam)
    session.flush()  # the approval is noted for the audit too
    statements.clear()
    take(session, captured(alice, one))
    few = len(statements)
    statements.clear()
    take(session, *(captured(alice, pledge_id) for pledge_id in (one, other) * 10))
    assert len(statements) == few


def test_what_the_member_does_not_hold_is_refused_kindly(session, alice, bob, sam):
    theirs, _other = make_approved(session, bob, sam)
    for outcome in take(session, captured(alice, theirs), captured(alice, new_id())):
        assert (outcome.verdict, outcome.code) == (Verdict.REFUSED, "not_found")
        assert outcome.message


def test_what_does_not_run_is_refused_and_the_others_are_taken(session, alice, sam):
    running, ended = make_approved(session, alice, sam), make_ended(session, alice, sam)
    reviews.approve(session, sam.actor, [ended[1]])
    with time_machine.travel(JANUARY, tick=False):
        waiting = make_submitted(session, alice, "走访 2 户")[0]
    outcomes = take(session, *(captured(alice, pledge_id) for pledge_id in (running[0], ended[0], waiting)))
    assert [outcome.code for outcome in outcomes] == [None, "pledge_evaluated", "not_approved"]


def test_an_officer_who_hands_a_file_in_has_recorded_it(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    take(session, captured(alice, pledge_id, handed_over_by_id=sam.id))
    assert queries.one(session, alice.actor, pledge_id).latest.entered_by == sam.name


def test_a_tap_stays_in_the_history(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    item = captured(alice, pledge_id)
    take(session, item)
    refused = PLEDGE_PROGRESS.take_back(session, [item.id], alice.id)
    assert isinstance(refused[item.id], ProgressStandsError)
    assert session.get(PledgeProgress, item.id)


def test_a_tap_whose_answer_was_lost_comes_again_through_the_phone_and_is_one(session, alice, sam):
    pledge_id, other = make_approved(session, alice, sam)
    item = captured(alice, pledge_id, {"note": "已答复 12 件"})
    progress.report_progress(
        session, alice.actor, id=item.id, pledge_id=pledge_id, state=item.payload.state, note=item.payload.note
    )
    assert take(session, item)[0].verdict is Verdict.ACCEPTED
    (said,) = queries.one(session, alice.actor, pledge_id).progress
    assert said.note == "已答复 12 件"
    for differs in (captured(alice, pledge_id, id=item.id), captured(alice, other, {"note": said.note}, id=item.id)):
        assert take(session, differs)[0].code == "content_differs"
    assert len(queries.one(session, alice.actor, pledge_id).progress) == 1


@pytest.mark.parametrize(
    "payload",
    [
        {"state": "excellent"},
        {"state": None},
        {"pledge_id": "nine"},
        {"note": "一" * 201},
        {"note": 5},
    ],
)
def test_what_cannot_be_read(alice, payload):
    with pytest.raises(ValidationError):
        captured(alice, new_id(), payload)


def test_it_goes_through_the_door_for_phones(client, given, database, alice, sam):
    pledge_id, other = given(make_approved, alice, sam)
    payload = {"pledge_id": str(pledge_id), "state": "done", "note": None}
    sent = new_item("pledge.progress", payload=payload)
    (first,), (again,) = send(client, alice, sent), send(client, alice, sent)
    assert (first["verdict"], again["verdict"]) == ("accepted", "duplicate")
    with database.read() as session:
        assert len(queries.one(session, alice.actor, pledge_id).progress) == 1
        assert queries.one(session, alice.actor, other).progress == ()


def test_a_missed_quarter_is_told_without_a_network_too_and_none_that_has_not_begun(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    in_april = datetime(2026, 4, 2, 1, tzinfo=UTC)
    item = captured(alice, pledge_id, {"quarter": 1}, occurred_at=in_april)
    assert take(session, item)[0].verdict is Verdict.ACCEPTED
    assert session.get(PledgeProgress, item.id).quarter == 1
    assert take(session, captured(alice, pledge_id, {"quarter": 3}, occurred_at=in_april))[0].code == "wrong_quarter"
