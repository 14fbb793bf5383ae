"""A secretary's quarter on two phones, by thumb: from the page of the quarter to what the branch reads."""

from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.core.db import Database
from app.features.members.rules import Role
from tests.browser.helpers import axe, overflow, screenshot, small_targets
from tests.browser.offline import let_in
from tests.makers import Person, make_branch, make_group, make_member
from tests.server import Server


class Thumb:
    """One person's phone, with the taps counted."""

    def __init__(self, page: Page, person: Person, server: Server) -> None:
        let_in(page.context, person, server.url)
        self.page, self.taps = page, 0

    def tap(self, what: Locator) -> None:
        what.click()
        self.taps += 1


@pytest.fixture
def people(server: Server) -> dict[str, Person]:
    """Secretary, deputy and a member of a branch of their own."""
    database, numbers = Database(f"sqlite:///{server.database}"), count(1)
    with database.write() as session:
        branch = make_branch(session, "季度党支部")
        group = make_group(session, branch)

        def make(name: str, **said: Any) -> Person:
            number = next(numbers)
            return make_member(session, branch, name, phone=f"1351777000{number}", member_number=f"Q{number}", **said)

        made = {
            "sam": make("沈山", roles=(Role.SECRETARY,)),
            "dora": make("窦兰", roles=(Role.DEPUTY,)),
            "alice": make("艾莉", group=group),
        }
    database.close()
    return made


def test_a_quarter_is_publicised_in_a_few_taps_and_read_by_the_branch(
    phone: Page, other_phone: Page, server: Server, people: dict[str, Person]
) -> None:
    sam, dora = Thumb(phone, people["sam"], server), Thumb(other_phone, people["dora"], server)
    phone.goto("/quarter")
    assert overflow(phone) == []
    assert small_targets(phone) == []
    axe(phone)
    screenshot(phone, "quarter-phone")
    sam.tap(phone.locator("main form[action^='/publicity/'] button"))
    sam.tap(phone.get_by_role("button", name="保密审查通过"))
    other_phone.goto("/")
    dora.tap(other_phone.locator("a[href^='/publicity/']").first)
    dora.tap(other_phone.get_by_role("button", name="批准"))
    expect(other_phone.get_by_role("button", name="发布")).to_be_visible()
    phone.reload()
    sam.tap(phone.get_by_role("button", name="发布"))
    expect(phone.locator("#publicity")).to_contain_text("公示中")
    assert overflow(phone) == []
    axe(phone)
    screenshot(phone, "publicity-phone")
    assert (sam.taps, dora.taps) == (3, 2)
    other_phone.context.clear_cookies()
    let_in(other_phone.context, people["alice"], server.url)
    other_phone.goto("/")
    other_phone.locator("a[href^='/publicity/']").first.click()
    expect(other_phone.locator("#publicity")).to_contain_text("异议时限")
