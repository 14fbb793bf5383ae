"""A member's and a secretary's day in Chromium 86, the oldest browser that is promised; many a desk still has it."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESK, IS_VISIBLE, oldest_options
from tests.browser.helpers import DEMO_PASSWORD, MEMBER, SECRETARY, overflow, sign_in
from tests.browser.offline import NEW, bar, network_returns, record, rows, wait_for_queue, wait_for_shell

TITLE = "《中国共产党章程》第一章"


@pytest.fixture(scope="module")
def browser(playwright):
    playwright.selectors.register("oldest", script=IS_VISIBLE)
    chromium = playwright.chromium.launch(**oldest_options())
    assert chromium.version.startswith("86.")
    yield chromium
    chromium.close()


def test_recorded_without_a_network_claimed_and_approved_in_the_oldest_browser(pocket, stoppable):
    phone = pocket(None, user_agent=None)
    phone.goto(f"/sign-in?next={NEW}")
    phone.locator("[name=login]").fill(MEMBER)
    phone.locator("[name=password]").fill(DEMO_PASSWORD)
    phone.locator("form[action='/sign-in'] button").first.click()
    expect(phone).to_have_url(f"{stoppable.url}{NEW}")
    phone.goto("/")
    wait_for_shell(phone)
    due = phone.locator("app-badge").get_attribute("data-count")

    stoppable.stop()
    phone.goto(NEW)
    expect(bar(phone, "offline")).to_be_visible()
    assert overflow(phone) == []
    for choice in phone.locator("#capture input[type=radio]").all():
        words, own = choice.locator("xpath=..").bounding_box(), choice.bounding_box()
        assert words["width"] > 44
        assert words["height"] >= 44
        assert own["width"] == pytest.approx(words["width"], abs=3), "all of a choice can be tapped"
    chosen = phone.locator("#capture input[type=radio]:checked + *").last
    assert chosen.evaluate("it => getComputedStyle(it).color !== getComputedStyle(it).backgroundColor")
    record(phone, TITLE)
    expect(rows(phone, "waiting")).to_contain_text(TITLE)
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)

    phone.goto("/wishes")
    expect(phone.locator(".tabs a[href='/'] .waits")).to_have_text(due)  # what today said last
    phone.locator("#main a.row, #main li a").first.click()
    expect(phone.get_by_role("button", name="确认认领")).to_be_in_viewport()
    assert overflow(phone) == []

    desk = pocket(None, **DESK, user_agent=None, is_mobile=False, has_touch=False)
    sign_in(desk, SECRETARY)
    desk.goto("/approvals")
    desk.locator("#decide li", has_text=TITLE).click()  # its detail opens beside it
    with desk.expect_response("**/approvals/decide"):  # the line may say the same of the decision before
        desk.locator("#detail", has_text=TITLE).locator("[data-key=a]").click()
    expect(desk.locator("#queue .message")).to_contain_text("已通过")
    phone.goto("/study")
    expect(phone.locator("#main li", has_text=TITLE).locator("[data-status=approved]")).to_be_attached()
