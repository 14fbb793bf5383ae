"""The lists on the phone: taking back, repairing, sending by hand, handing over. Source: docs/sync.md."""

import json
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.network import Weather
from tests.browser.offline import (
    NEW,
    OUTBOX,
    bar,
    captured,
    network_returns,
    put_into_queue,
    queue,
    record,
    recorded,
    rows,
    titles,
    wait_for_queue,
)
from tests.features.sync.makers import phone_time

ANSWERS_SECONDS = 20


def take_back(page: Page, of: str, answer: str = "yes") -> None:
    """Tap the button of the only row of a list, and answer the question."""
    rows(page, of).locator("[data-take-back]").click()
    page.locator(f"outbox-list[data-of={of}] dialog button[value={answer}]").click()


def statuses(stoppable, alice) -> list[tuple[str, str]]:
    return [(one.title, one.status.value) for one in recorded(stoppable, alice)]


def test_withdrawn_before_it_was_sent_it_goes_without_a_trace(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(OUTBOX)
    phone.evaluate("() => void navigator.locks.request('sanliang-send', () => new Promise(() => {}))")
    put_into_queue(phone, alice, captured("记错了"))
    network_returns(phone)  # but another tab has the right to send, and keeps it
    expect(rows(phone, "waiting")).to_have_count(1)
    take_back(phone, "waiting", "no")
    expect(rows(phone, "waiting")).to_have_count(1)
    take_back(phone, "waiting")
    expect(rows(phone, "waiting")).to_have_count(0)
    assert queue(phone) == []
    stoppable.start()
    phone.reload()
    expect(rows(phone, "sent")).to_have_count(0)
    assert titles(stoppable, alice) == []


def test_withdrawn_after_its_answer_was_lost_it_is_withdrawn_on_the_server(pocket, alice, stoppable, network):
    phone = pocket(alice, network.url)
    phone.goto(NEW)
    network.change(Weather.LOSES_ANSWERS)
    record(phone, "其实已经到了")
    assert network.answered.wait(ANSWERS_SECONDS)
    expect(bar(phone, "offline")).to_be_visible()
    assert statuses(stoppable, alice) == [("其实已经到了", "pending")]
    take_back(phone, "waiting")
    expect(rows(phone, "waiting").locator("[data-title]")).to_have_text("撤回 · 其实已经到了")
    assert [item["kind"] for item in queue(phone)] == ["withdraw"]
    network.change(Weather.CLEAR)
    network_returns(phone)
    wait_for_queue(phone)
    assert statuses(stoppable, alice) == [("其实已经到了", "withdrawn")]


def test_what_was_sent_can_be_withdrawn_and_says_so(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "发出以后")
    wait_for_queue(phone)
    stoppable.stop()
    phone.goto(OUTBOX)
    take_back(phone, "sent")
    expect(rows(phone, "waiting")).to_have_count(1)
    expect(rows(phone, "sent").locator("[data-take-back]")).to_be_hidden()
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    expect(rows(phone, "sent")).to_have_count(1)
    expect(rows(phone, "sent").locator("[data-said]")).to_have_text("已撤回")
    assert statuses(stoppable, alice) == [("发出以后", "withdrawn")]


def test_what_was_decided_cannot_be_withdrawn_and_needs_the_member(pocket, alice, sam, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "已经批了")
    wait_for_queue(phone)
    (record_id,) = [one.id for one in recorded(stoppable, alice)]
    desk = pocket(sam)
    desk.goto("/approvals")
    desk.locator("#decide button[value=approve]").click()
    expect(desk.locator("#queue .message").first).to_be_visible()
    phone.goto(OUTBOX)
    take_back(phone, "sent")
    expect(rows(phone, "needs_you")).to_have_count(1)
    expect(rows(phone, "needs_you").locator("[data-said]")).not_to_be_empty()
    expect(rows(phone, "needs_you").locator("[data-repair]")).to_be_hidden()
    assert [(one.id, one.status) for one in recorded(stoppable, alice)] == [(record_id, "approved")]
    expect(rows(phone, "sent").locator("[data-said]")).to_contain_text(sam.name)
    expect(rows(phone, "sent").locator("[data-take-back]")).to_be_hidden()
    take_back(phone, "needs_you")
    expect(rows(phone, "needs_you")).to_have_count(0)
    expect(rows(phone, "sent").locator("[data-take-back]")).to_be_hidden()


def test_what_was_withdrawn_on_a_page_is_withdrawn_in_the_list_too(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "在网页上撤回")
    wait_for_queue(phone)
    (only,) = recorded(stoppable, alice)
    list_on_phone = phone.context.new_page()
    list_on_phone.goto(OUTBOX)
    expect(rows(list_on_phone, "sent").locator("[data-take-back]")).to_be_visible()
    phone.goto("/study")
    phone.locator(f"#record-row-{only.id} form button").click()
    expect(rows(list_on_phone, "sent").locator("[data-said]")).to_have_text("已撤回")
    expect(rows(list_on_phone, "sent").locator("[data-take-back]")).to_be_hidden()
    assert statuses(stoppable, alice) == [("在网页上撤回", "withdrawn")]


def test_the_list_learns_what_was_decided_and_undone_when_a_page_shows_it(pocket, alice, sam, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "先批后撤")
    wait_for_queue(phone)
    list_on_phone = phone.context.new_page()
    list_on_phone.goto(OUTBOX)
    entry = rows(list_on_phone, "sent")
    desk = pocket(sam)
    desk.goto("/approvals")
    desk.locator("#decide button[value=approve]").click()
    expect(desk.locator("#decide li")).to_have_count(0)
    phone.goto("/study")
    expect(entry.locator("[data-said]")).to_have_text("已通过")
    expect(entry.locator("[data-take-back]")).to_be_hidden()
    desk.locator("form[action='/approvals/undo'] button").first.click()
    expect(desk.locator("#decide li")).to_have_count(1)
    phone.reload()
    expect(entry.locator("[data-said]")).to_have_text("已提交，待审批")
    expect(entry.locator("[data-take-back]")).to_be_visible()


def test_a_refused_record_is_corrected_and_recorded_anew_for_its_own_day(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(OUTBOX)
    moment = phone_time(ago=timedelta(days=3))
    item = captured("标题太长" * 40, occurred_at=moment)
    item["payload"] |= {"minutes": 45, "takeaway": "体会", "kind": "lecture"}
    put_into_queue(phone, alice, item)
    network_returns(phone)
    expect(rows(phone, "needs_you")).to_have_count(1)
    rows(phone, "needs_you").locator("[data-repair]").click()
    expect(phone.locator("[name=minutes][value='45']")).to_be_checked()
    expect(phone.locator("[name=kind][value=lecture]")).to_be_checked()
    expect(phone.locator("[name=takeaway]")).to_have_value("体会")
    record(phone, "标题短了")
    wait_for_queue(phone)
    (only,) = recorded(stoppable, alice)
    assert (only.title, only.device_time) == ("标题短了", moment)
    assert only.id != item["id"]
    expect(phone.locator("[name=takeaway]")).to_have_value("")
    phone.reload()
    expect(phone.locator("[name=takeaway]")).to_have_value("")


def test_send_now_sends_and_says_when_it_did(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(NEW)
    record(phone, "手动发送")
    phone.goto(OUTBOX)
    never = phone.locator("[data-last]").text_content()
    phone.locator("[data-send]").click()
    expect(phone.locator("#message .need")).to_be_visible()
    stoppable.start()
    phone.locator("[data-send]").click()
    expect(phone.locator("#message .ok")).to_be_visible()
    expect(phone.locator("[data-last]")).not_to_have_text(never or "")
    assert titles(stoppable, alice) == ["手动发送"]


def test_a_stuck_queue_is_handed_over_as_a_file_and_still_counts_once(pocket, alice, sam, stoppable, tmp_path):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(NEW)
    record(phone, "第一条")
    record(phone, "第二条")
    phone.goto(OUTBOX)
    with phone.expect_download() as download:
        phone.locator("[data-file]").click()
    file = tmp_path / "sanliang.json"
    download.value.save_as(file)
    assert [item["payload"]["title"] for item in json.loads(file.read_text("utf-8"))["items"]] == ["第一条", "第二条"]
    assert len(queue(phone)) == 2

    stoppable.start()
    desk = pocket(sam)
    desk.goto("/sync/file")
    for _time in range(2):
        desk.locator("input[type=file]").set_input_files(file)
        desk.locator("#file-form button").click()
        expect(desk.locator("main .rows li")).to_have_count(2)
    assert titles(stoppable, alice) == ["第一条", "第二条"]
    network_returns(phone)
    wait_for_queue(phone)
    expect(rows(phone, "sent")).to_have_count(2)
    assert titles(stoppable, alice) == ["第一条", "第二条"]


def test_a_row_that_says_the_same_stays_under_the_finger(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(NEW)
    record(phone, "一条")
    row = rows(phone, "waiting").element_handle()
    record(phone, "又一条")
    expect(rows(phone, "waiting")).to_have_count(2)
    expect(bar(phone, "offline")).to_be_visible()
    assert row.evaluate("(row) => row.isConnected")
