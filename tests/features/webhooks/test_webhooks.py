"""Other systems are told as something happens: with it or not at all, signed, at least once, and with an end."""

import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import select

from app.core import clock
from app.core.errors import ImpossibleError
from app.core.ids import new_id
from app.features.ledger import service as ledger
from app.features.ledger.rules import FactType
from app.features.meetings.ticks.service import cancel_meeting
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.reviews import service as reviews
from app.features.webhooks import sending, service
from app.features.webhooks.models import Delivery, Webhook
from app.features.webhooks.rules import (
    KEPT,
    OFFERED,
    PAUSES,
    UNDER_WAY,
    Happening,
    Trouble,
    check_form,
    check_reached,
    new_secret,
    pause_after,
    signature,
)
from tests.features.ledger.makers import new_fact
from tests.features.meetings.gatherings.makers import make_meeting
from tests.features.shows.pledges.makers import make_ended
from tests.makers import HTMX, as_member
from tests.page import errors, fragment, page

PAGE = "/system/webhooks"
HERE = ["127.0.0.1"]
both_ways = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture
def hook(given, sylvia, receiver, allowed):
    """The receiver wants to know everything; its secret."""
    secret = new_secret()
    said = {"id": new_id(), "name": "门户", "url": receiver.url, "events": list(OFFERED), "secret": secret}
    given(service.make, sylvia.actor, **said, addresses=HERE)
    return secret


def deliver(database, after=timedelta(0)):
    with time_machine.travel(clock.now() + after):
        return sending.deliver(database)


def happen(given, alice):
    [fact] = given(ledger.append, [new_fact(alice, fact_type=FactType.STUDY_ITEM)])
    return fact


def deliveries(database):
    with database.read() as session:
        return session.scalars(select(Delivery).order_by(Delivery.id)).all()


def verify(secret, told):
    """As a receiver does it who has read the standard, and none of our code."""
    _path, headers, body = told
    assert abs(int(headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 300
    signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    mac = hmac.new(base64.b64decode(secret.partition("_")[2]), signed, hashlib.sha256).digest()
    return headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"


def test_the_signature_is_the_one_that_the_standard_s_own_library_makes():
    """Made by ``standardwebhooks`` 1.1.0, the reference library, with ``Webhook(secret).sign(…)``."""
    said = {"message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": 1614265330}
    body = '{"type": "fact.posted", "data": {"名": "三亮"}}'.encode()
    made = signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", body=body, **said)
    assert made == "v1,YiOsOSJD1MA7YJCxTjF+8spq+hOJdsgs7EYhk3DzBNg="


def test_a_fact_is_told_with_ids_alone_and_the_signature_holds(database, given, receiver, hook, alice, content):
    fact = happen(given, alice)
    assert deliver(database) == 1
    [told] = receiver.told
    assert told[0] == "/told?from=sanliang"
    assert verify(hook, told)
    assert not verify(new_secret(), told)
    assert content(told)["type"] == "fact.confirmed"
    assert content(told)["data"] == {"id": str(fact.id), "branch_id": str(alice.branch_id)}
    assert alice.name not in told[2].decode()
    assert deliver(database) == 0
    assert len(receiver.told) == 1


def test_what_is_rolled_back_is_not_told(database, receiver, hook, alice):
    def breaks_off(session):
        ledger.append(session, [new_fact(alice, fact_type=FactType.STUDY_ITEM)])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), database.write() as session:
        breaks_off(session)
    assert deliveries(database) == []


def test_what_else_happens_is_told(database, given, receiver, hook, alice, bob, sam, dora, content):
    fact = happen(given, alice)
    given(ledger.reverse, [fact.id], recorded_by_id=sam.id)
    meeting = given(make_meeting, sam, day=clock.today() + timedelta(days=1))
    given(cancel_meeting, sam.actor, event_id=meeting, reason="改在下月")
    _pledge, ending = given(make_ended, bob, sam)
    given(reviews.approve, dora.actor, [ending])
    deliver(database)
    told = {(content(one)["type"], content(one)["data"]["id"]) for one in receiver.told}
    assert {("meeting.planned", str(meeting)), ("meeting.cancelled", str(meeting))} <= told
    assert {kind for kind, _id in told} >= {"fact.confirmed", "fact.taken_back", "pledge.ended"}
    assert ("pledge.ended", str(_pledge)) in told


def test_only_what_it_wants_to_know(database, given, receiver, sylvia, allowed, alice):
    said = {"name": "会议室", "url": receiver.url, "events": [Happening.MEETING_PLANNED], "secret": new_secret()}
    given(service.make, sylvia.actor, id=new_id(), **said, addresses=HERE)
    happen(given, alice)
    assert deliveries(database) == []


def test_tried_again_later_and_later_with_the_same_id_until_it_is_taken(database, given, receiver, hook, alice):
    receiver.answers = 503
    happen(given, alice)
    assert deliver(database) == 0
    assert deliver(database, after=PAUSES[0] - timedelta(seconds=30)) == 0
    assert len(receiver.told) == 1, "not before its time"
    receiver.answers = 200
    assert deliver(database, after=PAUSES[0] + timedelta(minutes=1)) == 1
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.told}) == 1
    [delivery] = deliveries(database)
    assert (delivery.attempts, delivery.status, delivery.trouble) == (2, 200, None)


def test_after_three_days_it_is_given_up_and_after_a_month_forgotten(database, given, receiver, hook, alice):
    receiver.answers = 500
    happen(given, alice)
    after = timedelta(0)
    for pause in (*PAUSES, timedelta(days=2)):
        deliver(database, after)
        after += pause + timedelta(seconds=1)
    [delivery] = deliveries(database)
    assert (delivery.attempts, delivery.next_at, delivery.delivered_at) == (len(PAUSES) + 1, None, None)
    assert timedelta(days=2) < sum(PAUSES, timedelta()) < timedelta(days=4)
    assert pause_after(len(PAUSES) + 1) is None
    assert [given(sending.forget, clock.now() + span) for span in (KEPT - timedelta(days=1), KEPT * 2)] == [0, 1]


def test_no_way_on_is_followed(database, given, receiver, hook, alice):
    receiver.answers = 302
    happen(given, alice)
    deliver(database)
    assert [path for path, _headers, _body in receiver.told] == ["/told?from=sanliang"]
    assert deliveries(database)[0].trouble is Trouble.STATUS


def test_who_cannot_be_reached_keeps_nobody_waiting(database, given, receiver, hook, alice, sylvia, allowed):
    said = {"name": "已停用", "url": "http://127.0.0.1:1/", "events": list(OFFERED), "secret": new_secret()}
    given(service.make, sylvia.actor, id=new_id(), **said, addresses=HERE)
    for _thrice in range(3):
        happen(given, alice)
    assert deliver(database) == 3
    attempts = sorted((one.trouble or "", one.attempts) for one in deliveries(database))
    assert attempts == [("", 0), ("", 0), ("", 1), ("", 1), ("", 1), ("unreachable", 1)]


def test_two_who_send_at_once_send_it_once(database, given, receiver, hook, alice):
    happen(given, alice)
    [delivery] = deliveries(database)
    assert sending.deliver_one(database, delivery.id)
    assert sending.deliver_one(database, delivery.id) is None
    assert len(receiver.told) == 1


def test_who_comes_back_after_another_one_has_sent_it_leaves_it_as_it_is(
    database, given, receiver, hook, alice, monkeypatch
):
    happen(given, alice)
    [delivery] = deliveries(database)
    send = sending._send

    def slow(row):
        if row.attempts == 1:
            deliver(database, after=UNDER_WAY + timedelta(seconds=1))
            return sending.AttemptResult(trouble=Trouble.UNREACHABLE)
        return send(row)

    monkeypatch.setattr(sending, "_send", slow)
    assert sending.deliver_one(database, delivery.id)
    [delivery] = deliveries(database)
    assert (delivery.attempts, delivery.trouble, delivery.next_at) == (2, None, None)
    assert delivery.delivered_at


def test_a_claim_begins_when_it_is_made_however_long_the_run_lasts(database, given, receiver, hook, alice, monkeypatch):
    for _twice in range(2):
        happen(given, alice)
    claimed = []
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False) as moment:

        def slow(row):
            claimed.extend(one.next_at - clock.now() for one in deliveries(database) if one.id == row.id)
            moment.shift(timedelta(minutes=10))
            return sending.AttemptResult(200)

        monkeypatch.setattr(sending, "_send", slow)
        assert sending.deliver(database) == 2
    assert claimed == [UNDER_WAY, UNDER_WAY]


@pytest.mark.parametrize("dribbled", [b"H", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["bytes", "go on"])
def test_who_dribbles_is_left_alone_at_the_deadline(
    database, given, dribbler, sylvia, allowed, alice, monkeypatch, dribbled
):
    monkeypatch.setattr(sending, "DEADLINE_S", 0.3)
    url = dribbler(dribbled)
    said = {"name": "慢", "url": url, "events": list(OFFERED), "secret": new_secret()}
    given(service.make, sylvia.actor, id=new_id(), **said, addresses=HERE)
    for _twice in range(2):
        happen(given, alice)
    began = time.monotonic()
    assert deliver(database) == 0
    assert time.monotonic() - began < 5
    assert [(one.attempts, one.trouble) for one in deliveries(database)] == [(1, Trouble.UNREACHABLE), (0, None)]


@pytest.mark.parametrize(("answers", "slow_s"), [(503, 5.0), (204, -1.0)], ids=["broken", "slow"])
def test_who_is_broken_or_slow_waits_for_the_next_run(
    database, given, receiver, hook, alice, monkeypatch, answers, slow_s
):
    monkeypatch.setattr(sending, "SLOW_S", slow_s)
    receiver.answers = answers
    for _twice in range(2):
        happen(given, alice)
    deliver(database)
    assert [one.attempts for one in deliveries(database)] == [1, 0]


def test_a_run_ends_in_its_time_and_the_next_one_goes_on(database, given, receiver, hook, alice):
    happen(given, alice)
    assert sending.deliver(database, budget=0) == 0
    assert receiver.told == []
    assert deliver(database) == 1


def test_who_died_while_sending_leaves_it_to_be_sent_again(database, given, receiver, hook, alice, monkeypatch):
    def dies(_row):
        raise KeyboardInterrupt

    happen(given, alice)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_send", dies)
        with pytest.raises(KeyboardInterrupt):
            deliver(database)
    assert deliver(database) == 0, "perhaps somebody is still at it"
    assert deliver(database, after=timedelta(minutes=3)) == 1


@both_ways
def test_made_tested_and_ended_on_its_page(client, database, receiver, allowed, sylvia, headers, content):
    form = {
        "id": str(new_id()),
        "name": "门户",
        "url": receiver.url,
        "events": ["fact.confirmed"],
        "secret": new_secret(),
    }
    for _twice in range(2):
        answer = client.post(PAGE, data=form, headers=as_member(sylvia) | headers)
        assert form["secret"] in (fragment(answer) if headers else page(answer)).get_text()
    assert form["secret"] not in client.get(PAGE, headers=as_member(sylvia)).text
    with database.read() as session:
        [hook] = session.scalars(select(Webhook))
    assert form["secret"] not in hook.sealed
    assert client.post(f"{PAGE}/{hook.id}/test", headers=as_member(sylvia)).status_code == 303
    assert content(receiver.told[0])["type"] == "test"
    receiver.answers = 500
    client.post(f"{PAGE}/{hook.id}/test", headers=as_member(sylvia))
    assert "500" in page(client.get(PAGE, headers=as_member(sylvia))).get_text()
    assert client.post(f"{PAGE}/{hook.id}/end", headers=as_member(sylvia)).status_code == 303
    assert deliver(database, after=timedelta(days=1)) == 0
    assert len(receiver.told) == 2
    with database.read() as session:
        noted = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == hook.id)).all()
    assert noted == [AuditAction.WEBHOOK_MADE, AuditAction.WEBHOOK_ENDED]


@both_ways
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "ftp://host/"}, "url"),
        ({"url": "https://me:word@host/"}, "url"),
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "http://[::1]:8000/"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "https://no-such-name.invalid/"}, "url"),
        ({"events": []}, "events"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_told_nowhere_comes_back_as_typed(client, sylvia, changes, field, headers):
    form = {"id": str(new_id()), "name": "x", "url": "http://10.0.0.8/", "events": ["test"], "secret": new_secret()}
    answer = client.post(PAGE, data=form | changes, headers=as_member(sylvia) | headers)
    assert field in errors(fragment(answer, 422) if headers else page(answer, 422))
    assert form["secret"] in answer.text, "the same form, sent again"


def test_nothing_is_held_while_a_name_is_looked_up(client, database, allowed, sylvia, monkeypatch):
    """On SQLite there is one writer."""

    def looked_up(_parts):
        with database.write(patience=0.2):
            return HERE

    monkeypatch.setattr(sending, "addresses_of", looked_up)
    form = {"id": str(new_id()), "name": "x", "url": "http://inside/", "events": ["fact.confirmed"]}
    answer = client.post(PAGE, data=form | {"secret": new_secret()}, headers=as_member(sylvia))
    assert answer.status_code == 200
    assert "http://inside/" in answer.text


def test_a_name_that_leads_elsewhere_by_now_is_not_followed(database, given, receiver, hook, alice, monkeypatch):
    """It was looked at when it was typed, and is again each time it is sent."""
    monkeypatch.setattr(sending, "addresses_of", lambda _parts: ["169.254.169.254"])
    happen(given, alice)
    deliver(database)
    assert (receiver.told, deliveries(database)[0].trouble) == ([], Trouble.NOT_ALLOWED)


@pytest.mark.parametrize("who", ["alice", "sam", "carl"])
def test_nobody_else_comes_near(client, request, who):
    assert client.get(PAGE, headers=as_member(request.getfixturevalue(who))).status_code == 403


@pytest.mark.parametrize(
    ("scheme", "address", "may"),
    [
        ("http", "10.1.2.3", True),
        ("http", "192.168.0.9", True),
        ("https", "8.8.8.8", True),
        ("http", "8.8.8.8", False),
        ("https", "127.0.0.1", False),
        ("https", "0.0.0.0", False),
        ("https", "::ffff:127.0.0.1", False),
        ("https", "fe80::1", False),
        ("https", "169.254.169.254", False),
        ("https", "224.0.0.1", False),
    ],
)
def test_which_addresses_are_asked(scheme, address, may):
    if may:
        check_reached(scheme, [address], ())
    else:
        with pytest.raises(ImpossibleError):
            check_reached(scheme, ["10.1.2.3", address], ())
    check_reached(scheme, [address], ("0.0.0.0/0", "::/0"))


def test_the_vector_of_the_standard():
    """Out of the specification's own examples."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    said = {"message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": 1614265330, "body": body}
    assert signature(secret, **said) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_address_in_its_form():
    check_form(urlsplit("https://host.example:8443/path?x=1"))
    for wild in ("host/path", "https://", "https://host/#part", "http://host:99999/"):
        with pytest.raises(ImpossibleError):
            check_form(urlsplit(wild))


def test_a_phone_s_clock_plays_no_part(database, given, receiver, hook, alice):
    with time_machine.travel(datetime(2026, 5, 1, 4, tzinfo=UTC), tick=False):
        happen(given, alice)
        [delivery] = deliveries(database)
        assert delivery.next_at == delivery.at == clock.now()
