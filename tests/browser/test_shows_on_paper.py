"""What comes out of a phone's printer: nothing is cut, the code can be read, the Chinese is all there."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import expect

from tests.browser.helpers import PICTURES, SECRETARY, overflow, sign_in

MM = 25.4 / 72
FORMS = {
    "sheet": (210, 297),
    "plate": (210, 297),
    "small_plate": (210, 148),
    "badges": (210, 297),
    "badge": (90, 54),
}
CUT = """() => [...document.querySelectorAll(".print-sheet, .plate-side, .badge")].flatMap((paper) => {
    const edge = paper.getBoundingClientRect();
    return [...paper.querySelectorAll("*")].filter((box) => {
        const { left, right, top, bottom } = box.getBoundingClientRect();
        return left < edge.left - 1 || right > edge.right + 1 || top < edge.top - 1 || bottom > edge.bottom + 1;
    }).map((box) => box.outerHTML.slice(0, 120));
})"""
FULL = """() => {
    const words = (length) => "依法行政执政为民".repeat(20).slice(0, length);
    for (const sheet of document.querySelectorAll(".print-sheet")) {
        sheet.className = "print-sheet full";
        const duties = sheet.querySelector("ol:last-of-type") ?? sheet.appendChild(document.createElement("ol"));
        for (const [list, most, text, small] of [[sheet.querySelector("ol"), 5, 60, 80], [duties, 4, 100, 24]]) {
            const row = list.firstElementChild ?? list.appendChild(document.createElement("li"));
            row.innerHTML = `<b>${words(text)}</b><small>${words(small)}</small>`;
            while (list.children.length < most) list.append(row.cloneNode(true));
        }
    }
    for (const name of document.querySelectorAll(".prints h2")) {
        name.textContent = "阿卜杜热合曼·买买提";
        name.className = "long";
    }
}"""


def paper(page, form: str) -> pypdfium2.PdfDocument:
    """The page as the phone's printer gets it."""
    PICTURES.mkdir(exist_ok=True)
    file = PICTURES / f"print-{form}.pdf"
    page.pdf(path=file, prefer_css_page_size=True, print_background=True)
    return pypdfium2.PdfDocument(Path(file))


@pytest.fixture
def officer(phone):
    sign_in(phone, SECRETARY)
    phone.goto("/shows/print")
    expect(phone.locator("[name=member]").first).to_be_attached()
    return phone


def open_prints(page, form: str, most: int = 3) -> int:
    """Print the first few of the branch and the secretary, as ticked on the page that asks; gives how many."""
    page.goto("/shows/print")
    boxes = page.locator("[name=member]")
    for place in range(most, boxes.count()):
        boxes.nth(place).uncheck()
    page.locator(f"[name=member][value='{page.locator('html').get_attribute('data-member-id')}']").check()
    page.locator(f"button[formaction$='/{form}']").click()
    expect(page.locator(".prints")).to_be_visible()
    page.wait_for_load_state()  # the last of them too
    return most + 1


@pytest.mark.parametrize("form", FORMS)
def test_it_comes_out_on_its_paper_with_names_and_nothing_cut(officer, form):
    number = open_prints(officer, form)
    names = officer.locator(".prints h2").all_inner_texts()
    assert officer.evaluate(CUT) == []
    assert overflow(officer) == []  # the phone shows it small, and whole
    pages = paper(officer, form)
    assert len(pages) == (1 if form == "badges" else number)
    for sheet in pages:
        assert tuple(round(side * MM) for side in sheet.get_size()) == FORMS[form]
    said = "".join(sheet.get_textpage().get_text_range() for sheet in pages)
    assert set("".join(names) + "党支部") <= set(said)  # signs set wide come out of a file in any order


@pytest.mark.parametrize("form", FORMS)
def test_the_longest_names_and_words_still_fit(officer, form):
    open_prints(officer, form, 1)
    officer.evaluate(FULL)
    assert officer.evaluate(CUT) == []
    assert len(paper(officer, form)) == (1 if form == "badges" else 2)


@pytest.mark.parametrize("form", FORMS)
def test_a_camera_reads_the_code(officer, form):
    officer.goto("/shows/code")
    address = officer.locator("a[href*='/p/']").get_attribute("href")
    open_prints(officer, form, 0)
    codes = {
        code.text for sheet in paper(officer, form) for code in zxingcpp.read_barcodes(sheet.render(scale=3).to_pil())
    }
    assert codes == {address}
