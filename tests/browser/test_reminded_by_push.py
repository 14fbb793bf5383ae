"""A push message as Chromium's worker takes it; a push service of its own no browser without a window has."""

import json

import pytest
from playwright.sync_api import expect

from app.features.outward import push_key
from tests.browser.helpers import MEMBER, check, looks, screenshot, sign_in
from tests.browser.offline import registration, wait_for_shell
from tests.features.outward.services import Browser

SAID = {"title": "三亮", "body": "三亮：您有事情要办，打开三亮就能看到。"}
WATCH = """() => {
    self.shown = [];
    const show = registration.showNotification.bind(registration);
    registration.showNotification = (title, { body }) => {
        self.shown.push({ title, body });
        return show(title, { body });
    };
}"""
HEARD = """async () => {
    while (self.shown.length < 2) await new Promise((again) => setTimeout(again, 20));
    return self.shown;
}"""
TAP = """() => {
    const notification = { close() {} };
    self.dispatchEvent(Object.assign(new ExtendableEvent("notificationclick"), { notification }));
}"""


PRETEND = """
PushManager.prototype.getSubscription = async () => (localStorage.subscribed ? made : null);
PushManager.prototype.subscribe = async () => {
    if (!localStorage.reached) throw new DOMException("push service error", "AbortError");
    localStorage.subscribed = "yes";
    return made;
};"""
"""A private window, as tests have it, subscribes nowhere."""


@pytest.fixture
def page(request, monkeypatch, pocket):
    """A member's phone at an installation that writes to browsers and to WeCom."""
    monkeypatch.setenv("SANLIANG_NOTICES", "push, mail, wecom_robot")
    monkeypatch.setenv("SANLIANG_MAIL_SERVER", "smtp://127.0.0.1:9")
    server = request.getfixturevalue("own_server")
    push_key.make(server.folder / "push.key")
    request.node.key = push_key.public_key(server.folder / "push.key")
    phone = pocket(None, server.url)
    phone.context.grant_permissions(["notifications"], origin=server.url)
    sign_in(phone, MEMBER)
    wait_for_shell(phone)
    return phone


def deliver(page, content):
    """Let the worker of ``page`` be sent ``content``, as a push service does."""
    devices = page.context.new_cdp_session(page)
    worker = registration(page, devices, page.evaluate("location.origin"))
    devices.send("ServiceWorker.deliverPushMessage", {**worker, "data": content})


def test_a_message_is_shown_and_a_tap_on_it_opens_today(page):
    page.goto("/me/channels")
    expect(page.locator("push-switch button")).to_be_visible()
    for least, rules in looks(page):
        check(page, least, rules)
    page.evaluate("document.documentElement.dataset.text = 'normal'")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("#to-mail").fill("ai@example.org")
    screenshot(page, "reminded-elsewhere")
    page.keyboard.press("Enter")  # the server of mail is not there
    expect(page.get_by_text("现在连不上对方服务。请过一会儿再试，或者换一种方式。")).to_be_visible()
    check(page)

    [worker] = page.context.service_workers
    worker.evaluate(WATCH)
    for content in (json.dumps(SAID), "no JSON"):
        deliver(page, content)
    assert worker.evaluate(HEARD) == [SAID, {"title": "Sanliang", "body": ""}]
    worker.evaluate(TAP)
    page.wait_for_url("**/")


def test_where_no_push_service_is_reached_the_page_says_what_to_do_and_where_one_is_the_browser_is_on(request, page):
    browser = Browser(request.node.key)
    made = browser.subscription("https://web.push.apple.com/QGd0vJxvCs9qGVZ0IYV5")
    page.add_init_script(f"const made = {{ ...{made}, toJSON: () => ({made}) }};" + PRETEND)
    page.goto("/me/channels")
    page.locator("push-switch button").click()
    expect(page.locator("#message")).to_contain_text("请换一个浏览器，或者选下面的其他方式")
    page.evaluate("localStorage.reached = 'yes'")
    page.locator("push-switch button").click()
    expect(page.locator("#message")).to_contain_text("以后会在这个浏览器里提醒您")
    expect(page.locator("push-switch button")).to_be_hidden()
    expect(page.locator("push-switch [data-here]")).to_be_visible()
