"""A month planned, a material kept: read without a network, said to be studied there, at home waiting as a record."""

from itertools import count

import pytest
from playwright.sync_api import expect

from app.core.db import Database
from app.features.members.rules import Role
from app.features.reviews.rules import ReviewStatus
from app.features.study.materials.rules import NewFile
from tests.browser.helpers import axe, overflow, screenshot, small_targets
from tests.browser.offline import bar, network_returns, queue, recorded, until, wait_for_queue
from tests.features.study.plans import make_material
from tests.makers import make_branch, make_member

TITLE = "总纲导读"
SHEET = b"PK\x03\x04 invented"
_numbers = count(1)


@pytest.fixture
def colleagues(stoppable):
    """A publicity commissioner, a member, and a short text of their branch."""
    number = next(_numbers)
    database = Database(f"sqlite:///{stoppable.database}")
    with database.write() as session:
        branch = make_branch(session, f"学习第{number}党支部")
        pia, alice = (
            make_member(
                session, branch, name, roles=roles, phone=f"1350{number:06}{at}", member_number=f"P{number}-{at}"
            )
            for at, (name, roles) in enumerate([("裴雅", (Role.PUBLICITY,)), ("艾莉", ())])
        )
        text = make_material(session, pia, TITLE)
        make_material(session, pia, "题目表", file=NewFile("题目.xlsx", SHEET))
    database.close()
    return pia, alice, text


def test_a_material_is_read_on_a_train_and_its_record_waits_at_home(pocket, colleagues, stoppable):
    pia, alice, text = colleagues
    officer = pocket(pia)
    officer.goto("/study/plan/new")
    officer.fill("#title_1", "读总纲")
    officer.fill("#title_2", "专题网课")
    officer.select_option("#kind_2", "online")
    assert not small_targets(officer)
    assert not overflow(officer)
    axe(officer)
    screenshot(officer, "plan-items")
    officer.locator("#items-form button").last.click()
    expect(officer.locator("main")).to_contain_text("专题网课")
    officer.locator(".row", has_text="读总纲").get_by_role("link", name="修改").click()
    officer.locator("label", has_text=TITLE).click()
    officer.locator("#item-form button", has_text="保存").click()
    expect(officer.locator("main")).to_contain_text(TITLE)

    phone = pocket(alice)
    phone.goto("/study/plan")
    assert not small_targets(phone)
    axe(phone)
    screenshot(phone, "plan-month")
    phone.get_by_role("link", name=TITLE).click()
    keep = phone.locator("keep-page button")
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "true")
    assert not small_targets(phone)
    axe(phone)
    phone.goto("/study/materials")
    phone.get_by_role("link", name="题目表").click()
    keep.click()
    expect(keep).to_have_attribute("aria-pressed", "true")
    file_page = phone.url
    until(phone, "async () => Boolean(await caches.match('/study/plan', { cacheName: 'copies' }))")
    stoppable.stop()

    phone.goto("/study/plan")
    expect(bar(phone, "copy")).to_be_visible()
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.locator("article")).to_contain_text("第二段。")
    screenshot(phone, "material-offline")
    phone.goto(file_page)
    with phone.expect_download() as taken:
        phone.get_by_role("link", name="打开文件").click()
    assert taken.value.path().read_bytes() == SHEET
    phone.goto(f"/study/materials/{text}")
    phone.get_by_role("link", name="学完了").click()
    expect(phone.locator("#title")).to_have_value(TITLE)
    expect(phone.locator("[name=kind]:checked")).to_have_value("self_study")
    expect(phone.locator("[data-recent] button", has_text="专题网课")).to_be_visible()
    screenshot(phone, "record-offline")
    phone.locator("#capture button").last.click()
    expect(phone.locator("#title")).to_have_value("")
    assert [item["payload"]["title"] for item in queue(phone)] == [TITLE]

    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    (record,) = recorded(stoppable, alice)
    assert (record.title, record.status) == (TITLE, ReviewStatus.PENDING)

    phone.goto("/me")
    phone.locator("form[action='/sign-out'] button").click()
    phone.wait_for_url("**/sign-in**")
    until(phone, "async () => !(await caches.has('copies')) || !(await (await caches.open('copies')).keys()).length")
