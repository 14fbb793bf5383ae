"""A form of the box that is sent twice, by two taps or because the answer was lost, is one complaint."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine

from app.core.db import refusing
from app.features.complaints import service
from app.features.complaints.errors import SentBeforeError
from app.features.complaints.rules import State
from tests.features.complaints.makers import make_complaint
from tests.features.complaints.test_box import SAID, kept, write
from tests.makers import as_member
from tests.page import page
from tests.races import race


@pytest.fixture(autouse=True)
def on_a_tuesday():
    with time_machine.travel(datetime(2026, 11, 24, 2, tzinfo=UTC), tick=False):
        yield


def sent_twice(client, person=None, **data):
    """The form that the page gives, sent two times."""
    headers = as_member(person) if person else {}
    form_id = page(client.get("/complaints", headers=headers)).select_one("[name=id]")["value"]
    return [write(client, person, id=form_id, **data) for _ in range(2)]


def test_what_is_sent_twice_has_arrived_once(client, database, alice):
    assert [answer.status_code for answer in sent_twice(client, alice)] == [303, 303]
    assert [one.said for one in kept(database)] == [SAID]
    assert [answer.status_code for answer in sent_twice(client, alice)] == [303, 303]
    assert len(kept(database)) == 2, "another form, another complaint"


@pytest.mark.parametrize("who", ["alice", "a resident"])
def test_without_a_name_twice_gives_one_code_although_the_limit_is_reached(client, database, alice, who):
    person, unsigned = (alice, {"unsigned": "yes"}) if who == "alice" else (None, {})
    for number in range(4):
        page(write(client, person, said=f"第{number}封", **unsigned))
    answers = sent_twice(client, person, **unsigned)
    first, second = (page(answer).select_one(".receipt-code").get_text() for answer in answers)
    assert first == second
    assert SAID in page(client.post("/complaints/receipt", data={"code": second})).main.get_text()
    assert len(kept(database)) == 5


def test_other_words_of_the_same_form_are_not_lost(client, database, alice, bob):
    form_id = str(uuid4())
    for person, said in ((alice, "会太多"), (alice, "会太多，也太长"), (bob, "会太多")):
        assert write(client, person, id=form_id, said=said).status_code == 303
    assert len(kept(database)) == 3
    assert form_id not in {str(one.id) for one in kept(database)}


def test_what_was_taken_back_is_sent_again_with_one_more_tap(client, database, alice):
    form_id = str(uuid4())
    write(client, alice, id=form_id)
    client.post(f"/complaints/{kept(database)[0].id}/withdraw", headers=as_member(alice))
    refused = page(write(client, alice, id=form_id), status=409)
    assert refused.select_one("textarea").get_text().strip() == SAID
    assert write(client, alice, id=refused.select_one("[name=id]")["value"]).status_code == 303
    assert {one.state for one in kept(database)} == {State.WITHDRAWN, State.WAITING}


@pytest.mark.race
def test_taps_at_once_are_one_complaint(database, alice, bob):
    for actor, signed in ((alice.actor, True), (bob.actor, False)):
        new = service.NewComplaint(said=SAID, signed=signed)

        def tap(_number, actor=actor, new=new):
            with database.write() as session:
                return service.send(session, actor, new)

        assert len(set(race(8, tap))) == 1
    assert len(kept(database)) == 2


def test_the_database_refuses_the_second_by_name(database, alice, given):
    complaint_id = given(make_complaint, alice)
    with pytest.raises(SentBeforeError), database.write() as session, refusing(session, service._ONCE):
        make_complaint(session, alice, id=complaint_id)
