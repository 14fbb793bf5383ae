"""A server tells by itself, every minute, one at a time; after a restore nobody before somebody has looked."""

import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import commands
from app.core import clock, hourly, leases, pulses
from app.core.ids import new_id
from app.features.ledger import service as ledger
from app.features.ledger.rules import FactType
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.webhooks import sending, service, waiting
from app.features.webhooks.models import Delivery, Webhook
from app.features.webhooks.rules import OFFERED, PAUSES, new_secret
from tests.features.ledger.makers import new_fact
from tests.features.webhooks.test_webhooks import HERE, PAGE, both_ways
from tests.makers import as_member
from tests.page import page

WITHIN_S = 60


@pytest.fixture
def hook(given, sylvia, receiver, allowed):
    said = {"id": new_id(), "name": "门户", "url": receiver.url, "events": list(OFFERED), "secret": new_secret()}
    given(service.make, sylvia.actor, **said, addresses=HERE)
    return said["id"]


@pytest.fixture
def happen(given, alice):
    return lambda: given(ledger.append, [new_fact(alice, fact_type=FactType.STUDY_ITEM)])


def is_waiting(database, after=timedelta(0)):
    with database.read() as session:
        return waiting.is_waiting(session, clock.now() + after)


def test_who_looks_every_minute_sees_what_the_sender_sees(database, hook, happen, receiver):
    assert not is_waiting(database)
    happen()
    assert is_waiting(database)
    sending.deliver(database)
    assert (not is_waiting(database), len(receiver.told)) == (True, 1)


@pytest.mark.parametrize("answers", [503, 429, 410], ids=["broken", "too much", "gone"])
def test_a_receiver_that_wants_quiet_is_asked_once_a_pause_however_much_waits(
    database, hook, happen, receiver, answers
):
    receiver.answers = answers
    for _ in range(3):
        happen()
    sending.deliver(database)
    assert not is_waiting(database)
    with time_machine.travel(clock.now() + PAUSES[0]):
        sending.deliver(database)
    assert [is_waiting(database, after) for after in (PAUSES[0], PAUSES[0] + PAUSES[1])] == [False, True]
    assert len(receiver.told) == 2
    receiver.answers = 204
    with time_machine.travel(clock.now() + PAUSES[0] + PAUSES[1]):
        assert sending.deliver(database) == 3


def test_it_is_due_where_nobody_is_at_it_and_nothing_has_just_failed(database, hook, happen):
    def is_due():
        with database.read() as session:
            return hourly.are_webhooks_due(session, clock.now())

    assert not is_due()
    happen()
    assert is_due()
    with database.write() as session:
        pulses.beat(session, hourly.WEBHOOKS_FAILED, clock.now())
    assert not is_due()
    with database.write() as session:
        pulses.beat(session, hourly.WEBHOOKS_FAILED, clock.now() - hourly.AFTER_A_FAILURE)
        leases.take(session, waiting.LEASE, new_id())
    assert not is_due()


def test_a_server_tells_by_itself(database, hook, happen, receiver, monkeypatch):
    monkeypatch.setenv("SANLIANG_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SANLIANG_WEBHOOK_NETWORKS", "127.0.0.1/32")
    monkeypatch.setattr(hourly, "FIRST_LOOK_S", 0.0)
    _sweep, telling = hourly.errands()
    monkeypatch.setattr(hourly, "errands", lambda: (telling,))
    happen()
    with hourly.running(database.url.render_as_string(hide_password=False)):
        until = time.monotonic() + WITHIN_S
        while not receiver.told and time.monotonic() < until:
            time.sleep(0.1)
    assert len(receiver.told) == 1
    with database.read() as session:
        assert pulses.last(session, hourly.WEBHOOKS_FAILED) is None


@pytest.mark.usefixtures("english")
def test_the_command_leaves_it_to_whoever_is_at_it(database, hook, happen, receiver, monkeypatch):
    monkeypatch.setattr("app.features.webhooks.commands.opening.database", lambda **_how: database)
    monkeypatch.setattr(type(database), "close", lambda _self: None)
    happen()
    with leases.held(database, waiting.LEASE):
        assert CliRunner().invoke(commands, ["webhooks"]).stdout == "Messages delivered to webhooks: 0.\n"
    assert receiver.told == []
    assert CliRunner().invoke(commands, ["webhooks"]).stdout == "Messages delivered to webhooks: 1.\n"


@both_ways
def test_after_a_restore_nothing_is_told_before_somebody_has_looked(
    client, database, given, hook, happen, receiver, sylvia, headers
):
    happen()
    given(service.hold_all, clock.now())
    happen()
    assert (is_waiting(database), sending.deliver(database), receiver.told) == (False, 0, [])
    found = page(client.get("/system", headers=as_member(sylvia)))
    assert "/system/webhooks" in found.get_text()
    found = page(client.get(PAGE, headers=as_member(sylvia)))
    assert found.select_one(f"form[action='{PAGE}/{hook}/resume']")
    assert found.select_one(f"form[action='{PAGE}/{hook}/test']") is None
    assert client.post(f"{PAGE}/{hook}/test", headers=as_member(sylvia)).status_code == 404
    for _twice in range(2):
        client.post(f"{PAGE}/{hook}/resume", headers=as_member(sylvia) | headers)
    assert sending.deliver(database) == 2
    with database.read() as session:
        assert session.scalars(select(Webhook.held_at)).all() == [None]
        said = select(AuditEntry.actor_id).where(AuditEntry.action == AuditAction.WEBHOOK_RESUMED)
        assert session.scalars(said).all() == [sylvia.id]


def test_one_that_was_ended_again_is_told_nothing_of_what_waited(
    client, database, given, hook, happen, sylvia, receiver
):
    happen()
    given(service.hold_all, clock.now())
    client.post(f"{PAGE}/{hook}/end", headers=as_member(sylvia))
    assert (client.post(f"{PAGE}/{hook}/resume", headers=as_member(sylvia)).status_code, sending.deliver(database)) == (
        303,
        0,
    )
    assert receiver.told == []
    with database.read() as session:
        assert session.scalars(select(Delivery.next_at)).all() == [None], "given up, until it is forgotten"


@pytest.mark.parametrize("who", ["alice", "sam", "carl"])
def test_nobody_else_lets_it_go_on(client, request, hook, who, database, given):
    given(service.hold_all, clock.now())
    person = request.getfixturevalue(who)
    assert client.post(f"{PAGE}/{hook}/resume", headers=as_member(person)).status_code == 403
