"""How often a notice is tried, whom the server calls, and which addresses are taken."""

from datetime import UTC, datetime, timedelta

import pytest

from app.features.outward import rules
from app.features.outward.rules import ChannelKind, Delivered, ServiceAnswer

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BEGUN = datetime(2026, 3, 9, 1, tzinfo=UTC)


def test_limits():
    """Red line 7: at least three days lie between two notices of one way."""
    assert (timedelta(days=3), timedelta(days=60)) == (rules.BETWEEN, rules.KEPT_FOR)
    assert (rules.RETRIES, rules.MOST_ATTEMPTS, rules.OPEN_FOR) == ((HOUR, 3 * HOUR, 9 * HOUR), 4, 24 * HOUR)
    assert (rules.LOST_AFTER, rules.CODE_GOOD_FOR) == (10 * MINUTE, 15 * MINUTE)
    assert (rules.CODE_TRIES, rules.ASKED_A_DAY, rules.MOST_BROWSERS, rules.TO_LENGTH) == (5, 10, 5, 1000)


@pytest.mark.parametrize(
    ("answer", "attempts", "after", "asked_to_wait", "hours"),
    [
        (ServiceAnswer.REFUSED, 1, 0, 0, 1),
        (ServiceAnswer.UNREACHABLE, 2, 1, 0, 4),
        (ServiceAnswer.REFUSED, 3, 4, 0, 13),
        (ServiceAnswer.REFUSED, 4, 13, 0, None),
        (ServiceAnswer.REFUSED, 1, 0, 5, 5),
        (ServiceAnswer.REFUSED, 1, 0, 24, 24),
        (ServiceAnswer.REFUSED, 1, 0, 25, None),  # another one comes while there is something to do
        (ServiceAnswer.REFUSED, 3, 15, 0, 24),
        (ServiceAnswer.REFUSED, 3, 16, 0, None),
        (ServiceAnswer.TAKEN, 1, 0, 0, None),
        (ServiceAnswer.NO_SUCH_ADDRESS, 1, 0, 0, None),
        (ServiceAnswer.UNKNOWN, 1, 0, 0, None),  # it may have arrived
    ],
)
def test_when_a_notice_is_tried_again(answer, attempts, after, asked_to_wait, hours):
    verdict = Delivered(answer, retry_after=asked_to_wait * HOUR if asked_to_wait else None)
    again = rules.next_attempt(verdict, attempts=attempts, begun_at=BEGUN, now=BEGUN + after * HOUR)
    assert again == (None if hours is None else BEGUN + hours * HOUR)


@pytest.mark.parametrize(
    ("endpoint", "is_known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://fcm.googleapis.com:443/fcm/send/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://updates.push.services.mozilla.com/abc", True),
        ("https://sg2p.notify.windows.com/abc", True),
        ("https://push.example.cn:8443/abc", True),  # named by the installation
        ("https://push.example.cn/abc", False),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://fcm.googleapis.com:8443/fcm/send/abc", False),
        ("https://sam@fcm.googleapis.com/fcm/send/abc", False),
        ("https://evil.example\\@fcm.googleapis.com/", False),
        ("https://xfcm.googleapis.com/abc", False),
        ("https://push.apple.com/abc", False),
        ("https://fcm.googleapis.com:99999/abc", False),
        ("https:///abc", False),
    ],
)
def test_which_servers_of_browsers_are_called(endpoint, is_known):
    assert rules.is_push_service(endpoint, ["https://push.example.cn:8443"]) is is_known


def test_an_endpoint_has_at_most_a_thousand_signs():
    begin = "https://fcm.googleapis.com/"
    assert rules.is_push_service(begin + "x" * (1000 - len(begin)))
    assert not rules.is_push_service(begin + "x" * (1001 - len(begin)))


@pytest.mark.parametrize(
    ("kind", "typed", "address"),
    [
        (ChannelKind.MAIL, " alice@example.org ", "alice@example.org"),
        (ChannelKind.MAIL, "alice@example", None),
        (ChannelKind.WECOM, "alice.li", "alice.li"),
        (ChannelKind.WECOM, "all", None),  # would tell everybody
        (ChannelKind.WECOM, "allan", "allan"),
        (ChannelKind.WECOM_ROBOT, "https://qyapi.example/send?key=" + "a" * 36, "a" * 36),
        (ChannelKind.WECOM_ROBOT, "a" * 35, None),
        (ChannelKind.DINGTALK, "https://oapi.example/robot/send?access_token=" + "b" * 64, "b" * 64),
        (ChannelKind.FEISHU, "https://open.example/open-apis/bot/v2/hook/" + "c" * 36, "c" * 36),
    ],
)
def test_of_what_was_typed_the_address_alone_is_taken(kind, typed, address):
    assert rules.address_of(kind, typed) == address
