"""What the officer's desk says, and for how long."""

import pytest
from playwright.sync_api import Page, Route, expect

from app.core.db import Database
from app.features.reviews.service import withdraw
from tests.browser.helpers import SECRETARY, settle, sign_in
from tests.features.study.makers import make_study_record


@pytest.fixture
def take_back(stoppable, alice):
    """Two chapters wait for Sam; Alice takes the one that is named back, and his page does not know it."""
    database = Database(f"sqlite:///{stoppable.database}")
    with database.write() as session:
        ids = {title: make_study_record(session, alice, title=title) for title in ("第一章", "第二章")}

    def withdraw_it(title: str) -> None:
        with database.write() as session:
            withdraw(session, [ids[title]], by_id=alice.id)

    yield withdraw_it
    database.close()


def test_on_a_desk_the_first_of_the_queue_is_open_and_keys_go_on(desk):
    sign_in(desk, SECRETARY)
    desk.goto("/approvals")
    titles = [row.inner_text().splitlines()[-1] for row in desk.locator("[data-row] > a .t").all()]
    detail = desk.locator("#detail h2").first
    expect(detail).to_have_text(titles[0])
    settle(desk)
    assert desk.evaluate("document.activeElement.localName") == "body"  # the page has moved nobody
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(detail).to_have_text(titles[0])  # letters said or typed elsewhere decide nothing
    desk.locator("#queue .m").first.click()
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(detail).to_have_text(titles[2])
    expect(desk.locator("[data-row][aria-current] .t")).to_contain_text(titles[2])


def approve(page: Page, title: str) -> None:
    for box in page.locator("input[name=ids]").all():
        box.uncheck()
    page.locator("#decide li", has_text=title).locator("input[name=ids]").check()
    page.locator("#decide button[value=approve]").click()


def test_what_was_said_of_the_last_action_does_not_stand_over_a_refusal(pocket, sam, take_back):
    phone = pocket(sam)
    phone.clock.install()
    phone.goto("/approvals")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.route("**/approvals/decide", hold)  # whoever waits sees it, in the pressed button alone
    approve(phone, "第一章")
    expect(phone.locator("#decide [aria-busy=true]")).to_have_count(1)
    expect(phone.locator(".load")).to_be_visible()
    expect(phone.locator(".load p")).to_have_count(0)
    phone.clock.fast_forward(8_000)
    expect(phone.locator(".load [role=status]")).to_contain_text("网络较慢")
    held[0].continue_()
    phone.unroute("**/approvals/decide")
    expect(phone.locator(".load")).to_have_count(0)
    expect(phone.locator("#message .message")).to_contain_text("已通过 1 条")
    take_back("第二章")
    approve(phone, "第二章")
    expect(phone.locator("#refused")).to_be_visible()
    expect(phone.locator("#message .message")).to_have_count(0)
