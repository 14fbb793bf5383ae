"""What the database refuses of ways and notices, whoever asks it."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.features.outward.models import OutwardNotice
from app.features.outward.rules import ChannelKind, ChannelState, NoticeState, Purpose
from tests.features.outward.makers import MONDAY, make_channel
from tests.makers import Person


@pytest.mark.parametrize(
    "columns",
    [
        {"sealed": None, "key_id": None},
        {"key_id": None},
        {"state": ChannelState.ENDED},
        {"state": ChannelState.UNPROVEN},
        {"code_until": MONDAY},
        {"endpoint_digest": "a" * 64},
        {"language": "fr"},
    ],
)
def test_a_way_that_cannot_be(session, alice, columns):
    with pytest.raises(IntegrityError), session.begin_nested():
        make_channel(session, alice, **columns)


def test_one_way_of_a_kind_a_person_and_one_person_a_browser(session, alice, bob):
    make_channel(session, alice)
    make_channel(session, bob)
    browser = make_channel(session, alice, ChannelKind.PUSH)
    make_channel(session, alice, ChannelKind.PUSH)
    for again in (
        (alice, ChannelKind.WECOM, {}),
        (bob, ChannelKind.PUSH, {"endpoint_digest": browser.endpoint_digest}),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            make_channel(session, *again[:2], **again[2])


def make_notice(session, alice: Person, channel, **columns):
    of = {"channel_id": channel.id, "member_id": alice.id, "kind": channel.kind, "purpose": Purpose.REMINDER}
    session.add(OutwardNotice(**{**of, "begun_at": MONDAY, "tried_at": MONDAY, **columns}))
    session.flush()


@pytest.mark.parametrize(
    "columns",
    [
        {"state": NoticeState.WAITING},
        {"next_at": MONDAY},
        {"attempts": 5},
        {"purpose": Purpose.TRIAL, "state": NoticeState.WAITING, "next_at": MONDAY},
    ],
)
def test_a_notice_that_cannot_be(session, alice, columns):
    channel = make_channel(session, alice)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_notice(session, alice, channel, **columns)


def test_one_reminder_a_way_is_under_way(session, alice):
    channel = make_channel(session, alice)
    make_notice(session, alice, channel)
    make_notice(session, alice, channel, purpose=Purpose.TRIAL)
    make_notice(session, alice, channel, state=NoticeState.SENT)
    with pytest.raises(IntegrityError), session.begin_nested():
        make_notice(session, alice, channel, state=NoticeState.WAITING, next_at=MONDAY)
