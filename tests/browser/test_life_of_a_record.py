"""A member records, the secretary approves with one tap, the member finds it on the own sheet with its rule."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import OTHER_MEMBER, SECRETARY, sign_in


def record(page: Page, title: str, *, through_the_queue: bool) -> None:
    page.goto("/study/new")
    page.locator("#title").fill(title)
    with page.expect_response("**/sync" if through_the_queue else "**/study"):
        page.locator("#capture button.wide").click()
    expect(page.locator("#message .message")).to_be_visible()


def approve_only(page: Page, title: str) -> None:
    page.goto("/approvals")
    for box in page.locator("input[name=ids]").all():
        box.uncheck()
    page.locator("#decide li", has_text=title).locator("input[name=ids]").check()
    with page.expect_response("**/approvals/decide"):  # the line may say the same of the decision before
        page.locator("#decide button[value=approve]").click()
    expect(page.locator("#queue .message").first).to_contain_text("已通过 1 条")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_recorded_approved_and_counted_with_its_rule(request: pytest.FixtureRequest, other_phone: Page, scripts):
    member: Page = request.getfixturevalue("phone" if scripts else "plain_phone")
    title = f"《支部工作条例》第{3 if scripts else 4}章"
    sign_in(member, OTHER_MEMBER)
    record(member, title, through_the_queue=scripts)
    member.goto("/study")
    row = member.locator("#record-list li", has_text=title)
    row.locator("form button").click()
    expect(row).to_contain_text("已撤回")
    member.locator("#message form button").click()  # it was a slip
    expect(row).to_contain_text("待审批")

    sign_in(other_phone, SECRETARY)
    approve_only(other_phone, title)

    member.goto("/study")
    expect(row).to_be_visible()
    expect(row).not_to_contain_text("待审批")  # what is approved is silent
    if scripts:
        member.goto("/study/new")
        member.locator("[data-recent] button", has_text=title).click()
        expect(member.locator("#title")).to_have_value(title)
    member.goto("/sheet")
    line = member.locator("#line-B2")
    expect(line).to_contain_text("自学记录")
    line.locator("summary").click()
    if not scripts:
        line.locator("a").first.click()
    expect(member.locator("main")).to_contain_text(title)
    expect(member.locator("main")).to_contain_text("李建国")
