"""The page of my ways: switched on by me, proven by a code that arrived, tried, paused and removed by me alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from app.core import clock
from app.features.outward import push_key
from app.features.outward.models import NoticeChannel, OutwardNotice
from app.features.outward.rules import ChannelKind, ChannelState, Delivered, ServiceAnswer
from tests.features.outward.makers import make_channel, make_known
from tests.features.outward.services import DING, FEISHU, ROBOT, SECRET, Browser
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page

PLAIN: dict[str, str] = {}
WAYS = pytest.mark.parametrize(("headers", "status"), [(PLAIN, 303), (HTMX, 200)], ids=["plain", "htmx"])
PUSH = "https://web.push.apple.com/QGd0vJxvCs9qGVZ0IYV5"


@pytest.fixture
def act(client, carrier):
    """What ``person`` does on the page; the answer."""

    def do(person, action="", headers=PLAIN, **typed):
        address = f"/me/channels{action}"
        return client.post(address, data=typed, headers=as_member(person) | headers | ENGLISH)

    return do


@pytest.fixture
def seen(client, carrier):
    def look(person):
        return page(client.get("/me/channels", headers=as_member(person) | ENGLISH))

    return look


def ways(database):
    with database.read() as session:
        alive = NoticeChannel.state != ChannelState.ENDED
        return session.scalars(select(NoticeChannel).where(alive).order_by(NoticeChannel.id)).all()


def code_in(carrier):
    return re.search(r"\b\d{6}\b", carrier.orders[-1]["text"])[0]


@WAYS
def test_alice_switches_mail_on_with_the_code_that_arrived(act, seen, alice, carrier, database, headers, status):
    assert act(alice, kind="mail", to=" ai@example.org ", headers=headers).status_code == status
    [way] = ways(database)
    assert (way.state, carrier.told) == (ChannelState.UNPROVEN, ["ai@example.org"])
    assert "ai@example.org" not in way.sealed
    assert "waits for your code" in seen(alice).select_one(f"#channel-{way.id}").get_text()
    done = act(alice, f"/{way.id}/code", code=code_in(carrier), headers=headers)
    assert done.status_code == status
    [way] = ways(database)
    assert (way.state, way.code_until) == (ChannelState.ON, None)
    assert act(alice, f"/{way.id}/code", code="000000").status_code == 303  # twice is once
    line = seen(alice).select_one(f"#channel-{way.id}").get_text(" ", strip=True)
    assert "ai@example.org" in line
    assert "handed over" in line


@pytest.mark.parametrize(
    ("kind", "typed", "to", "secret"),
    [
        ("wecom", "ai.li", "ai.li", ""),
        ("wecom_robot", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={ROBOT}", ROBOT, ""),
        ("dingtalk", f"https://oapi.dingtalk.com/robot/send?access_token={DING}", DING, SECRET),
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{FEISHU}", FEISHU, SECRET),
        ("feishu", f"https://elsewhere.example.org/hook/{FEISHU}", FEISHU, ""),  # the host is the installation's
    ],
)
def test_of_what_is_copied_only_what_a_way_needs_is_kept(act, alice, carrier, kind, typed, to, secret):
    assert act(alice, kind=kind, to=typed, secret=secret).status_code == 303
    [order] = carrier.orders
    assert (order["to"], order["secret"], order["host"]) == (to, secret, "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("mail", "ai@example.org, bao@example.org"),
        ("mail", "ai@example.org\r\nBcc: bao@example.org"),
        ("mail", "ai@localhost"),
        ("wecom", "@all"),
        ("wecom", "all"),
        ("wecom", "ai.li|bao.bo"),
        ("wecom", "http://127.0.0.1/"),
        ("wecom_robot", "http://127.0.0.1:8000/inside"),
        ("dingtalk", DING + "&to=1"),
        ("feishu", "../../inside"),
    ],
)
def test_what_is_no_address_is_said_so_and_what_was_typed_stays(act, alice, carrier, kind, typed):
    answer = act(alice, kind=kind, to=typed)
    assert (answer.status_code, carrier.orders) == (422, [])
    form = page(answer, 422).select_one(f"#to-{kind}")
    assert form["value"].split()[0] == typed.split()[0]
    assert form["aria-invalid"] == "true"


def test_a_wrong_code_is_counted_and_an_old_one_is_none(act, alice, carrier, database):
    act(alice, kind="mail", to="ai@example.org")
    [way] = ways(database)
    right = code_in(carrier)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(5):
        answer = act(alice, f"/{way.id}/code", code=wrong)
        assert "not the code" in page(answer, 422).get_text()
    assert act(alice, f"/{way.id}/code", code=right).status_code == 422
    assert act(alice, f"/{way.id}/try").status_code == 303  # another one is sent
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert act(alice, f"/{way.id}/code", code=code_in(carrier)).status_code == 422
    assert act(alice, f"/{way.id}/code", code=code_in(carrier)).status_code == 303


@WAYS
def test_a_trial_says_what_to_do_when_it_does_not_go_out(act, given, alice, carrier, headers, status):
    way = given(make_channel, alice)
    assert act(alice, f"/{way.id}/try", headers).status_code == status
    carrier.answers = [Delivered(ServiceAnswer.UNREACHABLE, "ConnectTimeout")]
    answer = act(alice, f"/{way.id}/try", headers)
    said = (fragment if headers else page)(answer, 409).get_text()
    assert said.count("cannot be reached from here just now. Please try again later") == 1


def test_after_ten_codes_and_trials_it_is_enough_for_a_day(act, given, alice, carrier):
    way = given(make_channel, alice)
    answers = [act(alice, f"/{way.id}/try").status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]
    assert act(alice, kind="mail", to="ai@example.org").status_code == 429
    assert len(carrier.orders) == 10


@WAYS
def test_paused_and_on_again_and_removed_with_the_address(act, given, alice, database, headers, status):
    way = given(make_channel, alice)
    for paused, state in (("yes", ChannelState.MUTED), ("", ChannelState.ON)):
        assert act(alice, f"/{way.id}/pause", headers, paused=paused).status_code == status
        assert ways(database)[0].state is state
    assert act(alice, f"/{way.id}/end", headers).status_code == status
    assert ways(database) == []
    with database.read() as session:
        assert session.scalars(select(NoticeChannel.sealed)).all() == [None]


@pytest.mark.parametrize("action", ["code", "try", "pause", "end"])
def test_nobody_touches_or_sees_another_s_also_no_secretary(act, seen, given, alice, sam, olga, database, action):
    way = given(make_channel, alice)
    for other in (sam, olga):
        assert act(other, f"/{way.id}/{action}", code="123456").status_code == 404
        assert str(way.id) not in str(seen(other))
    assert [one.state for one in ways(database)] == [ChannelState.ON]


def test_nobody_can_be_subscribed_by_somebody_else(act, alice, sam, database):
    """A form that names another person is read as one that does not."""
    act(sam, kind="wecom", to="ai.li", member_id=str(alice.id))
    assert [one.member_id for one in ways(database)] == [sam.id]


def test_a_second_address_of_a_kind_takes_the_place_of_the_first(act, alice, database):
    act(alice, kind="mail", to="ai@example.org")
    act(alice, kind="mail", to="alice@example.org")
    assert len(ways(database)) == 1


@pytest.fixture
def browser(config, given, alice, bob):
    """Alice's, who signed in there by hand as everybody does; Bob's is another one."""
    for person in (alice, bob):
        given(make_known, person)
    return Browser(push_key.public_key(config().push_key_file))


def test_a_browser_is_on_at_once_and_twice_is_once(act, seen, alice, browser, database):
    for _ in range(2):
        done = act(alice, "/browser", subscription=browser.subscription(PUSH))
        assert done.headers["location"] == "/me/channels"
    [way] = ways(database)
    assert (way.kind, way.state) == (ChannelKind.PUSH, ChannelState.ON)
    switch = seen(alice).select_one("push-switch")
    assert (switch["data-known"], len(switch["data-key"])) == (way.endpoint_digest, 87)


def test_whoever_switches_it_on_in_the_same_browser_takes_it_over(act, alice, bob, browser, database):
    for person in (alice, bob):
        act(person, "/browser", subscription=browser.subscription(PUSH))
    assert [one.member_id for one in ways(database)] == [bob.id]


def test_five_browsers_are_enough(act, alice, browser, database):
    for number in range(6):
        act(alice, "/browser", subscription=browser.subscription(f"{PUSH}{number}"))
    assert len(ways(database)) == 5


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://web.push.apple.com/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://web.push.apple.com.example.org/x",
        "https://evilfcm.googleapis.com/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8080/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://127.0.0.1\\@fcm.googleapis.com/x",
        "file:///etc/passwd",
    ],
)
def test_this_server_calls_no_address_that_somebody_makes_up(act, alice, browser, database, endpoint):
    act(alice, "/browser", subscription=browser.subscription(endpoint))
    assert ways(database) == []


def test_a_push_service_of_one_s_own_is_named_by_the_installation(act, alice, browser, database, config):
    config(notices="push=https://push.example.org:8443")
    act(alice, "/browser", subscription=browser.subscription("https://push.example.org:8443/x"))
    act(alice, "/browser", subscription=browser.subscription("https://push.example.org/x"))
    assert len(ways(database)) == 1


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", '{"endpoint": 1, "keys": {}}', '{"endpoint": "x", "keys": {"auth": "x"}}']
)
def test_what_is_no_subscription_is_refused(act, alice, database, said):
    assert act(alice, "/browser", subscription=said).status_code == 303
    assert ways(database) == []


def test_where_nothing_is_named_the_page_says_so_and_nothing_leads_there(client, seen, alice, config, carrier):
    links = page(client.get("/me/reminders", headers=as_member(alice)))
    assert links.select_one("a[href='/me/channels']")
    config(notices="")
    assert "No way is set up here" in seen(alice).get_text()
    links = page(client.get("/me/reminders", headers=as_member(alice)))
    assert links.select_one("a[href='/me/channels']") is None


def test_own_data_takes_ways_and_what_was_sent_along(client, act, given, alice, sam):
    way = given(make_channel, alice, ChannelKind.MAIL, to="ai@example.org")
    act(alice, f"/{way.id}/try")
    held = client.get("/me/export.json", headers=as_member(alice)).json()
    assert [(one["kind"], one["to"]) for one in held["notice_channels"]] == [("mail", "ai@example.org")]
    assert [(one["purpose"], one["state"]) for one in held["outward_notices"]] == [("trial", "sent")]
    held = client.get("/me/export.json", headers=as_member(sam)).json()
    assert held["notice_channels"] == held["outward_notices"] == []


def test_no_log_and_no_copy_of_the_database_knows_an_address(act, alice, database, caplog, carrier):
    caplog.set_level("DEBUG")
    carrier.answers = [Delivered(ServiceAnswer.REFUSED, "HTTP 500")]
    act(alice, kind="wecom_robot", to=ROBOT)
    with database.read() as session:
        for table in ("notice_channels", "outward_notices"):
            assert ROBOT not in str(session.execute(text(f"SELECT * FROM {table}")).all())
        assert session.scalars(select(OutwardNotice.detail)).all() == ["HTTP 500"]
    assert ROBOT not in caplog.text


def test_visitors_are_sent_to_the_door(client):
    assert client.get("/me/channels").headers["location"].startswith("/sign-in")
