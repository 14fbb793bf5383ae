"""Taps through the door for phones: each hears its own, and a bad one spoils no other."""

from app.core.ids import new_id
from app.features.shows.duties import queries, service
from app.features.shows.duties.rules import DutyState
from tests.features.shows.duties.makers import TODAY, make_duty
from tests.features.sync.makers import new_item, new_withdrawal, send


def tap(duty_id, state="started", note=None):
    return new_item("duty.progress", payload={"duty_id": str(duty_id), "state": state, "note": note})


def state_of(database, person, duty_id):
    with database.read() as session:
        return queries.card(session, person.actor, duty_id).state


def verdicts(answers):
    return [answer["verdict"] for answer in answers]


def test_a_good_tap_passes_beside_a_bad_one(client, database, given, alice, bob, sam):
    mine, handed = given(make_duty, alice), given(make_duty, alice)
    given(service.hand_over, sam.actor, duty_id=handed, to_id=bob.id, starts_on=TODAY)
    items = [tap(mine), tap(handed), tap(new_id()), tap(mine, "done", "已归档 312 件")]
    answers = send(client, alice, *items)
    assert verdicts(answers) == ["accepted", "refused", "refused", "accepted"]
    assert bob.name in answers[1]["message"]
    assert state_of(database, alice, mine) is DutyState.REPORTED
    assert verdicts(send(client, alice, *items)) == ["duplicate", "refused", "refused", "duplicate"]


def test_done_is_taken_back_from_the_phone(client, database, given, alice):
    duty_id = given(make_duty, alice)
    word, done = tap(duty_id), tap(duty_id, "done")
    send(client, alice, word, done)
    answers = send(client, alice, new_withdrawal(done["id"]), new_withdrawal(word["id"]))
    assert verdicts(answers) == ["accepted", "refused"]
    assert state_of(database, alice, duty_id) is DutyState.STARTED


def test_a_strange_state_is_refused_with_the_name_of_the_field(client, given, alice):
    (answer,) = send(client, alice, tap(given(make_duty, alice), "kept"))
    assert (answer["verdict"], answer["code"]) == ("refused", "bad_payload")
