"""A phone that was lost keeps nothing to read, and loses nothing that was not sent. Source: docs/sync.md."""

import re

import pytest
from playwright.sync_api import expect

from app.core.db import Database
from app.features.sign_in.service import end_sessions
from tests.browser.offline import NEW, READABLE, captured, put_into_queue, queue, record, until, wait_for_queue

KEPT = """async () => {
    const copies = await caches.open("copies");
    const names = (await copies.keys()).map((request) => new URL(request.url).pathname);
    const database = await new Promise((resolve) => {
        const opening = indexedDB.open("sanliang");
        opening.onsuccess = () => resolve(opening.result);
    });
    const all = (store, ask) => new Promise((resolve) => {
        const asked = ask(database.transaction(store).objectStore(store));
        asked.onsuccess = () => resolve(asked.result);
    });
    const lists = await all("meta", (meta) => meta.get("lists"));
    const member = await all("meta", (meta) => meta.get("member"));
    const sent = await all("sent", (entries) => entries.count());
    database.close();
    return { copies: names.sort(), lists: Boolean(lists), member: Boolean(member), sent };
}"""
NOTHING = {"copies": [], "lists": False, "member": False, "sent": 0}
A_MONTH_PASSES = """async () => {
    const old = new Date(Date.now() - 31 * 24 * 3600 * 1000).toISOString();
    const copies = await caches.open("copies");
    for (const request of await copies.keys()) {
        const kept = await copies.match(request);
        const headers = new Headers(kept.headers);
        headers.set("X-Copied-At", old);
        await copies.put(request, new Response(await kept.text(), { headers }));
    }
    await new Promise((resolve) => {
        const opening = indexedDB.open("sanliang");
        opening.onsuccess = () => {
            const transaction = opening.result.transaction("meta", "readwrite");
            const meta = transaction.objectStore("meta");
            const asked = meta.get("lists");
            asked.onsuccess = () => meta.put({ ...asked.result, taken_at: old }, "lists");
            transaction.oncomplete = () => { opening.result.close(); resolve(); };
        };
    });
}"""


def is_kept(phone):
    return phone.evaluate(KEPT)


@pytest.fixture
def lost(pocket, alice):
    """Alice's phone: she has read and sent with it, and something waits in its queue."""
    phone = pocket(alice)
    phone.goto(NEW)
    record(phone, "已经发出")
    wait_for_queue(phone)
    put_into_queue(phone, alice, captured("还没发出", state="needs_you"))
    until(phone, f"async () => (await ({KEPT})()).lists")
    assert is_kept(phone) == {"copies": sorted(READABLE), "lists": True, "member": True, "sent": 1}
    return phone


def end_from_elsewhere(server, person):
    """What the button on another of the person's devices does."""
    database = Database(f"sqlite:///{server.database}")
    with database.write() as session:
        end_sessions(session, person.id)
    database.close()


def nothing_is_left_to_read(phone, alice, server):
    until(phone, f"async () => JSON.stringify(await ({KEPT})()) === JSON.stringify({_in_script(NOTHING)})")
    assert [item["label"] for item in queue(phone)] == ["还没发出"]
    server.stop()
    for page in (*READABLE, "/outbox", NEW):
        phone.goto(page)
        assert alice.name not in phone.content()
        assert "已经发出" not in phone.content()
    server.start()


def _in_script(value):
    return str(value).replace("False", "false").replace("'", '"')


def test_the_next_page_says_so_and_erases_what_can_be_read(lost, alice, stoppable):
    end_from_elsewhere(stoppable, alice)
    lost.goto("/sheet")
    expect(lost).to_have_url(re.compile(r"/sign-in[?]ended=1"))
    expect(lost.locator("session-ended")).to_be_visible()
    nothing_is_left_to_read(lost, alice, stoppable)


def test_a_page_that_opens_from_the_phone_hears_it_too(lost, alice, stoppable):
    """It asks for lists as old as ten minutes anew, and so learns that nobody is here any more."""
    lost.evaluate(A_MONTH_PASSES.replace("31 * 24 * 3600", "3600"))
    end_from_elsewhere(stoppable, alice)
    lost.goto(NEW)
    expect(lost).to_have_url(re.compile(r"/sign-in[?]ended=1"))
    nothing_is_left_to_read(lost, alice, stoppable)


def test_what_is_recorded_after_the_end_is_kept_for_its_owner(lost, alice, stoppable):
    lost.goto(NEW)
    lost.locator("#title").fill("结束以后记的")
    end_from_elsewhere(stoppable, alice)  # typed before: a page that asks meanwhile leaves for the page that says so
    lost.locator("#capture button").last.click()
    expect(lost).to_have_url(re.compile(r"/sign-in[?]ended=1"))
    until(lost, f"async () => (await ({KEPT})()).copies.length === 0")
    assert sorted(item["label"] for item in queue(lost)) == ["结束以后记的", "还没发出"]
    lost.locator("[name=login]").fill(alice.phone)
    lost.locator("[name=password]").fill(alice.password)
    lost.locator("form[action='/sign-in'] button").last.click()
    expect(lost).to_have_url(re.compile(r"/$"))
    wait_for_queue(lost, 1)


def test_after_thirty_days_without_the_server_copies_are_gone(lost, alice, stoppable):
    stoppable.stop()  # first: lists that come a moment later would be of today
    lost.evaluate(A_MONTH_PASSES)
    lost.goto("/sheet")
    assert alice.name not in lost.content()
    until(lost, f"async () => (await ({KEPT})()).sent === 0")
    assert is_kept(lost) | {"member": True} == NOTHING | {"member": True}
    assert [item["label"] for item in queue(lost)] == ["还没发出"]
    stoppable.start()


def test_a_link_from_elsewhere_erases_nothing_of_somebody_who_is_signed_in(lost):
    lost.goto("/sign-in?ended=1")
    expect(lost).to_have_url(re.compile(r"/$"))
    assert len(is_kept(lost)["copies"]) == len(READABLE)
