"""A card in a real browser: the square is cut on the phone, the picture code is read, the page it opens is tiny."""

import io
import re
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.helpers import MEMBER, OTHER_MEMBER, axe, overflow, screenshot, sign_in, small_targets

LARGEST_PAGE = 15_000
WEIGHTS = """() => performance.getEntries()
    .filter((entry) => !entry.name.endsWith("/photo"))
    .map((entry) => entry.transferSize || 0)"""
WHAT_IS_SENT = """async () => {
    const form = document.querySelector("form[enctype]");
    form.addEventListener("submit", (event) => event.preventDefault(), { once: true });
    form.requestSubmit();
    const [file] = form.elements.photo.files;
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { name: file.name, bytes: Array.from(bytes, (byte) => String.fromCharCode(byte)).join("") };
}"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """800 × 600, with a place in it: red on the left, green in the middle, blue on the right."""
    picture = Image.new("RGB", (800, 600), "green")
    picture.paste("red", (0, 0, 100, 600))
    picture.paste("blue", (700, 0, 800, 600))
    tags = Image.Exif()
    tags.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 26.4), 3: "E", 4: (116.0, 23.0, 29.8)})
    file = tmp_path / "IMG_0001.jpg"
    picture.save(file, exif=tags)
    return file


def make_public(page: Page) -> str:
    """Consent to every piece, and give the address that the code page shows."""
    page.goto("/shows/consent")
    for box in page.locator("input[name=field]").all():
        box.check()
    page.locator("input[name=agreed]").check()
    page.locator("form[action='/shows/consent'] button").click()
    expect(page.locator(".code-picture")).to_be_visible()
    return str(page.locator("a[href*='/p/']").get_attribute("href"))


def test_the_square_is_cut_on_the_phone_and_only_that_is_sent(phone, photo):
    sign_in(phone, MEMBER)
    phone.goto("/shows")
    phone.locator("a[href$='/photo']").click()
    phone.locator("input[type=file]").set_input_files(photo)
    canvas = phone.locator("canvas")
    expect(canvas).to_be_visible()
    canvas.focus()
    for _press in range(10):
        phone.keyboard.press("ArrowRight")  # to the right edge of the picture, where it is blue
    assert overflow(phone) == []
    assert small_targets(phone, 44) == []
    axe(phone)
    sent = phone.evaluate(WHAT_IS_SENT)
    assert sent["name"] == "photo.jpg"
    assert "JFIF" in sent["bytes"]
    assert "Exif" not in sent["bytes"]
    phone.get_by_role("button", name="使用这张照片").click()
    expect(phone).to_have_url(re.compile("/shows$"))
    response = phone.request.get(str(phone.locator(".ph img").get_attribute("src")))
    kept = Image.open(io.BytesIO(response.body()))
    assert kept.size == (320, 320)
    left, right = kept.getpixel((4, 160)), kept.getpixel((316, 160))
    assert (_name(left), _name(right)) == ("green", "blue")
    screenshot(phone, "card")


def test_without_a_script_the_middle_is_kept(plain_phone, photo):
    sign_in(plain_phone, OTHER_MEMBER)
    plain_phone.goto("/shows")
    plain_phone.locator("a[href$='/photo']").click()
    plain_phone.locator("input[type=file]").set_input_files(photo)
    plain_phone.get_by_role("button", name="使用这张照片").click()
    expect(plain_phone).to_have_url(re.compile("/shows$"))
    source = str(plain_phone.locator(".ph img").get_attribute("src"))
    kept = Image.open(io.BytesIO(plain_phone.request.get(source).body()))
    assert (kept.size, {_name(kept.getpixel((x, 160))) for x in (4, 160, 316)}) == ((320, 320), {"green"})
    assert not kept.getexif()


def test_the_picture_code_opens_the_page_for_everybody_until_it_is_taken_back(phone, plain_phone, other_phone):
    sign_in(phone, MEMBER)
    address = make_public(phone)
    screenshot(phone, "card-code")
    picture = Image.open(io.BytesIO(phone.locator(".code-picture").screenshot()))
    assert zxingcpp.read_barcode(picture).text == address
    assert plain_phone.goto(address).status == 200
    expect(plain_phone.get_by_role("heading", level=1)).to_have_text("赵晓岚")
    weights = plain_phone.evaluate(WEIGHTS)
    assert 0 < sum(weights) <= LARGEST_PAGE
    screenshot(plain_phone, "card-public")
    other_phone.goto(address)
    axe(other_phone)
    assert overflow(other_phone) == []
    phone.goto("/shows/sharing")
    phone.get_by_role("button", name="撤回同意").click()
    phone.get_by_role("button", name="撤下", exact=True).click()
    expect(phone.locator("main")).to_contain_text("未公开")
    for visitor in (plain_phone, other_phone):
        assert visitor.goto(address).status == 404
        visitor.go_back()
    assert other_phone.goto(address + "/photo").status == 404


def _name(pixel: tuple[int, int, int]) -> str:
    return ("red", "green", "blue")[pixel.index(max(pixel))]
