"""Whoever is signed out of a browser is not reminded in it any more, wherever and by whatever that was said."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, select, update

from app.core import clock
from app.features.outward import push_key, service
from app.features.outward.models import NoticeChannel, OutwardNotice
from app.features.outward.rules import Delivered, NoticeState, ServiceAnswer
from app.features.sign_in import service as sign_in
from app.features.sign_in.models import KnownDevice, SignInSession
from app.features.sign_in.tokens import digest
from tests.features.outward.makers import MONDAY, make_channel, make_known
from tests.features.outward.services import Browser
from tests.features.outward.test_my_channels import PUSH, act, seen, ways
from tests.features.outward.test_telling import due, tell

__all__ = ["act", "due", "seen", "tell"]


def _session_of(session, person):
    return session.scalars(select(SignInSession.id).where(SignInSession.token_digest == digest(person.token))).one()


def by_hand(session, alice):
    sign_in.sign_out(session, token=alice.token)


def from_elsewhere(session, alice):
    sign_in.end_device(session, alice.actor, session_id=_session_of(session, alice))


def everywhere(session, alice):
    """By a new password on another device, a new slip, a lost second step."""
    sign_in.end_sessions(session, alice.id)


def by_a_restore(session, _alice):
    sign_in.end_all_sessions(session, clock.now())


ENDS = pytest.mark.parametrize("end", [by_hand, from_elsewhere, everywhere, by_a_restore])


@pytest.fixture
def subscribed(config, act, given, alice):
    """Alice has switched it on in her browser; what her browser has subscribed with."""
    given(make_known, alice)
    said = Browser(push_key.public_key(config().push_key_file)).subscription(PUSH)
    act(alice, "/browser", subscription=said)
    return said


@ENDS
def test_signed_out_and_silent(end, subscribed, given, alice, due, tell, carrier, database):
    due(alice)
    given(end, alice)
    assert (tell(), carrier.told) == (0, [])
    given(service.forget, clock.now())
    with database.read() as session:
        assert session.scalars(select(NoticeChannel)).all() == []  # nothing was sent, so nothing is kept of it


def test_what_waited_to_be_sent_again_is_not(subscribed, given, alice, due, tell, carrier, database):
    due(alice)
    carrier.answers = [Delivered(ServiceAnswer.REFUSED, "HTTP 503")]
    assert tell() == 0
    given(everywhere, alice)
    assert (tell(MONDAY + timedelta(hours=2)), len(carrier.told)) == (0, 1)
    with database.read() as session:
        assert session.scalars(select(OutwardNotice.state)).all() == [NoticeState.DROPPED]


def test_a_phone_whose_session_is_over_by_itself_is_still_reminded(subscribed, given, alice, due, tell):
    """It is for people who have not come."""
    due(alice)
    given(lambda session: session.execute(delete(SignInSession).where(SignInSession.member_id == alice.id)))
    assert tell() == 1


def test_who_has_left_it_on_another_browser_keeps_it_there(subscribed, given, alice, due, tell, carrier):
    given(make_channel, alice, to="ai.li")
    due(alice)
    given(everywhere, alice)
    assert tell() == 1
    assert carrier.told == ["ai.li"]


def test_without_a_browser_that_is_known_nothing_is_switched_on(act, config, bob, database):
    said = Browser(push_key.public_key(config().push_key_file)).subscription(PUSH)
    assert act(bob, "/browser", subscription=said).headers["location"] == "/me/channels"
    assert ways(database) == []


def test_who_came_into_a_shared_browser_last_is_who_is_reminded_there(
    subscribed, given, alice, bob, due, tell, carrier
):
    """Alice never signed out there; her session is only over."""
    due(alice)
    given(lambda session: session.execute(delete(SignInSession).where(SignInSession.member_id == alice.id)))
    its = digest(f"device of {alice.id}")
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        given(make_known, bob, token_digest=its)
    assert (tell(), carrier.told) == (0, [])
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        given(lambda session: session.execute(update(KnownDevice).where(_of(alice)).values(used_at=clock.now())))
    assert tell() == 1, "she has come in again"


def _of(person):
    return KnownDevice.member_id == person.id
