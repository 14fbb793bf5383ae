"""What waits goes out once, whatever becomes of the network, the server and the app. Source: docs/sync.md."""

import sys
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from tests.browser.network import Weather
from tests.browser.offline import (
    NEW,
    OUTBOX,
    answered_ids,
    bar,
    captured,
    end_sessions,
    let_in,
    network_returns,
    put_into_queue,
    queue,
    record,
    recorded,
    registration,
    rows,
    titles,
    until,
    until_queue_has,
    wait_for_queue,
    wait_for_shell,
)
from tests.features.sync.doomed_server import FATAL

ANSWERS_SECONDS = 20


def test_reload_before_the_network(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.kill()
    phone.goto(NEW)
    record(phone, "第一条")
    phone.reload()
    expect(rows(phone, "waiting")).to_have_count(1)
    record(phone, "第二条")
    stoppable.start()
    phone.reload()
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["第一条", "第二条"]


def test_a_page_that_is_looked_at_again_sends(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(OUTBOX)
    put_into_queue(phone, alice, captured("手机刚亮屏"))
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(rows(phone, "sent")).to_contain_text("手机刚亮屏")
    assert titles(stoppable, alice) == ["手机刚亮屏"]


def test_the_answer_is_lost_after_the_commit(pocket, alice, stoppable, network):
    phone = pocket(alice, network.url)
    phone.goto(NEW)
    network.change(Weather.LOSES_ANSWERS)
    record(phone, "回执丢了")
    assert network.answered.wait(ANSWERS_SECONDS)
    expect(bar(phone, "offline")).to_be_visible()
    assert titles(stoppable, alice) == ["回执丢了"]
    assert [item["tried"] for item in queue(phone)] == [True]
    network.change(Weather.CLEAR)
    network_returns(phone)
    wait_for_queue(phone)
    phone.goto(OUTBOX)
    expect(rows(phone, "sent")).to_have_count(1)
    assert titles(stoppable, alice) == ["回执丢了"]


@pytest.mark.parametrize("weather", [Weather.SILENT, Weather.KEEPS_ANSWERS], ids=["not arrived", "arrived"])
def test_the_app_is_killed_while_sending(kept_phone, alice, stoppable, network, weather):
    phone = kept_phone.open(network.url)
    let_in(phone.context, alice, network.url)
    phone.goto("/")
    wait_for_shell(phone)
    phone.goto(NEW)
    network.change(weather)
    record(phone, "电量耗尽")
    if weather is Weather.KEEPS_ANSWERS:
        assert network.answered.wait(ANSWERS_SECONDS)
    until(phone, "() => document.querySelector('outbox-list li') !== null")
    kept_phone.kill()

    stoppable.stop()
    network.change(Weather.CLEAR)
    phone = kept_phone.open(network.url)
    phone.goto(NEW)
    expect(rows(phone, "waiting")).to_contain_text("电量耗尽")
    expect(bar(phone, "offline")).to_be_visible()
    record(phone, "充电以后")

    stoppable.start()
    let_in(phone.context, alice, network.url)
    network_returns(phone)
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["电量耗尽", "充电以后"]


@pytest.mark.parametrize(("moment", "stored"), [("before_commit", 0), ("after_commit", 20)])
def test_server_stopped_in_the_middle_of_a_batch(pocket, alice, stoppable, moment, stored):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(NEW)
    names = [f"第{number}条" for number in range(20)]
    names[10] = FATAL
    put_into_queue(phone, alice, *map(captured, names))
    stoppable.start(program=(sys.executable, "-m", "tests.features.sync.doomed_server", str(stoppable.port), moment))
    network_returns(phone)
    stoppable.wait()
    expect(bar(phone, "offline")).to_be_visible()
    assert len(recorded(stoppable, alice)) == stored
    assert len(queue(phone)) == 20
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    assert sorted(titles(stoppable, alice)) == sorted(names)


@pytest.mark.parametrize("locks", [True, False], ids=["web locks", "a lease"])
def test_two_tabs(pocket, alice, stoppable, locks):
    left = pocket(alice)
    if not locks:
        left.context.add_init_script("delete Navigator.prototype.locks")
    right = left.context.new_page()
    ids = answered_ids(left)
    stoppable.stop()
    for tab in (left, right):
        tab.goto(NEW)
    record(left, "左边记的")
    expect(rows(right, "waiting")).to_have_count(1)
    record(right, "右边记的")
    expect(rows(left, "waiting")).to_have_count(2)
    stoppable.start()
    for tab in (left, right):
        network_returns(tab)
    for tab in (left, right):
        expect(rows(tab, "waiting")).to_have_count(0)
        expect(tab.locator("outbox-count")).to_be_hidden()
    assert sorted(ids) == sorted({one.id for one in recorded(stoppable, alice)})
    assert len(ids) == 2


def test_the_worker_sends_when_no_page_is_open(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(NEW)
    record(phone, "页面已经关了")
    expect(bar(phone, "offline")).to_be_visible()
    (worker,) = phone.context.service_workers
    elsewhere = phone.context.new_page()
    phone.close()
    stoppable.start()
    network_comes(elsewhere, stoppable.url)
    worker.evaluate(until_queue_has(0))
    assert titles(stoppable, alice) == ["页面已经关了"]


def test_session_expired_with_100_queued(pocket, alice, stoppable):
    phone = pocket(alice)
    end_sessions(stoppable, alice)
    put_into_queue(phone, alice, *[captured(f"第{number}条") for number in range(100)])
    phone.goto(NEW)
    expect(bar(phone, "sign_in")).to_contain_text("100")
    assert len(queue(phone)) == 100
    assert phone.evaluate("caches.has('copies')"), "an ended session wipes nothing"
    bar(phone, "sign_in").locator("a").click()
    expect(bar(phone, "sign_in")).to_contain_text("100")
    phone.locator("[name=login]").fill(alice.phone)
    phone.locator("[name=password]").fill(alice.password)
    phone.locator("form[action='/sign-in'] button").last.click()
    expect(phone).to_have_url(f"{stoppable.url}{NEW}")
    wait_for_queue(phone)
    assert len(recorded(stoppable, alice)) == 100


def test_one_poison_item_among_50(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    items = [captured(f"第{number}条") for number in range(50)]
    items[20]["payload"]["minutes"] = "半小时"
    put_into_queue(phone, alice, *items)
    ids = answered_ids(phone)
    phone.goto(OUTBOX)
    expect(rows(phone, "needs_you")).to_have_count(1)
    expect(rows(phone, "needs_you")).to_contain_text("第20条")
    expect(rows(phone, "needs_you").locator("[data-said]")).not_to_be_empty()
    expect(rows(phone, "waiting")).to_have_count(0)
    assert len(ids) == 50
    assert [one.title for one in recorded(stoppable, alice)] == [
        f"第{number}条" for number in range(50) if number != 20
    ]
    phone.reload()
    expect(rows(phone, "needs_you")).to_have_count(1)
    assert len(ids) == 50, "what was refused is not sent again"


def test_predecessor_arrives_last(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(OUTBOX)
    first = captured("前一条")
    put_into_queue(phone, alice, captured("后一条", depends_on=first["id"]))
    network_returns(phone)
    expect(rows(phone, "sent")).to_have_count(1)
    assert titles(stoppable, alice) == []
    put_into_queue(phone, alice, first)
    network_returns(phone)
    expect(rows(phone, "sent")).to_have_count(2)
    assert sorted(titles(stoppable, alice)) == ["前一条", "后一条"]


@pytest.mark.parametrize("year", [1990, 2099])
def test_clock_at_1990_and_2099(pocket, alice, stoppable, year):
    """A clock that is always wrong is put right by the server; one that jumped is for an officer to look at."""
    days = {clock.today()}
    phone = pocket(alice)
    stoppable.stop()
    phone.clock.set_fixed_time(datetime(year, 3, 4, 4, 0, tzinfo=UTC))
    phone.goto(NEW)
    record(phone, "一直不准")
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    stoppable.stop()
    record(phone, "后来准了")
    phone.clock.set_fixed_time(datetime.now(UTC))
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    always, jumped = recorded(stoppable, alice)
    assert always.title == "一直不准"
    assert (always.flags, jumped.flags) == (frozenset(), {"clock_skew"})
    assert always.device_time == jumped.device_time == f"{year}-03-04T12:00:00.000+08:00"
    assert {always.occurred_on, jumped.occurred_on} <= days | {clock.today()}  # it may be midnight meanwhile
    phone.goto(OUTBOX)
    expect(rows(phone, "sent").first.locator("[data-facts]")).to_contain_text(str(year))


def test_a_server_that_asks_for_quiet_is_left_alone_until_a_person_asks(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(OUTBOX)
    busy = {"status": 503, "headers": {"Retry-After": "600"}, "json": {"code": "unavailable", "message": ""}}
    phone.context.route("**/sync", lambda route: route.fulfill(**busy))
    ids = answered_ids(phone)
    put_into_queue(phone, alice, captured("第一条"))
    with phone.expect_response("**/sync"):
        network_returns(phone)
    phone.context.unroute("**/sync")
    put_into_queue(phone, alice, captured("第二条"))
    network_returns(phone)
    expect(rows(phone, "waiting")).to_have_count(2)
    assert len(ids) == 1
    phone.locator("[data-send]").click()
    wait_for_queue(phone)
    assert sorted(titles(stoppable, alice)) == ["第一条", "第二条"]


def test_an_app_that_is_too_old_loads_the_new_one(pocket, alice, stoppable, network):
    phone = pocket(alice, network.url)
    phone.goto(NEW)
    network.to_server = {b'"app_version":"0.1.': b'"app_version":"0.0.'}
    record(phone, "旧版本记的")
    expect(bar(phone, "too_old")).to_be_visible()
    assert titles(stoppable, alice) == []
    network.to_server = {}
    bar(phone, "too_old").locator("button").click()
    expect(bar(phone, "too_old")).to_be_hidden()
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["旧版本记的"]


def network_comes(page: Page, origin: str) -> None:
    """Let the browser tell the worker of ``origin`` that there is a network, as Background Sync does."""
    debugger = page.context.new_cdp_session(page)
    worker = registration(page, debugger, origin)
    debugger.send("ServiceWorker.dispatchSyncEvent", {**worker, "tag": "outbox", "lastChance": False})
