"""Reads the HTML of an answer, and never without looking at its manners: what no page may get wrong."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from html import unescape
from http.cookies import SimpleCookie
from typing import Any, Final

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder
from httpx2 import Response

from app.core.messages import left
from app.core.pages import MESSAGE_COOKIE

NAMELESS_FIELDS: Final = frozenset({"hidden", "submit", "button", "image", "reset"})
FIELDS: Final = frozenset({"input", "select", "textarea"})
SENDING: Final = frozenset({"button", "input"})
SPOKEN: Final = frozenset({"a", "button", "summary"})
WITHIN_A_LINE: Final = re.compile(r"</?(?:a|b|em|strong|s|code|time|abbr)\b[^>]*>")
ANOTHER_LINE: Final = re.compile(r"<[^>]*>")
SLIPS: Final = {
    "two sentences run together": re.compile(r"\w*[a-z)]\.[A-Z][a-z ]+"),
    "half-width signs in Chinese": re.compile(r"[\u4e00-\u9fff][,;!?][\u4e00-\u9fff]"),
    "a placeholder that nothing filled": re.compile(r"%\(\w+\)[sd]"),
    "a value as machines write it": re.compile(r"\b(?:Decimal|UUID|datetime\.\w+)\(|<[A-Z]\w+\.[A-Z_]+"),
}
"""What no page says, in either language, by what is wrong with it."""
POINTING: Final = frozenset({"for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form"})
"""Attributes whose words are ids of the same page."""
UNPROCESSABLE: Final = 422
"""The status of a form that comes back because something in it is not right yet."""
CONTAINERS: Final = {"tr": "tbody", "td": "tr", "th": "tr", "option": "select"}
"""What must surround a fragment that starts with such an element; anything else may stand in a ``div``."""


class _Strict(HTML5TreeBuilder):
    """The tree of a whole page, and what is wrong in its HTML: read once for both, for that is slow."""

    errors: Sequence[Any] = ()

    def feed(self, markup: Any) -> None:
        """As in the class above, but what html5lib noted stays."""
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        assert self.underlying_builder is not None
        self.underlying_builder.parser = parser
        parser.parse(markup).original_encoding = None
        self.underlying_builder.parser = None
        self.errors = parser.errors


def _read(html: str) -> tuple[BeautifulSoup, Sequence[Any]]:
    builder = _Strict()
    return BeautifulSoup(html, builder=builder), builder.errors


def _read_part(html: str) -> tuple[BeautifulSoup, Sequence[Any]]:
    parser, first = html5lib.HTMLParser(), re.search(r"<([a-z-]+)", html)
    parser.parseFragment(html, container=CONTAINERS.get(first[1] if first else "", "div"))
    return BeautifulSoup(html, "html.parser"), parser.errors


def page(response: Any, status: int = 200) -> BeautifulSoup:
    """The whole page of ``response``, after checking it.

    Raises:
        AssertionError: another status, or bad manners; the message lists them all.
    """
    _check_answer(response, status)
    soup, errors = _read(response.text)
    found = [*_syntax(response.text, errors), *_manners(soup)]
    if status == UNPROCESSABLE:
        found += error_problems(response.text)
    assert not found, "\n".join(found)
    return soup


def fragment(response: Any, status: int = 200) -> BeautifulSoup:
    """The part of a page that ``response`` brings, checked like a page but for what only pages have."""
    _check_answer(response, status)
    assert "<html" not in response.text, "a fragment was expected, this is a whole page"
    soup, errors = _read_part(response.text)
    found = [*_syntax(response.text, errors), *_manners(soup, whole=False)]
    if status == UNPROCESSABLE:
        found += _error_problems(soup, whole=False)
    assert not found, "\n".join(found)
    return soup


def message(soup: BeautifulSoup) -> str:
    """What the page's live region says."""
    region = soup.find(id="message")
    return _text(region) if isinstance(region, Tag) else ""


def said_next(response: Response) -> str | None:
    """What the page that ``response`` leads to will say was done."""
    for cookie in response.headers.get_list("set-cookie"):
        if kept := SimpleCookie(cookie).get(MESSAGE_COOKIE):
            return left(kept.value)[0]
    return None


def errors(soup: BeautifulSoup) -> dict[str, str]:
    """The sentences at the fields of the page's forms, by the name of the field."""
    found = {}
    for field in soup.select("[aria-invalid=true]"):
        named = field if field.has_attr("name") else field.select_one("[name]")  # several fields share one sentence
        below = [word for word in str(field.get("aria-describedby", "")).split() if word.endswith("-wrong")]
        sentence = soup.find(id=below[0]) if below else None
        if isinstance(named, Tag):
            found[str(named["name"])] = _text(sentence) if isinstance(sentence, Tag) else ""
    return found


def problems(html: str, *, whole: bool = True) -> Iterator[str]:
    """Every breach of manners in ``html``, in words."""
    soup, errors = _read(html) if whole else _read_part(html)
    yield from _syntax(html, errors)
    yield from _manners(soup, whole=whole)


def _manners(soup: BeautifulSoup, *, whole: bool = True) -> Iterator[str]:
    elements = soup.find_all()  # once for all that is asked of them: to look for each apart is slow
    if whole:
        yield from _frame(soup)
    yield from _ids(elements, whole)
    yield from _forms(elements)
    yield from _names(elements)
    yield from _inline_code(elements)
    yield from _slips(str(soup.body or soup))


@lru_cache(maxsize=64)  # behind most doors stands the same page that says no
def ways_on(html: str, whom: str = "member") -> Sequence[str]:
    """Where a page says that one is, or leads back to: without a browser's bar nobody is left on it.

    ``whom`` is the list that a page kept for everybody is opened with (for-whom.js).
    """
    soup = BeautifulSoup(html, "html.parser")
    for part in soup.find_all():
        if part.get("data-for", whom) != whom:
            part.extract()
    if tabs := soup.select("nav.tabs"):
        lit = [link for tab in tabs for link in tab.select("[aria-current]:not(.desk)")]  # a phone has none of a desk
        return [str(link["href"]) for link in (*lit, *soup.select("a.back"))]
    return [str(way.get("href") or way.get("action")) for way in soup.select("main a[href], main form")]


def error_problems(html: str, *, whole: bool = True) -> Iterator[str]:
    """What a page that gives a form back as not right yet owes whoever sent it: they are told, on top, all at once."""
    yield from _error_problems(BeautifulSoup(html, "html.parser"), whole=whole)


def _error_problems(soup: BeautifulSoup, *, whole: bool) -> Iterator[str]:
    boxes = soup.select(".sum")
    if len(boxes) != 1:
        yield f"{len(boxes)} summaries of what is wrong instead of one"
        return
    [box] = boxes
    if not (
        box.get("tabindex") == "-1"
        and box.has_attr("autofocus")
        and (box.get("role") or (box.parent and box.parent.get("role"))) == "alert"
    ):
        yield "the focus does not go to the summary"
    title = str(box.get("data-title", "")).strip()  # a refusal that is a page of its own has its own
    if whole and not _text(soup.title).startswith(title):
        yield f"the title does not say that something is wrong: {_text(soup.title)!r}"
    if not whole and not box.find_parent(id="message"):
        yield "htmx does not bring the summary to the top of the page"
    linked = [str(link["href"])[1:] for link in box.select("a")]
    for name in linked:
        target = soup.find(id=name)
        if target is None:
            yield f"the summary leads to nothing: #{name}"
        elif any(not around.has_attr("open") for around in target.find_parents("details")):
            yield f"the summary leads to a field that is folded away: #{name}"
        elif target.name not in ("input", "select", "textarea") and target.get("tabindex") != "-1":
            yield f"the summary leads to what takes no focus: #{name}"
    said = {sentence["id"] for sentence in soup.select("[id$=-wrong]")}
    yield from (
        f"wrong, and not in the summary: #{name}"
        for name in said
        if str(name)[:-6] not in linked and name not in linked
    )
    yield from (
        f"a sentence that belongs to no field: #{name}"
        for name in said
        if name not in linked and not soup.select(f'[aria-invalid=true][aria-describedby~="{name}"]')
    )
    if not _text(box):
        yield "the summary says nothing"


def _check_answer(response: Any, status: int) -> None:
    assert response.status_code == status, f"{response.status_code} instead of {status}: {response.text[:2000]}"
    assert response.headers["content-type"].startswith("text/html")
    policy = response.headers.get("content-security-policy", "")
    assert "default-src" in policy
    assert "unsafe" not in policy


def _syntax(html: str, errors: Sequence[Any]) -> Iterator[str]:
    lines = html.splitlines()
    for (line, _column), code, values in errors:
        near = lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""
        yield f"invalid HTML in line {line}: {code} {values} near {near!r}"


def _frame(soup: BeautifulSoup) -> Iterator[str]:
    if not (soup.html and soup.html.get("lang")):
        yield "<html> has no lang"
    if not _text(soup.title):
        yield "the title is empty"
    for name in ("h1", "main"):
        if (number := len(soup.find_all(name))) != 1:
            yield f"{number} <{name}> instead of one"
    if not soup.find("meta", attrs={"name": "viewport"}):
        yield "no viewport: phones would show a tiny desk"


def _ids(elements: Sequence[Tag], whole: bool) -> Iterator[str]:
    ids = Counter(str(element["id"]) for element in elements if element.has_attr("id"))
    yield from (f"id {name!r} stands {number} times" for name, number in ids.items() if number > 1)
    if not whole:
        return  # a fragment may point at its page
    for element in elements:
        for attribute in POINTING & element.attrs.keys():
            for name in str(element[attribute]).split():
                if name not in ids:
                    yield f"{attribute}={name!r} of <{element.name}> points at nothing"


def _forms(elements: Sequence[Tag]) -> Iterator[str]:
    labelled = {element.get("for") for element in elements if element.name == "label" and _text(element)}
    sent = {button.get("form") for button in elements if _sends(button)}
    for element in elements:
        if element.name == "form":
            yield from _form(element, is_sent_from_outside=element.get("id") in sent - {None})
        elif element.has_attr("hx-post"):
            yield f"hx-post outside a form: {_opening(element)}"
        elif element.name in FIELDS and element.get("type") not in NAMELESS_FIELDS:
            if not _has_label(element, labelled):
                yield f"a field without a label: {_opening(element)}"
            if element.get("type") == "file" and element.has_attr("required"):
                yield f"a required attachment (red line 4): {_opening(element)}"


def _form(form: Tag, *, is_sent_from_outside: bool) -> Iterator[str]:
    method, action = str(form.get("method", "")).lower(), str(form.get("action", ""))
    if method == "dialog" and form.find_parent("dialog"):
        return  # closes it and sends nothing
    if method not in ("get", "post") or not action:
        yield f"a form without method or action: {_opening(form)}"
    if (htmx := form.get("hx-post")) is not None and (method != "post" or htmx != action):
        yield f"hx-post differs from what the plain form does: {_opening(form)}"
    if method == "post" and not is_sent_from_outside and not any(map(_sends, form.find_all(["button", "input"]))):
        yield f"a form that nobody can send without a script: {_opening(form)}"


def _sends(element: Tag) -> bool:
    return element.get("type", "submit" if element.name == "button" else "") == "submit" and element.name in SENDING


def _has_label(field: Tag, labelled: Collection[Any]) -> bool:
    if field.get("aria-label") or field.get("aria-labelledby"):
        return True
    around = field.find_parent("label")
    return bool(around and _text(around)) if around else field.get("id") in labelled and field.has_attr("id")


def _names(elements: Sequence[Tag]) -> Iterator[str]:
    for element in elements:
        if element.name == "img" and not element.has_attr("alt"):
            yield f"a picture without alt: {_opening(element)}"
        if element.name not in SPOKEN or (element.name == "a" and not element.has_attr("href")):
            continue
        spoken = _text(element) or element.get("aria-label") or element.get("aria-labelledby") or element.get("title")
        if not spoken and not any(picture.get("alt") for picture in element.find_all("img")):
            yield f"nothing to read aloud: {_opening(element)}"


def _slips(html: str) -> Iterator[str]:
    """What is wrong with the words as they are seen: only some elements stand within a line."""
    apart = re.sub(r"</a>\s*<a ", "</a>\n<a ", html)  # links one after the other are a list
    seen = unescape(ANOTHER_LINE.sub("\n", WITHIN_A_LINE.sub("", apart)))
    for slip, pattern in SLIPS.items():
        yield from (f"{slip}: {found[0]!r}" for found in pattern.finditer(seen))


def _inline_code(elements: Sequence[Tag]) -> Iterator[str]:
    """The Content-Security-Policy would silently drop these."""
    for element in elements:
        for attribute, value in element.attrs.items():
            if attribute == "style" or attribute.startswith(("on", "hx-on")):
                yield f"inline code in {attribute}: {_opening(element)}"
            if attribute in ("href", "action", "src") and str(value).lower().startswith("javascript:"):
                yield f"inline code in {attribute}: {_opening(element)}"
        if element.name == "style":
            yield f"an inline style sheet: {_text(element)[:60]!r}"
        if element.name == "script" and not element.get("src") and element.get("type") != "application/json":
            yield f"an inline script: {element.get_text()[:60]!r}"


def _opening(element: Tag) -> str:
    return str(element).split(">", 1)[0][:200] + ">"


def _text(element: Tag | None) -> str:
    return " ".join(element.get_text(" ").split()) if element else ""
