"""Words on pledges and duties through the door for phones: taken back, said anew, and beside everything else."""

from uuid import UUID

import time_machine
from sqlalchemy import select

from app.core.ids import new_id
from app.features.reviews.models import Review
from app.features.shows.duties.models import DutyOutcome
from app.features.shows.pledges.models import PledgeProgress
from tests.features.shows.duties.makers import make_duty
from tests.features.shows.pledges.makers import make_approved
from tests.features.sync.makers import new_item, new_withdrawal, send, words

MONDAY = "2026-03-09 10:00:00+08:00"


def done(duty_id, note=None):
    return new_item("duty.progress", payload={"duty_id": str(duty_id), "state": "done", "note": note})


def ends(database, duty_id):
    statement = select(Review).join(DutyOutcome, DutyOutcome.id == Review.id).where(DutyOutcome.duty_id == duty_id)
    with database.read() as session:
        return {str(one.id): one.status.value for one in session.scalars(statement)}


def test_an_end_taken_back_and_said_anew_in_one_batch_is_one_end(client, given, database, alice):
    with time_machine.travel(MONDAY, tick=False):
        duty_id = given(make_duty, alice)
        slip = done(duty_id)
        assert words(send(client, alice, slip)) == [("accepted", None)]
        withdrawal = new_withdrawal(slip["id"])
        meant = done(duty_id, "两柜档案已移交") | {"depends_on": withdrawal["id"]}
        verdicts = send(client, alice, withdrawal, meant)
    assert words(verdicts) == [("accepted", None), ("accepted", None)]
    assert ends(database, duty_id) == {slip["id"]: "withdrawn", meant["id"]: "pending"}


def test_a_withdrawal_that_overtakes_a_word_keeps_it_out(client, given, database, alice, sam):
    with time_machine.travel(MONDAY, tick=False):
        pledge_id, _other = given(make_approved, alice, sam)
        word = new_item("pledge.progress", payload={"pledge_id": str(pledge_id), "state": "done"})
        assert words(send(client, alice, new_withdrawal(word["id"]))) == [("accepted", None)]
        assert words(send(client, alice, word)) == [("withdrawn", "withdrawn")]
    with database.read() as session:
        assert session.get(PledgeProgress, UUID(word["id"])) is None


def test_a_word_that_has_arrived_stays_and_the_phone_hears_why(client, given, alice, sam):
    with time_machine.travel(MONDAY, tick=False):
        pledge_id, _other = given(make_approved, alice, sam)
        duty_id = given(make_duty, alice)
        said = [
            new_item("pledge.progress", payload={"pledge_id": str(pledge_id), "state": "on_track"}),
            new_item("duty.progress", payload={"duty_id": str(duty_id), "state": "started"}),
        ]
        send(client, alice, *said)
        refusals = send(client, alice, *(new_withdrawal(item["id"]) for item in said))
    assert words(refusals) == [("refused", "progress_stands"), ("refused", "progress_stays")]
    assert all(refusal["message"] for refusal in refusals)


def test_somebody_elses_pledge_and_duty_are_refused_and_nothing_else_is(client, given, alice, bob, sam):
    with time_machine.travel(MONDAY, tick=False):
        theirs, _other = given(make_approved, bob, sam)
        duty_id = given(make_duty, bob)
        verdicts = send(
            client,
            alice,
            new_item("pledge.progress", payload={"pledge_id": str(theirs), "state": "on_track"}),
            new_item(),
            new_item("duty.progress", payload={"duty_id": str(duty_id), "state": "started"}),
            new_item("duty.progress", payload={"duty_id": str(new_id()), "state": "started"}),
            new_item("wish.draft", payload={"title": "收音机", "category": "elderly"}),
        )
    assert [verdict["verdict"] for verdict in verdicts] == ["refused", "accepted", "refused", "refused", "refused"]
    assert all(verdict["message"] for verdict in verdicts if verdict["verdict"] == "refused")
