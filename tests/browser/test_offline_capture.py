"""A record is made on the phone alone, whatever the phone lacks. Source: SYNC.md, "On the phone"."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.offline import NEW, bar, queue, record, recorded, rows, titles, wait_for_queue

NO_DATABASE = """Object.defineProperty(window, "indexedDB", {
    value: { open() { throw new DOMException("The user denied permission", "InvalidStateError"); } },
});"""


def test_capture_page_opens_without_a_network_and_asks_for_no_part_of_itself(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    asked = []
    phone.context.on("requestfailed", lambda request: asked.append(request.url))
    phone.goto(NEW)
    expect(bar(phone, "offline")).to_be_visible()
    record(phone, "《支部工作条例》")
    expect(rows(phone, "waiting")).to_have_count(1)
    expect(rows(phone, "waiting")).to_contain_text("《支部工作条例》")
    expect(phone.locator("outbox-count")).to_contain_text("1")
    assert {url.removeprefix(stoppable.url) for url in asked} <= {"/healthz", "/sync"}
    stoppable.start()
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["《支部工作条例》"]


def test_the_usual_case_takes_two_taps(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.locator("nav.tabs a[href='/study/new']").tap()
    phone.locator("#capture button").last.tap()
    wait_for_queue(phone, 1)
    wait_for_queue(phone)
    (only,) = recorded(stoppable, alice)
    assert only.title == phone.locator("input[name=kind]:checked + b").text_content()


def test_a_tap_twice_is_one_record(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    phone.locator("#capture button").last.dblclick()
    record(phone, "另一条")
    wait_for_queue(phone)
    assert len(titles(stoppable, alice)) == 2
