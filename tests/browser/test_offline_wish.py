"""A wish is put down at the door without a network, and without a contact: that never lies on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import check, dress, looks
from tests.browser.offline import NEW, OUTBOX, let_in, network_returns, queue, rows, until, wait_for_queue
from tests.browser.progress import collector_of, stored, wait_for_lists, wishes_by

RADIO = "一台大按键的收音机"
CAPTURE_IS_KEPT = """async () => {
    await navigator.serviceWorker.ready;
    return Boolean(await caches.match("/study/new"));
}"""
NUMBER = "13912345678"


@pytest.fixture
def cora(stoppable, alice):
    return collector_of(stoppable, alice)


@pytest.fixture
def phone(pocket, cora, stoppable):
    page = pocket(None)
    page.goto("/sign-in")
    let_in(page.context, cora, stoppable.url)
    page.goto("/wishes/desk")
    until(page, CAPTURE_IS_KEPT)
    wait_for_lists(page, cora)
    return page


def put_down(page, title=RADIO, need="听戏用，按键要大。"):
    page.locator("#wish-title").fill(title)
    page.locator("#wish-category").select_option(index=1)
    page.locator("#wish-need").fill(need)
    page.locator("[data-part=wish] .dock button").click()
    expect(page.locator("#wish-title")).to_have_value("")


def test_a_draft_goes_to_the_desk_once_and_its_contact_is_added_there(phone, cora, stoppable):
    stoppable.stop()
    phone.goto("/wishes/desk/new")
    expect(phone).to_have_url(f"{stoppable.url}{NEW}#wish")
    form = phone.locator("[data-part=wish] form")
    expect(form).to_contain_text("联系方式联网后再补")
    fields = form.locator("input, select, textarea")
    names = {field.get_attribute("name") for field in fields.all()}
    assert names == {"community_id", "title", "category", "need", "yuan", "wanted_by"}
    put_down(phone)
    expect(phone.locator("#message")).to_contain_text("联系方式")
    expect(rows(phone, "waiting")).to_contain_text("微心愿")
    (item,) = queue(phone)
    assert set(item["payload"]) == names

    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    assert wishes_by(stoppable, cora) == [(RADIO, "draft")]
    phone.goto(OUTBOX)
    sent = rows(phone, "sent")
    expect(sent).to_contain_text("还差联系方式")
    sent.locator("[data-onward]").click()
    expect(phone.locator("h1")).to_have_text(RADIO)
    contact = phone.locator("#reaching")
    contact.locator("[name=phone]").fill(NUMBER)
    contact.locator("[name=consent_ordinary]").check()
    contact.locator("form button").click()
    expect(phone.locator("#reaching [name=phone]")).to_have_value("")
    phone.goto("/wishes/desk")
    expect(phone.locator("main")).to_contain_text(RADIO)
    assert NUMBER not in stored(phone)


def test_a_text_that_names_somebody_needs_its_collector_and_comes_back_into_the_form(phone, cora, stoppable):
    stoppable.stop()
    phone.goto(f"{NEW}#wish")
    put_down(phone, need=f"打电话 {NUMBER}")
    stoppable.start()
    network_returns(phone)
    phone.goto(OUTBOX)
    refused = rows(phone, "needs_you")
    expect(refused).to_contain_text("联系方式")
    assert wishes_by(stoppable, cora) == []
    refused.locator("[data-repair]").click()
    expect(phone.locator("#wish-title")).to_have_value(RADIO)
    expect(phone.locator("#wish-category")).not_to_have_value("")
    phone.locator("#wish-need").fill("听戏用")
    phone.locator("[data-part=wish] .dock button").click()
    wait_for_queue(phone)
    assert wishes_by(stoppable, cora) == [(RADIO, "draft")]
    assert NUMBER not in stored(phone)


def test_taken_back_from_the_list_of_what_was_sent_it_leaves_the_desk(phone, cora, stoppable):
    phone.goto(f"{NEW}#wish")
    put_down(phone)
    wait_for_queue(phone)
    phone.goto(OUTBOX)
    rows(phone, "sent").locator("[data-take-back]").click()
    phone.locator("outbox-list[data-of=sent] dialog button[value=yes]").click()
    expect(rows(phone, "sent")).to_contain_text("已撤回")
    assert wishes_by(stoppable, cora) == [(RADIO, "withdrawn")]


def test_a_member_who_collects_nowhere_is_offered_no_wish(pocket, alice):
    page = pocket(alice)
    wait_for_lists(page, alice)
    page.goto(NEW)
    expect(page.locator("capture-kinds [data-open=pledges]")).to_be_visible()
    expect(page.locator("capture-kinds [data-open=wish]")).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_everybody_can_read_and_reach_it_also_without_a_worker(pocket, cora, stoppable, lang):
    phone = pocket(None, service_workers="block")
    let_in(phone.context, cora, stoppable.url)
    phone.goto("/wishes/desk")
    dress(phone, lang=lang)
    phone.goto(NEW)
    expect(phone.locator("#wish-title")).to_be_visible()
    expect(phone.locator("[data-part=study]")).to_be_hidden()
    expect(phone.locator("#wish-category option")).not_to_have_count(1)
    for least, rules in looks(phone) if lang == "zh_CN" else [(44, ())]:
        check(phone, least, rules)
