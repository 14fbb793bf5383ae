"""The way of a wish: from the poster in the stairwell to the look back, and on until nothing is kept of the wisher."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app import sweep
from app.core import clock
from app.features.ledger import queries as ledger
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.residents.models import WishSubmission
from tests.browser.calendar_server import SHANGHAI, CalendarServer
from tests.browser.helpers import axe, overflow, screenshot
from tests.browser.offline import queue
from tests.conftest import Engines
from tests.databases import copy_of
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import People, Person

NEED: Final = "想要一台收音机听戏，按键大一点，眼睛看不清小字。"
TITLE: Final = "想要一台收音机听戏"
WISHER: Final = "周桂英"
PHONE: Final = "13612345678"
ADDRESS: Final = "荔园3栋201"
DONE: Final = "收音机送到家里，戏曲频道已经调好。"
FOUND: Final = "每天都在听，换台也会了。"
SECRETS: Final = (WISHER, PHONE, ADDRESS)
KEPT_ON_THE_PHONE: Final = """async () => {
    const told = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) told.push(request.url, await (await cache.match(request)).text());
    }
    return told.join(" ");
}"""


@pytest.fixture
def people(engines: Engines) -> People:
    return engines.get("sqlite")[1]


@pytest.fixture
def season(engines: Engines) -> Iterator[CalendarServer]:
    engine, _people = engines.get("sqlite")
    with (
        copy_of(engine, "peopled") as url,
        CalendarServer(url, datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)) as server,
    ):
        yield server


@pytest.fixture
def collectors(season: CalendarServer, people: People) -> tuple[Person, Person]:
    """Cora and Gwen, who collect the wishes of Li Garden, which the first branch looks after."""
    with season.database.write() as session:
        place = make_community(session, people.branch)
        return make_collector(session, place), make_collector(session, place, "何琴")


def test_from_the_poster_to_the_look_back(
    season: CalendarServer, people: People, collectors: tuple[Person, Person], pocket: Callable[..., Page]
):
    resident = pocket(None, url=season.url, java_script_enabled=False)
    alice = pocket(people.alice, url=season.url)  # with everything the app keeps for times without a network
    collector, gwen, officer, bob, dora = (
        pocket(person, url=season.url, service_workers="block")
        for person in (*collectors, people.sam, people.bob, people.dora)
    )
    for phone in (collector, gwen, officer, alice, bob, dora):
        season.carry(phone.context)

    receipt = hand_in(resident, poster(collector))
    season.move_to(2026, 3, 3)
    take_it_up(collector)
    verify(gwen)
    season.move_to(2026, 3, 4)
    publish(officer)

    season.move_to(2026, 3, 5)
    wish = claim(alice, bob, people)
    open_the_contact(alice, bob, wish)
    give_it_back(alice, wish)
    season.move_to(2026, 3, 6)
    claim_what_came_back(bob)
    see_who_looked(officer, wish, people)

    slip, digits = make_a_slip(collector, wish)
    read_the_slip(resident, slip)
    season.move_to(2026, 3, 12)
    hand_over(bob, wish, digits)
    confirm(resident, slip)

    season.move_to(2026, 3, 27)
    prove_that_nothing_counts_yet(season, bob)
    look_back(dora, bob, wish)
    see_the_line_of_the_sheet(bob, wish)
    read_the_receipt(resident, receipt)

    season.move_to(2026, 6, 26)
    prove_that_nothing_is_kept(season, collector, wish)


def poster(collector: Page) -> str:
    """Cora makes the poster; gives the address that a camera reads off it."""
    collector.goto("/")
    look(collector, "wish-01-empty-desk")
    collector.get_by_role("link", name="海报").click()
    collector.get_by_role("button", name="生成海报").click()
    expect(collector.locator(".poster")).to_be_visible()
    look(collector, "wish-02-poster")
    return scanned(collector, ".poster-picture")


def hand_in(resident: Page, address: str) -> str:
    """Somebody scans it, and sends a wish without an account and without scripts; gives the code of the receipt."""
    resident.goto(address)
    screenshot(resident, "wish-03-resident-form")
    resident.locator("[name=need]").fill(NEED)
    resident.locator("[name=category]").select_option("elderly")
    resident.locator("[name=name]").fill(WISHER)
    resident.locator("[name=phone]").fill(PHONE)
    resident.locator("[name=address]").fill(ADDRESS)
    resident.locator("[name=agreed]").check()
    resident.get_by_role("button", name="提交心愿").click()
    code = resident.locator(".receipt-code").inner_text()
    screenshot(resident, "wish-04-receipt")
    assert overflow(resident) == []
    return code


def take_it_up(collector: Page) -> None:
    """Cora reads it, makes it a wish, completes it, and hands it in."""
    collector.goto("/")
    look(collector, "wish-05-desk-with-a-letter")
    collector.get_by_role("link", name="去查看").click()
    expect(collector.locator("main")).to_contain_text(NEED)
    look(collector, "wish-06-from-residents")
    collector.get_by_role("button", name="接收为心愿草稿").click()
    expect(collector.get_by_role("heading", level=1)).to_contain_text(TITLE)
    look(collector, "wish-07-draft")
    collector.locator("summary", has_text="修改内容").click()
    collector.locator("[name=yuan]").fill("120")
    collector.get_by_role("button", name="保存").click()
    expect(collector.locator("#desk-wish")).to_contain_text("120 元")
    with collector.expect_response("**/hand-in"):  # the line may still say what was said of the press before
        collector.get_by_role("button", name="提交", exact=True).click()
    expect(collector.locator("#message .message")).to_be_visible()


def verify(gwen: Page) -> None:
    """Gwen has called the wisher, and says that the need is as written."""
    gwen.goto("/wishes/desk")
    gwen.get_by_role("link", name=TITLE).click()
    gwen.get_by_role("button", name="属实").click()
    expect(gwen.locator("#desk-wish")).to_contain_text("已核实，待发布")
    look(gwen, "wish-08-verified")


def publish(officer: Page) -> None:
    """Sam, whose branch leads there, puts it on the board."""
    officer.goto("/wishes/desk")
    look(officer, "wish-09-officers-desk")
    officer.get_by_role("link", name=TITLE).click()
    expect(officer.locator("#desk-wish")).not_to_contain_text(PHONE)
    look(officer, "wish-10-before-publishing")
    officer.get_by_role("button", name="立即发布").click()
    expect(officer.locator("#message .message")).to_be_visible()


def claim(alice: Page, bob: Page, people: People) -> str:
    """Alice reads the terms, claims, and reads what comes next; Bob, who is later, reads who has it: its address."""
    for phone in (alice, bob):
        phone.goto("/wishes")
        expect(phone.locator("#board")).to_contain_text(TITLE)
    look(alice, "wish-11-board")
    for phone in (alice, bob):
        phone.get_by_role("link", name=TITLE).click()
        expect(phone.locator("#claiming")).to_contain_text("3月12日")
    look(alice, "wish-11-terms")
    alice.get_by_role("button", name="确认认领").click()
    expect(alice.locator("#next")).to_contain_text("3月12日")
    look(alice, "wish-12-claimed")
    bob.get_by_role("button", name="确认认领").click()
    expect(bob.locator("#wish")).to_contain_text(people.alice.name)
    look(bob, "wish-13-somebody-was-first")
    return alice.url


def open_the_contact(alice: Page, bob: Page, wish: str) -> None:
    """Who holds it reads name and number, and the phone keeps nothing of it; who does not is refused."""
    alice.get_by_role("button", name="查看联系方式").click()
    for secret in SECRETS:
        expect(alice.locator("#contact")).to_contain_text(secret)
    look(alice, "wish-14-contact")
    kept = alice.evaluate(KEPT_ON_THE_PHONE) + str(queue(alice))
    assert TITLE in kept, "the board is there without a network"
    assert [secret for secret in SECRETS if secret in kept] == []
    assert refused(bob, wish)


def give_it_back(alice: Page, wish: str) -> None:
    """It does not work out; nobody asks why, and the contact is closed for her from now on."""
    alice.goto(wish)
    alice.get_by_role("button", name="退回心愿").click()
    alice.locator("form[action$='/release/undo'] button").click()
    expect(alice.locator("#next")).to_contain_text("3月12日")
    alice.get_by_role("button", name="退回心愿").click()
    expect(alice.locator("#board")).to_contain_text("已退回")
    look(alice, "wish-15-given-back")
    assert refused(alice, wish)


def claim_what_came_back(bob: Page) -> None:
    """Bob takes it, opens the contact, and has talked to the wisher."""
    bob.goto("/wishes")
    bob.get_by_role("link", name=TITLE).click()
    bob.get_by_role("button", name="确认认领").click()
    bob.get_by_role("button", name="查看联系方式").click()
    expect(bob.locator("#contact")).to_contain_text(PHONE)
    bob.go_back()
    bob.get_by_role("button", name="已联系").click()
    expect(bob.locator("#next")).to_contain_text("4月5日")
    look(bob, "wish-16-contacted")


def see_who_looked(officer: Page, wish: str, people: People) -> None:
    """Each look stands on the officer's card, of who holds the wish and of who held it."""
    officer.goto(wish.replace("/wishes/", "/wishes/desk/"))
    for member in (people.alice, people.bob):
        expect(officer.locator("section", has_text="谁看过")).to_contain_text(member.name)
    expect(officer.locator("main")).not_to_contain_text(PHONE)
    look(officer, "wish-17-who-looked")


def make_a_slip(collector: Page, wish: str) -> tuple[str, str]:
    """Cora prints the slip for the wisher; gives the address of its picture, and its digits."""
    collector.goto(wish)
    collector.get_by_role("button", name="开确认单").click()
    expect(collector.locator(".slip-picture")).to_be_visible()
    look(collector, "wish-18-slip")
    return scanned(collector, ".slip-picture"), collector.locator(".slip-code").inner_text()


def read_the_slip(resident: Page, slip: str) -> None:
    """The wisher sees that somebody will call."""
    resident.goto(slip)
    expect(resident.locator("main")).to_contain_text(TITLE)
    screenshot(resident, "wish-19-slip-of-the-wisher")
    assert overflow(resident) == []


def hand_over(bob: Page, wish: str, digits: str) -> None:
    """One sentence, no photo; Bob might type the wisher's digits, and need not."""
    bob.goto("/")
    look(bob, "wish-20-today")
    bob.goto(wish)
    bob.locator("[name=sentence]").fill(DONE)
    look(bob, "wish-21-handing-over")
    bob.locator("#fulfilling form button").click()
    expect(bob.locator("#wish")).to_contain_text(DONE)
    expect(bob.locator("[name=code]")).to_be_visible()
    expect(bob.locator("main")).not_to_contain_text(digits)
    look(bob, "wish-22-handed-over")


def confirm(resident: Page, slip: str) -> None:
    """The wisher says that it has come, without an account."""
    resident.goto(slip)
    screenshot(resident, "wish-23-has-it-come")
    resident.get_by_role("button", name="已经办到").click()
    expect(resident.locator("#message")).to_contain_text("谢谢")
    screenshot(resident, "wish-24-it-has-come")


def prove_that_nothing_counts_yet(season: CalendarServer, bob: Page) -> None:
    """Fifteen days after it came true there is no fact, as nobody has looked back."""
    assert facts(season) == []
    bob.goto("/sheet/2026/lines/D2")
    expect(bob.locator("main")).not_to_contain_text(TITLE)


def look_back(dora: Page, bob: Page, wish: str) -> None:
    """Dora, who took no part, asks the wisher; Bob is not asked about his own."""
    bob.goto(wish)
    expect(bob.locator("#revisiting")).to_have_count(0)
    look(bob, "wish-25-waits-for-the-look-back")
    dora.goto("/wishes/realised")
    look(dora, "wish-26-to-look-back-at")
    dora.get_by_role("link", name=TITLE).first.click()
    dora.locator("#revisiting [name=helped][value=yes]").check()
    dora.locator("[name=sentence]").fill(FOUND)
    look(dora, "wish-27-looking-back")
    dora.get_by_role("button", name="提交回访").click()
    expect(dora.locator("#wish")).to_contain_text(FOUND)
    look(dora, "wish-28-closed")


def see_the_line_of_the_sheet(bob: Page, wish: str) -> None:
    """Now it stands in line D2 of Bob's sheet, and leads back to the wish."""
    bob.goto("/sheet/2026/lines/D2")
    look(bob, "wish-29-line-d2")
    fact = bob.locator("#line-facts-D2").get_by_role("link", name=TITLE)
    fact.click()
    expect(bob).to_have_url(wish)
    look(bob, "wish-30-it-helped")


def read_the_receipt(resident: Page, code: str) -> None:
    """The resident still sees what became of it."""
    resident.goto("/receipt")
    resident.locator("#code").fill(code)
    resident.locator("form[action='/receipt'] button").click()
    expect(resident.locator("main")).to_contain_text("也已回访")
    screenshot(resident, "wish-31-receipt-at-the-end")


def prove_that_nothing_is_kept(season: CalendarServer, collector: Page, wish: str) -> None:
    """Ninety days after closing the sweep erases the contact; what was counted stands, and nobody has touched it."""
    for step in sweep.STEPS:
        step.work(season.database, clock.now())
    collector.goto(wish.replace("/wishes/", "/wishes/desk/"))
    expect(collector.locator("#reaching")).to_contain_text("已删除")
    expect(collector.locator("#reaching").get_by_role("link")).to_have_count(0)
    look(collector, "wish-32-erased")
    with season.database.read() as session:
        assert session.scalar(select(func.count()).select_from(WishContact)) == 0
        assert not session.scalars(select(WishSubmission.sealed).where(WishSubmission.sealed.is_not(None))).all()
        assert ledger.verify(session).is_clean
    assert facts(season) == [FactType.SERVICE_WISH_REALISED]


def facts(season: CalendarServer) -> list[FactType]:
    """What stands in the ledger."""
    with season.database.read() as session:
        return list(session.scalars(select(Fact.fact_type)))


def refused(phone: Page, wish: str) -> bool:
    """Whether the contact stays closed, and says nothing of what it holds."""
    tapped = phone.request.post(f"{wish}/contact", headers={"Sec-Fetch-Site": "same-origin"})
    phone.goto(f"{wish}/contact")
    screenshot(phone, "wish-contact-refused")
    said = tapped.text() + phone.content()
    return tapped.status == 403 and not any(secret in said for secret in SECRETS)


def scanned(page: Page, picture: str) -> str:
    """What a camera reads off the ``picture`` on the screen."""
    seen = Image.open(io.BytesIO(page.locator(picture).screenshot()))
    (code,) = zxingcpp.read_barcodes(seen.convert("L"))
    return code.text


def look(phone: Page, name: str) -> None:
    """Take a picture; what is on it fits the screen and can be read by everybody."""
    screenshot(phone, name)
    assert overflow(phone) == []
    axe(phone)
