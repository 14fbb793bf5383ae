"""From the poster in the stairwell to the receipt: printed by a phone, read by a camera, answered by a resident."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import expect

from tests.browser.helpers import PICTURES, axe, looks, overflow, screenshot, sign_in, small_targets

COLLECTOR = "13800009021"
A4 = (210, 297)
MM = 25.4 / 72


@pytest.fixture
def poster(phone):
    """The page of the community's poster, and the address its code leads to."""
    sign_in(phone, COLLECTOR)
    phone.goto("/wishes/desk")
    phone.locator("a[href$='/poster']").click()
    expect(phone.locator(".poster")).to_be_visible()
    return phone, phone.url.split("/communities/")[0] + phone.locator("a[href^='/c/']").get_attribute("href")


def printed(page, name: str) -> pypdfium2.PdfDocument:
    """The page as the phone's printer gets it."""
    PICTURES.mkdir(exist_ok=True)
    file = PICTURES / f"{name}.pdf"
    page.wait_for_load_state()
    page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    return pypdfium2.PdfDocument(Path(file))


def codes_of(sheet: pypdfium2.PdfPage) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(sheet.render(scale=3).to_pil())]


def words_of(sheet: pypdfium2.PdfPage) -> str:
    return "".join(sheet.get_textpage().get_text_range().split())


def test_the_poster_is_one_sheet_that_a_camera_reads(poster):
    page, address = poster
    (sheet,) = printed(page, "poster")
    sheet.render(scale=1.5).to_pil().save(PICTURES / "poster-print.png")
    assert tuple(round(side * MM) for side in sheet.get_size()) == A4
    assert codes_of(sheet) == [address]
    said = words_of(sheet)
    for words in ("您的小心愿，我们来圆", "荔园社区", "社区服务台", address.split("://")[1]):
        assert words in said
    assert "换一张新海报" not in said, "what is for the screen stays there"


def test_the_small_cards_are_eight_on_a_sheet(poster):
    page, address = poster
    page.locator("a[href$='/poster/cards']").click()
    expect(page.locator(".slip").first).to_be_visible()
    (sheet,) = printed(page, "poster-cards")
    sheet.render(scale=1.5).to_pil().save(PICTURES / "poster-cards-print.png")
    assert codes_of(sheet) == [address] * 8
    assert words_of(sheet).count("荔园社区") == 8


def test_a_resident_without_scripts_hands_in_a_wish_and_takes_it_back(poster, plain_phone):
    _page, address = poster
    plain_phone.goto(address)
    screenshot(plain_phone, "resident-form")
    assert overflow(plain_phone) == []
    plain_phone.locator("[name=need]").fill("卫生间的灯坏了，想请人换一个。")
    plain_phone.locator("[name=category]").select_option("repairs")
    plain_phone.locator("[name=name]").fill("周桂英")
    plain_phone.locator("[name=address]").fill("南里3号")
    plain_phone.locator("form[action^='/c/'] button").click()
    expect(plain_phone.locator("#agreed-wrong")).to_be_visible()
    expect(plain_phone.locator("[name=need]")).to_have_value("卫生间的灯坏了，想请人换一个。")
    plain_phone.locator("[name=agreed]").check()
    plain_phone.locator("form[action^='/c/'] button").click()
    code = plain_phone.locator(".receipt-code").inner_text()
    screenshot(plain_phone, "resident-receipt")
    plain_phone.goto("/receipt")
    plain_phone.locator("#code").fill(code)
    plain_phone.locator("form[action='/receipt'] button").click()
    expect(plain_phone.locator("main")).to_contain_text("心愿已收到")
    plain_phone.locator("summary").first.click()
    plain_phone.locator("form[action='/receipt/withdraw'] button").click()
    expect(plain_phone.locator("main")).to_contain_text("已经全部删除")
    assert code.replace("-", "") not in plain_phone.url.upper()


def test_the_form_is_good_for_everybody(poster, other_phone):
    _page, address = poster
    other_phone.goto(address)
    for number, (_least, rules) in enumerate(looks(other_phone)):
        screenshot(other_phone, f"resident-form-{number}")
        assert overflow(other_phone) == []
        assert [target for target in small_targets(other_phone, 44) if "website" not in target] == []
        axe(other_phone, rules)


@pytest.mark.parametrize(
    "address", ["/wishes/from-residents", "/wishes/imports", "/wishes/months", "/wishes/months/2026-10", "/wishes/year"]
)
def test_the_pages_of_the_desk_are_good_for_everybody(phone, address):
    sign_in(phone, COLLECTOR)
    phone.goto(address)
    assert overflow(phone) == []
    axe(phone)
    screenshot(phone, "desk" + address.replace("/", "-"))
