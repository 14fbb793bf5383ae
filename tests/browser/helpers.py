"""What a person does with a page, and what is looked at while they do."""

from collections.abc import Iterator, Sequence
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
OF_LOOKS: Final = ("color-contrast", "link-in-text-block", "scrollable-region-focusable")
"""What axe sees in colours and sizes; its other rules read the elements, which are the same in every look."""
ASK_AXE: Final = """async ({ serious, only }) => {
    const idle = axe._audit.rules.filter(({ id, impact }) =>
        !serious.includes(impact) || (only.length && !only.includes(id)));
    const rules = Object.fromEntries(idle.map(({ id }) => [id, { enabled: false }]));
    return (await axe.run(document, { rules, resultTypes: ["violations"] })).violations;
}"""
"""What axe calls less than serious would be thrown away: it is not looked for. A rule has its impact from the start."""
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


def looks(page: Page) -> Iterator[tuple[int, Sequence[str]]]:
    """The page as it was loaded, but in the light, then in the dark, then in large type.

    The server writes theme and size of type nowhere but on the root (``test_preferences``), and styles alone read them
    there. Given with each look: the least side of what is tapped, in CSS pixels, and the rules of axe to ask.
    """
    for theme, text, least, rules in (
        ("light", "normal", 44, ()),
        ("dark", "normal", 44, OF_LOOKS),
        ("light", "large", 60, OF_LOOKS),
    ):
        page.evaluate(
            "(look) => void Object.assign(document.documentElement.dataset, look)", {"theme": theme, "text": text}
        )
        yield least, rules


def check(page: Page, least: int = 44, rules: Sequence[str] = ()) -> None:
    """Everybody can read the page and reach what is on it.

    Raises:
        AssertionError: somebody cannot.
    """
    axe(page, rules)
    assert overflow(page) == []
    assert small_targets(page, least) == []


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


def axe(page: Page, rules: Sequence[str] = ()) -> None:
    """Look at the page with axe-core, once it stands still: what fades in has the colours of neither state.

    ``rules`` are those that another look of the same page can break; all that can be serious are asked of a new page.

    Raises:
        AssertionError: something is seriously wrong for people who cannot see, hear or point well.
    """
    settle(page)
    if not page.evaluate("'axe' in window"):
        debugger = page.context.new_cdp_session(page)  # the page's own policy forbids foreign scripts
        debugger.send("Runtime.evaluate", {"expression": _axe_source()})
        debugger.detach()
    violations: list[dict[str, Any]] = page.evaluate(ASK_AXE, {"serious": list(SERIOUS), "only": list(rules)})
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
