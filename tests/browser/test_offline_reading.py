"""What was open can be read without a network, and only read. Source: docs/sync.md, "On the phone"."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import PROJECT_DIR, dress
from tests.browser.network import Weather
from tests.browser.offline import (
    NEW,
    READABLE,
    bar,
    network_returns,
    record,
    recorded,
    rows,
    until,
    wait_for_queue,
    wait_for_shell,
)

LIE_FI_MS = 3000
HOUR_OF_COPY = "new Date(document.documentElement.dataset.copiedAt).getHours().toString().padStart(2, '0')"


@pytest.mark.parametrize("page", READABLE)
def test_the_last_copy_opens_with_its_time_and_cannot_be_acted_on(pocket, alice, stoppable, page):
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "副本里的一条")
    wait_for_queue(phone)
    phone.goto(page)
    expect(phone.locator("html")).to_have_attribute("data-member-id", str(alice.id))
    stoppable.stop()
    opened = phone.goto(page)
    assert "script-src 'self'" in opened.header_value("content-security-policy")
    expect(bar(phone, "copy")).to_be_visible()
    expect(bar(phone, "copy")).to_contain_text(phone.evaluate(HOUR_OF_COPY))
    assert phone.locator("form:not([inert])").count() == 0
    asked = []
    phone.on("request", lambda request: asked.append(request.method))
    phone.evaluate("document.querySelectorAll('form button').forEach((button) => button.click())")
    phone.evaluate("document.querySelectorAll('form').forEach((form) => form.requestSubmit())")
    assert "POST" not in asked
    stoppable.start()
    expect(bar(phone, "back")).to_be_visible()
    expect(bar(phone, "copy")).to_be_hidden()
    bar(phone, "back").locator("a").click()
    expect(bar(phone, "back")).to_be_hidden()
    assert [one.status for one in recorded(stoppable, alice)] == ["pending"]


def test_another_page_says_that_it_needs_a_network_and_tries_again(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto("/complaints")
    phone.locator("main textarea").first.fill("一句话")
    phone.context.set_offline(True)
    phone.locator("main form button").last.click()
    expect(phone.locator("#message")).to_contain_text("当前离线")
    expect(phone.locator("main textarea").first).to_have_value("一句话")
    phone.context.set_offline(False)
    stoppable.stop()
    phone.goto("/me")
    expect(bar(phone, "reading")).to_be_visible()
    expect(phone.locator("main a[href='/study/new']")).to_be_visible()
    stoppable.start()
    phone.locator("main a[href='']").click()
    expect(phone.locator("form[action='/sign-out']")).to_be_visible()


@pytest.mark.parametrize(
    "address", ["/study/new?for_other=yes", "/shows/pledges?for_other=yes", "/shows/duties?for_other=yes"]
)
def test_an_address_with_more_to_it_never_opens_the_own_form_instead(pocket, sam, stoppable, address):
    """An officer about to record for somebody else must not do it for himself."""
    phone = pocket(sam)
    stoppable.stop()
    phone.goto(address)
    expect(bar(phone, "reading")).to_be_visible()
    assert phone.url.endswith(address)
    assert phone.locator("capture-form, progress-list").count() == 0


def test_a_network_that_never_answers_is_no_worse_than_three_seconds(pocket, alice, network):
    worker = (PROJECT_DIR / "web" / "scripts" / "worker.js").read_text("utf-8")
    assert int(re.search(r"^const PATIENCE_MS = (\d+);", worker, re.MULTILINE)[1]) <= LIE_FI_MS
    phone = pocket(alice, network.url)
    network.change(Weather.SILENT)
    phone.goto(NEW)
    expect(phone.locator("#capture")).to_be_visible()
    for page in READABLE:
        phone.goto(page)
        expect(bar(phone, "copy")).to_be_visible()
        expect(phone.locator("h1")).to_be_visible()
    assert any(asked.startswith(b"GET / ") for asked in network.unheard), "it was asked, and has not answered yet"
    phone.goto(NEW)
    record(phone, "电梯里")
    expect(rows(phone, "waiting")).to_have_count(1)


def test_the_copy_is_the_newest_one(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "刚刚记的")
    wait_for_queue(phone)
    phone.goto("/study")
    expect(phone.locator("#record-list")).to_contain_text("刚刚记的")
    stoppable.stop()
    phone.goto("/study")
    expect(bar(phone, "copy")).to_be_visible()
    expect(phone.locator("#record-list")).to_contain_text("刚刚记的")


def test_the_shell_follows_a_new_choice_of_language_and_looks(pocket, alice, stoppable):
    phone = pocket(alice)
    dress(phone, theme="dark", text="large", lang="en")
    until(
        phone,
        """async () => {
            const cacheName = (await caches.keys()).find((name) => name.startsWith("shell-"));
            const kept = await caches.match("/study/new", { cacheName });
            return (await kept.text()).includes('lang="en" data-theme="dark" data-text="large"');
        }""",
    )
    stoppable.stop()
    phone.goto(NEW)
    expect(phone.locator("html")).to_have_attribute("data-theme", "dark")
    expect(phone.locator("h1")).to_have_text("Record")


def test_back_and_forward_show_what_waits_now(pocket, alice, stoppable):
    phone = pocket(alice)
    stoppable.stop()
    phone.goto(NEW)
    record(phone, "第一条")
    phone.goto("/shows")
    expect(phone.locator("outbox-count")).to_contain_text("1")
    phone.go_back()
    expect(rows(phone, "waiting")).to_have_count(1)
    record(phone, "第二条")
    phone.go_forward()
    expect(phone.locator("outbox-count")).to_contain_text("2")
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    phone.go_back()
    expect(rows(phone, "waiting")).to_have_count(0)
    wait_for_shell(phone)
