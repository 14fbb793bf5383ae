"""Coming in by slip and by password, going out, and how the pages around it look and weigh."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESK
from tests.browser.helpers import DEMO_PASSWORD, SECRETARY, axe, check, dress, looks, overflow, sign_in

NEWCOMER = "13800000017"
SENTENCE = "tiger under the bridge"
PAGES = ("/", "/me", "/me/devices", "/me/password", "/me/export", "/confirm", "/slips")
MOST_BYTES, MOST_REQUESTS = 60_000, 10
"""Of a first visit, compressed, with styles, scripts and icons."""


def code_of(server, phone_number):
    return re.search(r"activate#([0-9A-Z-]{14})", server.run("slip", phone_number))[1]


def test_a_scanned_slip_fills_the_code_and_leaves_no_trace_of_it(pocket, server):
    phone: Page = pocket(None, server.url)
    code = code_of(server, NEWCOMER)
    asked = []
    phone.on("request", lambda request: asked.append(request.url + str(request.headers.get("referer"))))
    phone.goto(f"/activate#{code}")
    expect(phone.locator("[name=code]")).to_have_value(code)
    assert phone.url == f"{server.url}/activate"
    assert not [line for line in asked if code in line]

    phone.locator("[name=password]").fill(SENTENCE)
    phone.locator("[name=again]").fill(SENTENCE)
    expect(phone.locator("[name=again]")).to_have_attribute("type", "password")
    phone.locator("show-password input").check()
    expect(phone.locator("[name=again]")).to_have_attribute("type", "text")
    phone.locator("form[action='/activate'] button").click()
    expect(phone).to_have_url(f"{server.url}/")
    expect(phone.locator("#message")).to_contain_text("欢迎")

    phone.goto("/me")
    phone.locator("form[action='/sign-out'] button").click()
    expect(phone).to_have_url(f"{server.url}/sign-in")
    phone.go_back()
    expect(phone).to_have_url(re.compile("/sign-in"))
    sign_in(phone, NEWCOMER, SENTENCE)


def test_without_scripts_it_is_the_same_way(plain_phone: Page, server):
    code = code_of(server, "13800000018")
    plain_phone.goto("/sign-in")
    plain_phone.locator("a[href='/activate']").click()
    expect(plain_phone.locator("show-password")).to_be_hidden()
    plain_phone.locator("[name=code]").fill(code.lower())
    plain_phone.locator("[name=password]").fill(SENTENCE)
    plain_phone.locator("[name=again]").fill("tiger under the brigde")
    plain_phone.locator("form[action='/activate'] button").click()
    expect(plain_phone.locator("#again-wrong")).to_be_visible()
    plain_phone.locator("[name=password]").fill(SENTENCE)
    plain_phone.locator("[name=again]").fill(SENTENCE)
    plain_phone.locator("form[action='/activate'] button").click()
    expect(plain_phone).to_have_url(f"{server.url}/")
    plain_phone.goto("/me")
    plain_phone.locator("form[action='/sign-out'] button").click()
    expect(plain_phone).to_have_url(f"{server.url}/sign-in")


def test_the_foot_changes_language_and_size_before_anybody_is_in(phone: Page):
    phone.goto("/sign-in")
    phone.get_by_role("button", name="English").click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    phone.get_by_role("button", name="Large text").click()
    expect(phone.locator("html")).to_have_attribute("data-text", "large")
    expect(phone.locator("h1")).to_have_text("Sign in")


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_nobody_is_shut_out_by_how_the_pages_look(phone: Page, lang):
    phone.goto("/sign-in")
    dress(phone, lang=lang)
    for address in ("/sign-in", "/activate"):
        phone.goto(address)
        check_looks(phone, lang)
    phone.locator("form[action='/activate'] button").click()
    sign_in(phone, SECRETARY)
    for address in PAGES:
        phone.goto(address)
        check_looks(phone, lang)


def check_looks(page: Page, lang: str) -> None:
    for least, rules in looks(page) if lang == "zh_CN" else [(44, ())]:
        check(page, least, rules)


def test_the_desk_has_room(browser, server):
    context = browser.new_context(base_url=server.url, service_workers="block", **DESK)
    page = context.new_page()
    sign_in(page, SECRETARY)
    for address in PAGES:
        page.goto(address)
        axe(page)
        assert overflow(page) == []
    context.close()


def test_a_first_visit_is_light(browser, server):
    context = browser.new_context(base_url=server.url, locale="zh-CN", service_workers="block")
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes, asked = [], []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/sign-in", wait_until="networkidle")
    assert sum(sizes) <= MOST_BYTES, dict(zip(asked, sizes, strict=False))
    assert len(asked) <= MOST_REQUESTS, asked
    context.close()


def test_a_wrong_password_is_said_above_the_form(phone: Page):
    phone.goto("/sign-in")
    phone.locator("[name=login]").fill(SECRETARY)
    phone.locator("[name=password]").fill(DEMO_PASSWORD + "x")
    phone.locator("form[action='/sign-in'] button").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.locator("[name=login]")).to_have_value(SECRETARY)
    expect(phone.locator("[name=password]")).to_have_value("")
