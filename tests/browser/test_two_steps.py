"""Signing in with two steps in a real browser: a passkey that the device makes, and codes without any script."""

import re
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.browser.helpers import PATIENCE_MS, check, dress, looks, screenshot, sign_in

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(browser, stoppable):
    """A phone that comes by a name: browsers make no passkeys for an address of numbers."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(
            base_url=f"http://localhost:{stoppable.port}", service_workers="block", **PHONE | options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def with_authenticator(page):
    """Let the device of ``page`` make passkeys, as a phone with a fingerprint does."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    made = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devices, made["authenticatorId"]


def sign_out(page):
    page.goto("/me")
    page.locator("form[action='/sign-out'] button").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


def type_password(page, person):
    page.goto("/sign-in")
    page.locator("[name=login]").fill(person.phone)
    page.locator("[name=password]").fill(person.password)
    page.locator("form[action='/sign-in'] button").last.click()
    expect(page).to_have_url(re.compile("/sign-in/second"))


def add_app(page):
    """Add an app on the page for it; gives its secret."""
    page.goto("/me/factors/app")
    page.locator("details summary").click()
    secret = parse_qs(urlsplit(page.locator("a[href^='otpauth:']").get_attribute("href")).query)["secret"][0]
    page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator("form[action='/me/factors/app'] button").click()
    expect(page.locator(".factor-codes li")).to_have_count(10)
    return secret


def test_a_passkey_is_made_and_opens(by_name, alice):
    page = by_name()
    sign_in(page, alice.phone, alice.password)
    devices, authenticator = with_authenticator(page)
    page.goto("/me/factors")
    page.locator("passkey-form [name=label]").fill("我的手机")
    page.locator("passkey-form button").click()
    expect(page.locator(".factor-codes li")).to_have_count(10)
    page.get_by_role("link", name="我已经存好").click()
    expect(page.locator("main")).to_contain_text("我的手机")
    (kept,) = devices.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert kept["rpId"] == "localhost"

    sign_out(page)
    type_password(page, alice)
    page.locator("passkey-form button").click()
    expect(page).to_have_url(re.compile(r"localhost:\d+/$"))
    expect(page.locator("html")).to_have_attribute("data-member-id", str(alice.id))

    sign_out(page)
    type_password(page, alice)
    devices.send("WebAuthn.removeCredential", {"authenticatorId": authenticator, "credentialId": kept["credentialId"]})
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.locator("passkey-form button").click()
    expect(page.locator("#message")).to_contain_text("没有成功")
    page.goto("/me")
    expect(page).to_have_url(re.compile("/sign-in/second"))


def test_another_device_s_passkey_does_not_open(by_name, alice, bob):
    first = by_name()
    sign_in(first, alice.phone, alice.password)
    with_authenticator(first)
    first.goto("/me/factors")
    first.locator("passkey-form button").click()
    expect(first.locator(".factor-codes li")).to_have_count(10)

    other = by_name()
    type_password(other, alice)
    with_authenticator(other)
    other.locator("passkey-form button").click()
    expect(other.locator("#message")).to_contain_text("没有成功")


def test_without_scripts_an_app_opens_and_so_does_a_code_on_paper(by_name, alice):
    page = by_name(java_script_enabled=False)
    sign_in(page, alice.phone, alice.password)
    page.goto("/me/factors")
    expect(page.locator("passkey-form")).to_be_hidden()
    secret = add_app(page)
    paper = page.locator(".factor-codes li").first.inner_text()
    sign_out(page)
    type_password(page, alice)
    page.locator("#code").fill("000000")
    page.locator("form:has(#code) button").click()
    expect(page.locator("#code-wrong")).to_be_visible()
    page.locator("details summary").click()
    page.locator("#recovery-code").fill(paper.lower())
    page.locator("form:has(#recovery-code) button").click()
    expect(page).to_have_url(re.compile(r"localhost:\d+/$"))
    assert pyotp.TOTP(secret).now()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_the_pages_are_calm_and_everybody_can_use_them(by_name, alice, lang):
    page = by_name()
    sign_in(page, alice.phone, alice.password)
    with_authenticator(page)
    dress(page, lang=lang)

    def look_at(shot):
        screenshot(page, f"two-steps-{shot}-{lang}")
        for least, rules in looks(page) if lang == "zh_CN" else [(44, ())]:
            check(page, least, rules)

    page.goto("/me/factors")
    look_at("none")
    page.goto("/me/factors/app")
    look_at("app")
    add_app(page)
    look_at("codes")
    page.goto("/me/factors")
    look_at("own")
    page.goto("/me/devices")
    look_at("devices")
    page.goto("/sign-in")
    sign_out(page)
    look_at("sign-in")
    type_password(page, alice)
    look_at("second")
    page.goto("/sign-in?ended=1")
    look_at("ended")
