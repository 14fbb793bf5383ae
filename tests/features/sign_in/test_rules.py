"""The numbers of signing in, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.members.rules import Role
from app.features.sign_in.rules import (
    ACCOUNT_LIMIT,
    ADDRESS_LIMIT,
    HERE_LIMIT,
    FailureLimit,
    Login,
    SessionKind,
    device_name,
    is_alive,
    is_recent,
    kind_of_device,
    landing,
    locked_until,
    read_login,
)

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; HLK-AL00) AppleWebKit/537.36 Chrome/114.0 Mobile Safari/537.36 MicroMessenger/8"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 Safari/537.36 Edg/124.0"
KYLIN = "Mozilla/5.0 (X11; Linux x86_64; Kylin) AppleWebKit/537.36 Chrome/109.0 Safari/537.36"


@pytest.mark.parametrize(
    ("kind", "roles", "idle", "alive"),
    [
        (SessionKind.DESK, (), 30, True),
        (SessionKind.DESK, (Role.SECRETARY,), 31, False),
        (SessionKind.PHONE, (Role.SECRETARY,), 60 * 24 * 20, True),
        (SessionKind.PHONE, (), 60 * 24 * 30, True),
        (SessionKind.PHONE, (Role.SYSTEM_ADMINISTRATOR,), 15, True),
        (SessionKind.PHONE, (Role.AUDIT_ADMINISTRATOR,), 16, False),
        (SessionKind.DESK, (Role.BUSINESS_ADMINISTRATOR,), 16, False),
    ],
)
def test_a_session_left_alone(kind, roles, idle, alive):
    said = is_alive(
        kind=kind, created_at=NOON, used_at=NOON, roles=frozenset(roles), now=NOON + timedelta(minutes=idle)
    )
    assert said is alive


def test_a_phone_signs_in_again_after_30_days_however_often_it_was_used():
    def alive(days):
        now = NOON + timedelta(days=days)
        return is_alive(kind=SessionKind.PHONE, created_at=NOON, used_at=now, roles=frozenset(), now=now)

    assert alive(30)
    assert not alive(30.001)


def test_the_password_is_recent_for_ten_minutes():
    assert is_recent(NOON, NOON + 10 * MINUTE)
    assert not is_recent(NOON, NOON + 10.1 * MINUTE)
    assert not is_recent(None, NOON)


def test_five_failures_within_fifteen_minutes_lock_for_fifteen_from_the_last():
    failed = [NOON + minutes * MINUTE for minutes in (14, 9, 5, 1, 0)]
    assert locked_until(failed[1:], HERE_LIMIT) is None
    assert locked_until(failed, HERE_LIMIT) == NOON + 29 * MINUTE
    assert locked_until([*failed[:4], NOON - 2 * MINUTE], HERE_LIMIT) is None


@given(
    st.lists(st.integers(0, 300), max_size=60).map(lambda minutes: [NOON - m * MINUTE for m in sorted(minutes)]),
    st.builds(
        FailureLimit,
        st.integers(1, 20),
        within=st.integers(1, 90).map(lambda m: m * MINUTE),
        lock=st.integers(1, 60).map(lambda m: m * MINUTE),
    ),
)
def test_a_lock_is_on_exactly_when_the_newest_failures_came_quickly(failed, limit):
    newest = failed[: limit.failures]
    quick = len(newest) == limit.failures and all(newest[0] - one <= limit.within for one in newest)
    assert locked_until(failed, limit) == (newest[0] + limit.lock if quick else None)


def test_the_limits_widen_from_one_door_to_all():
    assert HERE_LIMIT.failures < ACCOUNT_LIMIT.failures < ADDRESS_LIMIT.failures


@pytest.mark.parametrize(
    "typed",
    ["13800000011", " 138 0000 0011 ", "138-0000-0011", "+86 13800000011", "8613800000011", "１３８００００００１１"],
)
def test_a_phone_number_in_any_usual_form(typed):
    assert read_login(typed) == Login(phone="13800000011")


@pytest.mark.parametrize(
    ("typed", "number"), [("t0000012", "t0000012"), (" Ａ－００７ ", "A-007"), ("100 200 300", "100200300")]
)
def test_a_member_number(typed, number):
    assert read_login(typed) == Login(member_number=number)


@pytest.mark.parametrize("typed", ["", "correct horse battery staple", "密码在这里", "x" * 40])
def test_what_can_be_no_login_is_counted_without_a_trace_of_it(typed):
    assert read_login(typed).key == "unreadable"


@pytest.mark.parametrize("wanted", ["/", "/study", "/study?month=2026-03&x=1", "/a/b#c", "/党员"])
def test_landing_in_this_house(wanted):
    assert landing(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "study",
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x",
        "//[",
        "http://[::1",
        " /study",
    ],
)
def test_landing_nowhere_else(wanted):
    assert landing(wanted) == "/"


@given(st.text())
def test_landing_is_always_local(wanted):
    assert landing(wanted).startswith("/")
    assert not landing(wanted).startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("agent", "kind", "name"),
    [
        (PHONE, SessionKind.PHONE, "WeChat · Android"),
        (DESK, SessionKind.DESK, "Edge · Windows"),
        (KYLIN, SessionKind.DESK, "Chrome · Kylin"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile Safari", SessionKind.PHONE, "Safari · iPhone"),
        ("", SessionKind.DESK, ""),
    ],
)
def test_a_device_as_its_owner_calls_it(agent, kind, name):
    assert (kind_of_device(agent), device_name(agent)) == (kind, name)
