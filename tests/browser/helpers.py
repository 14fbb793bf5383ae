"""What a person does with a page, and what is looked at while they do."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

PROJECT_DIR: Final = Path(__file__).resolve().parents[2]
PICTURES: Final = PROJECT_DIR / "test-results"
DEMO_PASSWORD: Final = "sanliang-demo"
SECRETARY: Final = "13800000001"
DEPUTY: Final = "13800000002"
MEMBER: Final = "13800000011"
OTHER_MEMBER: Final = "13800000012"
OTHER_SECRETARY: Final = "13800000101"
SERIOUS: Final = frozenset({"serious", "critical"})
PATIENCE_MS: Final = 20_000
"""How long a page may take on a busy machine before something is wrong; a page that is ready is not waited for."""

expect.set_options(timeout=PATIENCE_MS)


def sign_in(page: Page, phone: str, password: str = DEMO_PASSWORD) -> None:
    """Sign in on the sign-in page with a phone number, and arrive."""
    page.goto("/sign-in")
    page.locator("[name=login]").fill(phone)
    page.locator("[name=password]").fill(password)
    page.locator("form[action='/sign-in'] button").first.click()
    expect(page).not_to_have_url("**/sign-in**")


def dress(page: Page, *, theme: str = "auto", text: str = "normal", lang: str = "zh_CN") -> None:
    """Choose theme, size of type and language, as the me page does."""
    choices = {"sanliang_theme": theme, "sanliang_text": text, "sanliang_lang": lang}
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in choices.items()])
    page.reload()


def screenshot(page: Page, name: str) -> Path:
    """A picture of the whole page in ``test-results/``."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, full_page=True, caret="initial")  # hidden by an inline style, htmx would trip over it
    return path


def settle(page: Page) -> None:
    """Wait until htmx has put its answer in place and every transition has ended; endless ones are not waited for."""
    page.evaluate(
        "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
    )  # it has begun
    page.wait_for_function(
        """() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
            && document.getAnimations().every((one) => one.playState !== "running"
                || one.effect.getComputedTiming().endTime === Infinity)"""
    )


def axe(page: Page) -> None:
    """Look at the page with axe-core, once it stands still: what fades in has the colours of neither state.

    Raises:
        AssertionError: something is seriously wrong for people who cannot see, hear or point well.
    """
    settle(page)
    debugger = page.context.new_cdp_session(page)  # the page's own policy forbids foreign scripts
    debugger.send("Runtime.evaluate", {"expression": _axe_source()})
    debugger.detach()
    violations: list[dict[str, Any]] = page.evaluate("async () => (await axe.run(document)).violations")
    found = [
        f"{violation['impact']} {violation['id']}: {violation['help']} at {node['target']}\n    {node['html'][:200]}"
        for violation in violations
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)


def overflow(page: Page) -> list[str]:
    """The elements that stick out of the screen to the right; a phone's page never scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll("*")]
                .filter((element) => element.getBoundingClientRect().right > width + 1)
                .map((element) => element.outerHTML.slice(0, 120));
        }"""
    )
    return found


def small_targets(page: Page, least: int = 44) -> list[str]:
    """The buttons, links of the tab bar and fields smaller than ``least`` CSS pixels in either direction."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll("button, nav a, a.btn, select, input:not([type=hidden])")]
            .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
            .map((element) => (element.matches("[type=checkbox],[type=radio]") && element.closest("label")) || element)
            .filter((element) => {
                const { width, height } = element.getBoundingClientRect();
                return width > 1 && (Math.round(width) < least || Math.round(height) < least);
            })
            .map((element) => element.outerHTML.slice(0, 120))""",
        least,
    )
    return found


def covered(page: Page) -> list[str]:
    """What a bar lies over when it has the focus (WCAG 2.2, 2.4.11)."""
    found: list[str] = page.evaluate(
        """() => [...main.querySelectorAll("a[href], button, select, summary, input, textarea")]
            .filter((element) => element.checkVisibility() && !element.closest(".dock"))
            .filter((element) => {
                element.focus();
                const { left, top, width, height } = element.getBoundingClientRect();
                const above = document.elementFromPoint(left + width / 2, top + height / 2);
                return width > 1 && above?.closest(".dock, .tabs");
            })
            .map((element) => element.outerHTML.slice(0, 120))"""
    )
    page.evaluate("document.activeElement?.blur()")
    return found


@cache
def _axe_source() -> str:
    return (PROJECT_DIR / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
