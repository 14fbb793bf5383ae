"""Whoever waits for a file is told that it is being made, until it is there; asked for twice it is made once."""

from playwright.sync_api import Page, Route, expect

from tests.browser.helpers import SECRETARY, sign_in

FILE = "a[href^='/sheets/export.xlsx']"
ASK_TWICE = """(file) => {
    const link = document.querySelector(file);
    const seen = new MutationObserver(() => {
        const told = document.querySelector(".load [role=status]")?.textContent;
        if (!told) return;
        seen.disconnect();
        link.click();
        const fits = document.documentElement.scrollWidth <= innerWidth;
        console.info(JSON.stringify({ told, busy: link.ariaBusy, fits }));
    });
    seen.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => link.click());
}"""
"""In the page itself: the browser's driver looks at nothing while an answer is waited for."""


def test_the_page_says_so_until_the_file_is_there(phone: Page) -> None:
    sign_in(phone, SECRETARY)
    phone.goto("/sheets")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.route("**/sheets/export.xlsx*", hold)
    with phone.expect_download() as came:
        with phone.expect_console_message(lambda message: "told" in message.text) as seen:
            phone.evaluate(ASK_TWICE, FILE)
        held[0].continue_()
    assert seen.value.text == '{"told":"正在生成文件，完成后自动下载，无需再次点击。","busy":"true","fits":true}'
    assert came.value.suggested_filename.endswith(".xlsx")
    assert len(held) == 1, "it was being made already"
    expect(phone.locator(".load")).to_have_count(0)
    expect(phone.locator(f"{FILE}[aria-busy]")).to_have_count(0)
    phone.unroute("**/sheets/export.xlsx*")
    with phone.expect_download():
        phone.locator(FILE).click()  # as often as one likes, one after the other
    expect(phone.locator(".load")).to_have_count(0)


def test_without_scripts_the_file_comes_too(plain_phone: Page) -> None:
    sign_in(plain_phone, SECRETARY)
    plain_phone.goto("/sheets")
    with plain_phone.expect_download() as came:  # that it is waited for the browser shows by itself
        plain_phone.locator(FILE).click()
    assert came.value.suggested_filename.endswith(".xlsx")
