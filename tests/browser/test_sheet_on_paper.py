"""A sheet is one A4 page, however much there is to say; and its lines open in place."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.core import clock
from app.core.db import Database
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType, shape
from app.features.ledger.service import append
from app.features.members.models import Member
from tests.browser.chromium import DESK
from tests.browser.helpers import MEMBER, axe, dress, looks, overflow, sign_in
from tests.server import Server

A4_POINTS = (595, 842)


def everything_twice(member: Member, today: date) -> list[NewFact]:
    """Two facts of every type and grade there is, with matters of their own: the longest sheet there can be."""
    return [
        NewFact(
            branch_id=member.branch_id,
            member_id=member.id,
            fact_type=kind,
            grade=grade,
            quantity=shape(kind).highest if kind is not FactType.REVIEW_RESULT else 755,
            matter=f"防汛抢险先进集体和先进个人 {grade}" if shape(kind).by_matter else "",
            occurred_on=today,
            source="test",
            source_id=f"{kind} {grade} {number}",
            recorded_by_id=member.id,
        )
        for kind in FactType
        for grade in shape(kind).grades or ("",)
        for number in range(2)
    ]


@pytest.fixture(scope="module")
def fullest(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which a member's sheet is as long as one can be; its tests only read it."""
    with Server(tmp_path_factory.mktemp("fullest"), is_born=True) as server:
        server.furnish(demo)
        server.start()
        database = Database(f"sqlite:///{server.database}")
        with database.write() as session:
            member = session.scalars(select(Member).where(Member.phone == MEMBER)).one()
            append(session, everything_twice(member, clock.today()))
        database.close()
        yield server


@pytest.fixture
def full_sheet(browser: Browser, fullest: Server) -> Iterator[Page]:
    context = browser.new_context(base_url=fullest.url, service_workers="block", **DESK)
    page = context.new_page()
    sign_in(page, MEMBER)
    page.goto("/sheet")
    yield page
    context.close()


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """The size of each page of a PDF, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize(("lang", "text"), [("zh_CN", "normal"), ("zh_CN", "large"), ("en", "normal")])
def test_the_fullest_sheet_is_one_a4_page(full_sheet, lang, text):
    dress(full_sheet, lang=lang, text=text)
    for line in full_sheet.locator("details.line").all():
        line.locator("summary").click()
    expect(full_sheet.locator("#line-facts-E3 .row").first).to_be_visible()
    sizes = pages_of(full_sheet.pdf(prefer_css_page_size=True))
    assert sizes == [pytest.approx(A4_POINTS, abs=1)]


def test_paper_has_the_form_to_sign_and_nothing_of_the_screen(full_sheet):
    full_sheet.emulate_media(media="print")
    for only_on_screen in ("nav.tabs", "nav.seg", "print-button", ".foot", ".head", "#line-B2", ".fig", ".year"):
        expect(full_sheet.locator(only_on_screen).first).to_be_hidden()
    form = full_sheet.locator(".a4")
    expect(form).to_be_visible()
    for said in ("赵晓岚", "学习", "合计", "附加分", "签名", "支部书记"):
        expect(form).to_contain_text(said)
    for row in form.locator(".lines tbody tr").all():
        expect(row).to_be_visible()
    expect(form.locator(".lines .total .num").last).to_have_text(full_sheet.locator(".fig b").text_content() or "")
    expect(form.locator(".sig")).to_be_visible()


def test_the_print_button_prints(full_sheet):
    full_sheet.evaluate("window.print = () => { document.title = 'printed' }")
    full_sheet.locator("print-button button").click()
    expect(full_sheet).to_have_title("printed")


def test_a_line_opens_its_facts_in_place(full_sheet):
    line = full_sheet.locator("#line-B2")
    announced = re.search(r"\d+", line.locator("a").text_content() or "")
    line.locator("summary").click()
    expect(line.locator(".row")).to_have_count(int(announced[0]) if announced else 0)
    line.locator("summary").click()
    expect(line.locator(".row").first).to_be_hidden()


def test_a_line_opens_its_facts_without_scripts(plain_phone):
    sign_in(plain_phone, MEMBER)
    plain_phone.goto("/sheet")
    plain_phone.locator("#line-B2 summary").click()
    plain_phone.locator("#line-B2 a").click()
    expect(plain_phone.locator("#line-facts-B2")).to_be_visible()
    plain_phone.locator("a.back").click()
    expect(plain_phone.locator("#line-B2")).to_be_visible()


@pytest.mark.parametrize("address", ["/sheet", f"/sheet/{clock.today().year}/lines/B2"])
def test_the_sheet_can_be_used_by_everybody(phone, address):
    sign_in(phone, MEMBER)
    phone.goto(address)
    if address == "/sheet":
        phone.locator("#line-B2 summary").click()
    for _least, rules in looks(phone):
        axe(phone, rules)
        assert overflow(phone) == []
