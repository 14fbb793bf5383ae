"""A phone that several people use: what waits there is its owner's alone. Source: docs/sync.md, "On the phone"."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.features.sign_in.rules import COOKIE
from tests.browser.offline import (
    NEW,
    OUTBOX,
    READABLE,
    answered_ids,
    bar,
    captured,
    end_sessions,
    let_in,
    network_returns,
    put_into_queue,
    queue,
    record,
    rows,
    titles,
    wait_for_queue,
    wait_for_shell,
)
from tests.makers import Person

SECRET = "只有艾莉能看"


def sign_in_as(page: Page, person: Person) -> None:
    """Sign in where nobody is signed in any more."""
    page.context.clear_cookies(name=COOKIE)
    page.goto("/sign-in")
    page.locator("[name=login]").fill(person.phone)
    page.locator("[name=password]").fill(person.password)
    page.locator("form[action='/sign-in'] button").last.click()
    expect(page).to_have_url(re.compile(r"/$"))


def sign_out(page: Page) -> None:
    page.goto("/me")
    page.locator("form[action='/sign-out'] button").click()


def no_batch_arrives(page: Page) -> None:
    """The server cannot be reached by the queue, and by nothing else."""
    page.context.route("**/sync", lambda route: route.abort())


def batches_arrive(page: Page) -> None:
    page.context.unroute("**/sync")


def test_b_on_a_s_phone(pocket, alice, bob, stoppable):
    phone = pocket(alice)
    end_sessions(stoppable, alice)
    phone.goto(NEW)
    record(phone, SECRET)
    record(phone, f"{SECRET}之二")

    sign_in_as(phone, bob)
    expect(phone.locator("outbox-count")).to_contain_text("2")
    ids = answered_ids(phone)
    phone.goto(OUTBOX)
    expect(phone.locator("[data-if-others]")).to_contain_text("2")
    expect(rows(phone, "waiting")).to_have_count(0)
    assert SECRET not in phone.content()
    phone.goto(NEW)
    record(phone, "包波自己的")
    wait_for_queue(phone, 2)
    assert len(ids) == 1
    assert titles(stoppable, bob) == ["包波自己的"]
    assert titles(stoppable, alice) == []

    sign_out(phone)
    expect(phone).to_have_url(f"{stoppable.url}/sign-in")
    sign_in_as(phone, alice)
    wait_for_queue(phone)
    assert titles(stoppable, alice) == [SECRET, f"{SECRET}之二"]
    assert titles(stoppable, bob) == ["包波自己的"]


def test_b_signs_in_beside_the_open_page_of_a(pocket, alice, bob, stoppable):
    left = pocket(alice)
    left.goto("/study")
    right = left.context.new_page()
    sign_in_as(right, bob)
    put_into_queue(left, alice, captured("艾莉的"))
    network_returns(left)
    expect(bar(left, "wrong_person")).to_be_visible()
    assert [item["label"] for item in queue(left)] == ["艾莉的"]
    assert titles(stoppable, alice) == titles(stoppable, bob) == []


def test_signing_out_with_unsent_records_asks_and_sends_first(pocket, alice, stoppable):
    phone = pocket(alice)
    no_batch_arrives(phone)
    phone.goto(NEW)
    record(phone, "还没发出")
    sign_out(phone)
    dialog = phone.locator("sign-out dialog")
    expect(dialog).to_contain_text("1")
    batches_arrive(phone)
    dialog.locator("button[value=send]").click()
    expect(phone).to_have_url(f"{stoppable.url}/sign-in")
    assert titles(stoppable, alice) == ["还没发出"]


def test_signing_out_erases_what_can_be_read_and_never_the_queue(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "已经发出")
    wait_for_queue(phone)
    no_batch_arrives(phone)
    record(phone, "还没发出")
    sign_out(phone)
    phone.locator("sign-out dialog button[value=leave]").click()
    expect(phone).to_have_url(f"{stoppable.url}/sign-in")
    expect(phone.locator("outbox-count")).to_contain_text("1")
    stoppable.stop()
    for page in READABLE:
        phone.goto(page)
        expect(phone.locator("html")).to_have_attribute("data-from-phone", "")
        assert alice.name not in phone.content()
    phone.goto(OUTBOX)
    expect(phone.locator("[data-if-nobody]")).to_be_visible()
    assert rows(phone, "sent").count() == rows(phone, "waiting").count() == 0
    assert [item["label"] for item in queue(phone)] == ["还没发出"]

    stoppable.start()
    batches_arrive(phone)
    sign_in_as(phone, alice)
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["已经发出", "还没发出"]


def test_signing_out_needs_the_server(pocket, alice, stoppable):
    phone = pocket(alice)
    phone.goto("/me")
    stoppable.stop()
    phone.locator("form[action='/sign-out'] button").click()
    expect(phone.locator("#message .need")).to_be_visible()
    assert phone.evaluate("caches.has('copies')")
    phone.goto(NEW)
    record(phone, "还是我")
    expect(rows(phone, "waiting")).to_have_count(1)


def test_a_phone_whose_store_was_emptied_asks_the_server_who_is_here(pocket, alice, stoppable):
    """iOS empties what it likes; the session is still there, and so is whoever has it."""
    phone = pocket(alice)
    phone.goto("/me")
    wait_for_shell(phone)
    emptied = {"origin": stoppable.url, "storageTypes": "indexeddb"}
    phone.context.new_cdp_session(phone).send("Storage.clearDataForOrigin", emptied)
    phone.goto(NEW)
    record(phone, "又记了一条")
    wait_for_queue(phone)
    expect(bar(phone, "nobody")).to_be_hidden()
    phone.goto(OUTBOX)
    expect(phone.locator("[data-if-nobody]")).to_be_hidden()
    assert titles(stoppable, alice) == ["又记了一条"]


SIGN_IN = """async ([login, password]) => {
    await fetch("/sign-in", { method: "POST", body: new URLSearchParams({ login, password }) });
}"""
"""A quick thumb: the answer to signing in has come, and no page of the one who signed in has run a script."""


@pytest.mark.parametrize("way", ["led on from signing in", "quick thumb", "signed in before the phone was told"])
def test_who_has_just_signed_in_records_for_themselves_whatever_the_phone_remembers(pocket, alice, bob, stoppable, way):
    phone = pocket(alice)
    phone.context.clear_cookies()
    if way == "signed in before the phone was told":
        let_in(phone.context, bob, stoppable.url)
    elif way == "quick thumb":
        phone.goto(OUTBOX)
        phone.evaluate(SIGN_IN, [bob.phone, bob.password])
    else:
        phone.goto(f"/sign-in?next={NEW}")
        phone.locator("[name=login]").fill(bob.phone)
        phone.locator("[name=password]").fill(bob.password)
        phone.locator("form[action='/sign-in'] button").last.click()
        expect(phone).to_have_url(f"{stoppable.url}{NEW}")
    phone.goto(NEW)
    record(phone, "刚登录就记")
    wait_for_queue(phone)
    assert (titles(stoppable, bob), titles(stoppable, alice)) == (["刚登录就记"], [])


def test_where_nobody_is_signed_in_nothing_is_recorded_and_nothing_lost(pocket, alice, stoppable):
    phone = pocket(alice)
    sign_out(phone)
    expect(phone).to_have_url(f"{stoppable.url}/sign-in")
    phone.goto(NEW)
    expect(bar(phone, "nobody")).to_be_visible()
    phone.locator("#title").fill("写了一半")
    phone.locator("#capture button").last.click()
    expect(phone.locator("#message .need")).to_be_visible()
    expect(phone.locator("#title")).to_have_value("写了一半")
    assert queue(phone) == []
    bar(phone, "nobody").locator("a").click()
    phone.locator("[name=login]").fill(alice.phone)
    phone.locator("[name=password]").fill(alice.password)
    phone.locator("form[action='/sign-in'] button").last.click()
    expect(phone.locator("#title")).to_have_value("写了一半")
    phone.locator("#capture button").last.click()
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["写了一半"]


def test_going_back_shows_no_page_of_somebody_who_has_left(pocket, alice, bob, stoppable):
    phone = pocket(alice)
    sign_in_as(phone, bob)
    phone.go_back()
    phone.go_back()
    expect(phone.locator("html")).not_to_have_attribute("data-member-id", str(alice.id))
    wait_for_shell(phone)
    stoppable.stop()
    phone.goto("/study")
    expect(bar(phone, "copy")).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("data-member-id", str(bob.id))


COPIES = "async () => (await (await caches.open('copies')).keys()).length"


def comes_back_from_outside(phone: Page, url: str) -> None:
    """The one who knows the person sends the browser on to our way back."""
    back = f"{url}/sign-in/with/oidc/back?state=x"
    phone.context.route(
        "https://login.example.org/", lambda asked: asked.fulfill(status=302, headers={"Location": back})
    )
    phone.goto("https://login.example.org/")
    assert phone.url == back


def test_who_comes_in_from_outside_sees_no_page_of_who_was_here(pocket, alice, bob, stoppable):
    phone = pocket(alice)
    end_sessions(stoppable, alice)
    comes_back_from_outside(phone, stoppable.url)
    let_in(phone.context, bob, stoppable.url)
    stoppable.stop()
    for page in ("/", "/study"):
        phone.goto(page)
        assert alice.name not in phone.content()
    stoppable.start()
    phone.goto("/study")
    wait_for_shell(phone)
    stoppable.stop()
    phone.goto("/")
    expect(bar(phone, "copy")).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("data-member-id", str(bob.id))


def test_who_has_only_shown_outside_who_it_is_loses_nothing(pocket, alice, stoppable):
    """To link an account, to prove oneself, or by a tap on somebody's address."""
    phone = pocket(alice)
    kept = phone.evaluate(COPIES)
    phone.goto("/sign-in/with/oidc")
    comes_back_from_outside(phone, stoppable.url)
    assert phone.evaluate(COPIES) == kept
    phone.goto("/me")
    wait_for_shell(phone)
    stoppable.stop()
    phone.goto("/study")
    expect(bar(phone, "copy")).to_be_visible()


@pytest.mark.parametrize("page", READABLE)
def test_a_copy_is_never_shown_to_somebody_else(pocket, alice, bob, stoppable, page):
    phone = pocket(alice)
    phone.goto("/me")
    phone.evaluate("navigator.serviceWorker.getRegistration().then((worker) => worker.unregister())")
    sign_in_as(phone, bob)  # under no worker's eyes: the copies of Alice's pages were not erased
    wait_for_shell(phone)
    stoppable.stop()
    phone.goto(page)
    assert alice.name not in phone.content()
