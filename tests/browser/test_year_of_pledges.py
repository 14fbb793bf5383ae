"""A year of pledges in fast motion: from the first draft in January to the next January's, one tap made offline."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.core import clock
from app.features.ledger import queries as ledger
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.shows.pledges.models import PledgeProgress
from tests.browser.calendar_server import SHANGHAI, CalendarServer
from tests.browser.helpers import axe, overflow, screenshot
from tests.browser.offline import NO_BACKGROUND_SYNC, network_returns, wait_for_queue
from tests.conftest import Engines
from tests.databases import copy_of
from tests.makers import People

PLEDGES: Final = "/shows/pledges"
READING: Final = "年内读完《习近平著作选读》两卷"
HOLLOW: Final = "不断提高服务群众的本领"
VISITS: Final = "结对走访一户困难群众，每季度一次"
ADVICE: Final = "请写清走访谁、几次，以什么为证。"
FLOOD: Final = "结对户七月因征收迁往外省"
DUTY: Final = "修订窗口一次性告知单"


@pytest.fixture
def people(engines: Engines) -> People:
    return engines.get("sqlite")[1]


@pytest.fixture
def year(engines: Engines) -> Iterator[CalendarServer]:
    engine, _people = engines.get("sqlite")
    with (
        copy_of(engine, "peopled") as url,
        CalendarServer(url, datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)) as server,
    ):
        yield server


def test_from_one_january_to_the_next(year: CalendarServer, people: People, pocket: Callable[..., Page]):
    member = pocket(people.alice, url=year.url)
    officer = pocket(people.sam, url=year.url, service_workers="block")
    for phone in (member, officer):
        phone.context.add_init_script(NO_BACKGROUND_SYNC)  # the clock of a worker stands still
        year.carry(phone.context)

    write_two_drafts(member)
    year.move_to(2026, 1, 6)
    approve_one_and_return_the_other(officer)
    correct_it(member)
    year.move_to(2026, 1, 7)
    approve(officer, VISITS)
    see_publicity(member, officer)
    year.move_to(2026, 1, 13)
    expect(open_pledges(member, READING)).not_to_contain_text("公示")  # being kept is the ordinary, and silent

    year.move_to(2026, 3, 16)
    tap(member, READING, "正常")
    take_a_duty(member)
    year.move_to(2026, 4, 8)
    report_the_duty(member)
    approve(officer, DUTY)

    year.move_to(2026, 6, 29)
    say_it_offline(year, member)

    year.move_to(2026, 12, 10)
    say_how_they_ended(member)
    decide_how_they_ended(officer)
    see_the_line_of_the_sheet(member)

    year.move_to(2027, 1, 16)
    see_the_archive(member)
    begin_anew(member)
    prove_the_ledger(year)


def write_two_drafts(member: Page) -> None:
    """Alice takes one from the library, and writes one by hand that says too little."""
    member.goto(PLEDGES)
    screenshot(member, "year-01-nothing-yet")
    member.get_by_role("link", name="写第一条").click()
    screenshot(member, "year-02-suggestions")
    member.get_by_role("link", name=READING).click()
    expect(member.locator("[name=text]")).to_have_value(READING)
    screenshot(member, "year-03-form")
    member.get_by_role("button", name="存为草稿").click()
    expect(member.locator("#message")).to_contain_text("草稿已保存")

    member.get_by_role("link", name="再写一条").click()
    member.get_by_role("radio", name="服务", exact=True).check()
    write(member, HOLLOW, "群众满意")
    member.get_by_role("button", name="存为草稿").click()
    expect(member.locator("[id^=draft-]", has_text=HOLLOW)).to_contain_text("可能有些空泛")
    look(member, "year-04-drafts")
    with member.expect_response("**/submit"):  # the line may still say what was said of the press before
        member.get_by_role("button", name="提交").click()
    expect(member.locator("#message .message")).to_be_visible()
    look(member, "year-05-handed-in")


def approve_one_and_return_the_other(officer: Page) -> None:
    """Sam lets the first pass and advises on the second; what looks hollow is marked for him."""
    officer.goto("/approvals")
    expect(officer.locator("[data-all]")).to_be_hidden()  # one by one
    officer.goto("/approvals?kind=pledge")
    expect(officer.locator("#decide li", has_text=HOLLOW)).to_contain_text("可能空泛")
    expect(officer.locator("[name=ids]:checked")).to_have_count(0)
    expect(officer.locator("[data-all]")).to_have_text("全选或全不选已看过的")  # at once only what was seen
    look(officer, "year-06-examining")
    officer.locator("#decide li", has_text=HOLLOW).locator("[name=ids]").check()
    officer.locator("summary", has_text="退回").click()
    officer.locator("[name=reason]").fill(ADVICE)
    officer.locator("button[value=return]").click()
    expect(officer.locator("#queue")).to_contain_text("已退回 1 条")
    approve(officer, READING)


def approve(officer: Page, title: str) -> None:
    """Sam approves this one alone."""
    officer.goto("/approvals")
    for box in officer.locator("[name=ids]").all():
        box.uncheck()
    officer.locator("#decide li", has_text=title).locator("[name=ids]").check()
    with officer.expect_response("**/approvals/decide"):  # the line may say the same of the decision before
        officer.locator("#decide button[value=approve]").click()
    expect(officer.locator("#queue")).to_contain_text("已通过 1 条")


def correct_it(member: Page) -> None:
    """Alice reads the advice and says what can be checked."""
    member.goto("/")
    look(member, "year-07-today-after-return")
    member.goto(PLEDGES)
    expect(member.locator("#pledge-list")).to_contain_text(ADVICE)
    look(member, "year-08-returned")
    member.get_by_role("link", name="修改后再报").click()
    write(member, VISITS, "走访记录 4 份")
    screenshot(member, "year-09-correcting")
    member.get_by_role("button", name="重新提交").click()
    expect(member.locator("#message .message")).to_be_visible()
    expect(member.locator("#pledge-list")).not_to_contain_text(HOLLOW)


def see_publicity(member: Page, officer: Page) -> None:
    """For three working days the branch sees what was approved, on the page of colleagues and on the wall."""
    expect(open_pledges(member, READING)).to_contain_text("公示中")
    look(member, "year-10-publicity")
    officer.goto(f"{PLEDGES}/colleagues")
    expect(officer.locator("#colleague-list")).to_contain_text(VISITS)
    look(officer, "year-11-colleagues")
    officer.goto("/shows/wall")
    expect(officer.locator("main")).to_contain_text(READING)
    look(officer, "year-12-wall")


def tap(member: Page, title: str, word: str) -> None:
    """One tap says how it goes."""
    open_pledges(member, title).get_by_role("button", name=word, exact=True).click()
    expect(card(member, title).locator(".qs li").first).to_contain_text(word)
    look(member, "year-13-tapped")


def take_a_duty(member: Page) -> None:
    """Alice takes something on, and says that she has begun."""
    member.goto("/shows/duties/new")
    member.locator("[name=matter]").fill(DUTY)
    member.locator("[name=due_on]").fill("2026-04-10")
    screenshot(member, "year-14-taking-a-duty")
    member.get_by_role("button", name="认领").click()
    member.get_by_role("button", name="进行中").click()
    expect(member.locator("#duty h2 .st")).to_have_text("进行中")
    look(member, "year-15-duty")


def report_the_duty(member: Page) -> None:
    """It is done before its day; one sentence says what came of it."""
    member.goto("/")
    expect(member.locator("main")).to_contain_text(DUTY)
    look(member, "year-16-today-duty-due")
    member.goto("/shows/duties")
    member.get_by_role("link", name=DUTY).click()
    member.locator("#done-sentence").fill("新告知单已在三个窗口启用")
    member.get_by_role("button", name="完成", exact=True).click()
    expect(member.locator("#duty")).to_contain_text("新告知单已在三个窗口启用")
    look(member, "year-17-duty-reported")


def say_it_offline(year: CalendarServer, member: Page) -> None:
    """Without a network in the second quarter, sent in the third: it belongs to the second, and is there once."""
    row = member.locator("[data-of=pledges] li", has_text=VISITS)
    member.goto("/study/new")  # the phone takes along what can be spoken of
    member.locator("[data-open=pledges]").click()
    expect(row).to_be_visible()
    year.stop()
    member.goto("/study/new")
    member.locator("[data-open=pledges]").click()
    row.get_by_role("button", name="有困难").click()
    wait_for_queue(member, 1)
    look(member, "year-18-tapped-offline")

    year.move_to(2026, 7, 3)
    year.start()
    network_returns(member)
    wait_for_queue(member, 0)
    quarters = open_pledges(member, VISITS).locator(".qs li")
    expect(quarters.nth(1)).to_contain_text("有困难")
    expect(quarters.nth(2)).to_contain_text("尚未填报")
    look(member, "year-19-arrived")
    with year.database.read() as session:
        said = session.scalars(select(PledgeProgress).where(PledgeProgress.made_offline)).one()
    assert (said.quarter, clock.local_day(said.said_at)) == (2, date(2026, 6, 29))


def say_how_they_ended(member: Page) -> None:
    """Alice kept one; the other failed for a reason that was not hers, and has to be named."""
    member.goto("/")
    look(member, "year-20-today-in-december")
    open_pledges(member, READING).get_by_role("link", name="提交践诺结果").click()
    member.get_by_role("radio", name="已兑现", exact=True).check()
    screenshot(member, "year-21-ending")
    member.get_by_role("button", name="提交", exact=True).click()

    card(member, VISITS).get_by_role("link", name="提交践诺结果").click()
    member.get_by_role("radio", name="因客观原因未兑现", exact=True).check()
    member.get_by_role("button", name="提交", exact=True).click()
    expect(member.locator("[aria-invalid=true], .message.need, .error").first).to_be_visible()
    screenshot(member, "year-22-reason-missing")
    member.locator("[name=said]").fill(FLOOD)
    member.get_by_role("button", name="提交", exact=True).click()
    expect(card(member, VISITS)).to_contain_text(FLOOD)
    look(member, "year-23-ends-said")


def decide_how_they_ended(officer: Page) -> None:
    """Sam decides on each by itself; his word on the reason is the committee's."""
    officer.goto("/approvals")
    look(officer, "year-24-evaluating")
    officer.locator("#decide li", has_text=VISITS).get_by_role("link").click()
    expect(officer.locator("main")).to_contain_text(FLOOD)
    look(officer, "year-25-one-ending")
    officer.locator("form button.wide").click()
    approve(officer, READING)


def see_the_line_of_the_sheet(member: Page) -> None:
    """Line A2 counts the pledge and the duty that were kept, leaves the excused one out, and leads to each record."""
    member.goto("/sheet")
    screenshot(member, "year-26-sheet")
    member.goto("/sheet/2026/lines/A2")
    facts = member.locator("#line-facts-A2")
    for title in (READING, VISITS, DUTY):
        expect(facts).to_contain_text(title)
    expect(member.locator(".big")).to_have_text("10/10")
    look(member, "year-27-line-a2")
    facts.get_by_role("link", name=READING).click()
    expect(card(member, READING)).to_contain_text("支部已审批")


def see_the_archive(member: Page) -> None:
    """Last year can be read, and nothing there can be pressed."""
    member.goto(f"{PLEDGES}?year=2026")
    expect(member.locator("#pledge-list .message")).to_contain_text("已归档")
    expect(member.locator("[id^=pledge-card] button, [id^=pledge-card] a.btn")).to_have_count(0)
    look(member, "year-28-archive")


def begin_anew(member: Page) -> None:
    """One tap brings last year's pledges as drafts of this one."""
    member.goto("/")
    look(member, "year-29-today-in-january")
    member.goto(PLEDGES)
    look(member, "year-30-begin-with-last")
    member.get_by_role("button", name="带入今年草稿").click()
    drafts = member.locator("[id^=draft-]")
    expect(drafts).to_have_count(2)
    expect(drafts.first).to_contain_text("沿用去年")
    look(member, "year-31-begun-anew")


def prove_the_ledger(year: CalendarServer) -> None:
    """Nothing was touched, and everything is there once."""
    with year.database.snapshot() as session:
        assert ledger.verify(session).is_clean
        facts = sorted(session.scalars(select(Fact.fact_type)))
    assert facts == sorted([FactType.DUTY_KEPT, FactType.PLEDGE_EXCUSED, FactType.PLEDGE_KEPT])


def open_pledges(member: Page, title: str) -> Locator:
    """The card of this pledge on the freshly opened page of the year."""
    member.goto(PLEDGES)
    return card(member, title)


def card(member: Page, title: str) -> Locator:
    """The card of an approved pledge."""
    return member.locator("[id^=pledge-card]", has_text=title)


def write(member: Page, text: str, sign: str) -> None:
    """Fill in what is pledged, and by which sign it shows."""
    member.locator("[name=text]").fill(text)
    member.locator("[name=sign]").fill(sign)


def look(phone: Page, name: str) -> None:
    """Take a picture; what is on it fits the screen and can be read by everybody."""
    screenshot(phone, name)
    assert overflow(phone) == []
    axe(phone)
