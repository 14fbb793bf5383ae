"""A record is made on the phone alone, whatever the phone lacks. Source: docs/sync.md, "On the phone"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.network import Weather
from tests.browser.offline import (
    NEW,
    bar,
    let_in,
    network_returns,
    queue,
    record,
    rows,
    titles,
    until,
    wait_for_queue,
    wait_for_shell,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NO_DATABASE = """Object.defineProperty(window, "indexedDB", {
    value: { open() { throw new DOMException("A mutation operation was attempted", "InvalidStateError"); } },
});"""
QUOTA = 1_000_000
"""Bytes; the shell, the copies and an empty queue need half of it."""
FILL_UP = """async () => {
    const opening = indexedDB.open("another app", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("pictures", { autoIncrement: true });
    await new Promise((ready) => { opening.onsuccess = ready; });
    const fits = (size) => new Promise((tell) => {
        const transaction = opening.result.transaction("pictures", "readwrite");
        transaction.objectStore("pictures").add(crypto.getRandomValues(new Uint8Array(size)));
        transaction.oncomplete = () => tell(true);
        transaction.onabort = () => tell(transaction.error.name !== "QuotaExceededError");
    });
    for (let size = 65536; size >= 1; size /= 4) while (await fits(size));
    opening.result.close();
}"""
FULL_ONCE = """let isFull = true;
const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...what) {
    if (isFull) {
        isFull = false;
        throw new DOMException("no room", "QuotaExceededError");
    }
    return add.apply(this, what);
};"""


def test_capture_page_opens_without_a_network_and_asks_for_no_part_of_itself(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    failed = []
    phone.context.on("requestfailed", lambda request: failed.append(request.url.removeprefix(stoppable.url)))
    phone.goto(NEW)
    expect(bar(phone, "offline")).to_be_visible()
    record(phone, "《支部工作条例》")
    expect(rows(phone, "waiting")).to_have_count(1)
    expect(rows(phone, "waiting")).to_contain_text("《支部工作条例》")
    expect(phone.locator("outbox-count")).to_contain_text("1")
    record(phone, "")  # its kind says what it was, without the words that explain the kind
    expect(rows(phone, "waiting")).to_have_count(2)
    assert set(failed) <= {"/healthz", "/sync", "/sync/lists"}
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    expect(bar(phone, "offline")).to_be_hidden()
    assert titles(stoppable, alice) == ["《支部工作条例》", "自学"]


def test_a_browser_that_knows_no_routes_opens_it_through_the_worker(pocket, alice, network):
    network.to_server = {b"gzip, deflate": b"identity     "}
    network.to_phone = {b"addRoutes": b"addPlants"}
    phone = pocket(alice, network.url)
    assert "addPlants" in phone.evaluate("fetch('/worker.js').then((answer) => answer.text())")
    network.change(Weather.SILENT)
    phone.goto(NEW)
    record(phone, "老一点的浏览器")
    expect(rows(phone, "waiting")).to_have_count(1)


def test_the_usual_case_takes_two_taps_and_remembers_the_last_kind(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    phone.locator("input[name=kind][value=lecture]").tap()
    record(phone, "廉政党课")
    phone.goto("/")
    phone.locator("nav.tabs a[href='/study/new']").tap()
    expect(phone.locator("input[name=kind][value=lecture]")).to_be_checked()
    phone.locator("#capture button").last.tap()
    expect(phone.locator("#message .message")).to_be_visible()
    wait_for_queue(phone)
    lecture = phone.locator("input[name=kind]:checked + .pick > span").text_content()
    assert titles(stoppable, alice) == ["廉政党课", lecture]


def test_the_browser_is_asked_once_to_keep_the_records(pocket, alice):
    phone = pocket(alice)
    phone.context.add_init_script(
        "globalThis.asked = 0; StorageManager.prototype.persist = async () => { asked += 1; return false; };"
    )
    phone.goto(NEW)
    assert phone.evaluate("asked") == 0
    record(phone, "第一条")
    until(phone, "() => asked === 1")
    record(phone, "第二条")
    wait_for_queue(phone)
    assert phone.evaluate("asked") == 1


def test_the_page_says_that_a_record_has_arrived(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.context.add_init_script("globalThis.moved = 0; Element.prototype.scrollIntoView = () => { moved += 1; };")
    phone.goto(NEW)
    said = phone.locator("#message[role=status] p")
    record(phone, "有网时记的")
    expect(said).to_have_text("已提交，待审批")
    stoppable.stop()
    record(phone, "没网时记的")
    expect(said).to_have_text("已保存在本机，联网后自动提交。")
    record(phone, "没网时又记的")
    expect(rows(phone, "waiting")).to_have_count(2)
    moved = phone.evaluate("moved")
    stoppable.start()
    network_returns(phone)
    expect(said).to_have_text("2 条已提交，待审批。")
    assert phone.evaluate("moved") == moved, "the page moved under somebody who may have gone on typing"
    assert len(titles(stoppable, alice)) == 3


def test_the_page_says_that_a_record_needs_the_member(pocket, alice, stoppable, network):
    phone = pocket(alice, network.url)
    phone.goto(NEW)
    network.to_server = {b'"minutes":30': b'"minutes":-1'}
    record(phone, "收不下的")
    expect(phone.locator("#message[role=status] .need p")).not_to_be_empty()
    expect(phone.locator("outbox-count")).to_contain_text("1")
    assert [item["state"] for item in queue(phone)] == ["needs_you"]
    assert titles(stoppable, alice) == []


def test_a_tap_twice_is_one_record(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    phone.locator("#capture button").last.dblclick()
    record(phone, "另一条")
    wait_for_queue(phone)
    assert len(titles(stoppable, alice)) == 2


def test_what_is_typed_while_a_record_is_being_stored_stays(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    phone.locator("#title").fill("第一条")
    phone.evaluate(
        "document.querySelector('#capture .dock button').click(); document.forms.capture.title.value = '第二条'"
    )
    expect(phone.locator("#message p")).to_be_visible()
    expect(phone.locator("#title")).to_have_value("第二条")
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["第一条"]


def test_a_page_kept_over_midnight_still_means_today(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.clock.set_fixed_time(datetime(2026, 3, 8, 23, 59, tzinfo=SHANGHAI))
    phone.goto(NEW)
    phone.clock.set_fixed_time(datetime(2026, 3, 9, 0, 1, tzinfo=SHANGHAI))
    record(phone, "过了零点")
    phone.locator("summary").click()
    phone.locator("#day").fill("2026-03-06")
    record(phone, "补记一条")
    record(phone, "又是今天")
    assert [item["occurred_at"] for item in queue(phone)] == [
        "2026-03-09T00:01:00.000+08:00",
        "2026-03-06T12:00:00.000+08:00",
        "2026-03-09T00:01:00.000+08:00",
    ]


def test_no_service_worker_at_all(pocket, alice, stoppable):
    phone = pocket(alice, service_workers="block")
    phone.goto(NEW)
    stoppable.stop()
    record(phone, "没有后台")
    expect(rows(phone, "waiting")).to_have_count(1)
    expect(bar(phone, "offline")).to_be_visible()
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["没有后台"]


def test_a_phone_that_cannot_store_gives_the_record_to_the_server(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.context.add_init_script(NO_DATABASE)
    phone.goto(NEW)
    phone.locator("#title").fill("存不下，直接交")
    phone.locator("#capture button").last.click()
    expect(phone).to_have_url(f"{stoppable.url}/study")
    assert titles(stoppable, alice) == ["存不下，直接交"]


def test_quota_full(pocket, alice, stoppable):
    phone = pocket(None)
    phone.goto("/healthz")
    system = phone.context.new_cdp_session(phone)
    room = {"origin": stoppable.url, "quotaSize": QUOTA}
    system.send("Storage.overrideQuotaForOrigin", room)
    let_in(phone.context, alice, stoppable.url)
    phone.goto("/")
    wait_for_shell(phone)
    stoppable.stop()
    phone.goto(NEW)
    record(phone, "满之前的")
    phone.evaluate(FILL_UP)
    phone.locator("#title").fill("满之后的")
    phone.locator("[name=minutes][value='60']").check()
    phone.locator("#capture button").last.click()
    expect(phone.locator("#message .need")).to_be_visible()
    expect(phone.locator("#title")).to_have_value("满之后的")
    expect(phone.locator("[name=minutes][value='60']")).to_be_checked()
    assert [item["label"] for item in queue(phone)] == ["满之前的"]

    system.send("Storage.overrideQuotaForOrigin", room | {"quotaSize": 10 * QUOTA})
    phone.locator("#capture button").last.click()
    expect(phone.locator("#title")).to_have_value("")
    assert [item["label"] for item in queue(phone)] == ["满之前的", "满之后的"]
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["满之前的", "满之后的"]


def test_quota_full_takes_the_copies_of_pages_first(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.context.add_init_script(FULL_ONCE)
    phone.goto(NEW)
    record(phone, "挤出来的位置")
    assert [item["label"] for item in queue(phone)] == ["挤出来的位置"]
    assert not phone.evaluate("caches.has('copies')")
    phone.reload()
    expect(rows(phone, "waiting")).to_have_count(1)
