"""The oldest browsers that are promised: Chrome 86, Safari of iOS 15. Only syntax is turned down by the build."""

import re

import pytest

from tests.house.sources import PROJECT_DIR

WEB = PROJECT_DIR / "web"
TOO_NEW = {
    "js": re.compile(
        r"\bstructuredClone\b|\.at\(|\brandomUUID\b|AbortSignal\.(timeout|any)|Object\.(hasOwn|groupBy)\b|\.findLast|\.toSorted\("
        r"|\.requestSubmit\(|\.withResolvers\("
    ),
    "css": re.compile(
        r"(?<!:not\():focus-visible|\btext-wrap\b|\b\d+[dsl]v[hw]\b|\btext-underline-offset\b|\baccent-color\b|\bscrollbar-gutter\b"
        r"|:has\(|:is\(|:where\(|\baspect-ratio:|(?<![\w-])inset:|(padding|margin|inset)-(inline|block)\b|@container|@layer|color-mix\("
    ),
}
"""What not every browser of 2020 and 2021 knows, and what no build can put in its place."""
WITHOUT_LOSS = {
    "text-wrap": "lines break where they always did",
    "text-underline-offset": "the line stands closer to its word (Chrome 86)",
    "100dvh": "100vh stands before it",
    "accent-color": "a slider has the browser's own colour",
}
"""What is newer and yet used, with what is seen where it is not known. ``:not(:focus-visible)`` is free as well: it
takes an outline away, and where it is not known the outline stays; ``:focus-visible`` alone would lose its rule."""


def too_new(kind, text):
    return [found[0] for found in TOO_NEW[kind].finditer(re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL))]


@pytest.mark.parametrize("kind", ["js", "css"])
def test_nothing_is_used_that_the_oldest_browsers_do_not_know(kind):
    files = [path for folder in ("scripts", "styles") for path in (WEB / folder).rglob(f"*.{kind}")]
    assert len(files) > 10
    found = {path.name: set(too_new(kind, path.read_text(encoding="utf-8"))) - set(WITHOUT_LOSS) for path in files}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_exception_is_still_needed_and_has_what_stands_before_it():
    told = "\n".join(path.read_text(encoding="utf-8") for path in (WEB / "styles").rglob("*.css"))
    assert [word for word in WITHOUT_LOSS if word not in told] == []
    assert re.findall(r"(?<!100vh;\n)^ *min-height: 100dvh;", told, re.MULTILINE) == []
    assert told.count("100dvh") == told.count("min-height: 100dvh;")


def test_the_build_turns_syntax_down_to_them():
    assert 'const TARGET = ["chrome86", "ios15"];' in (WEB / "build.mjs").read_text(encoding="utf-8")


def test_what_is_too_new_is_noticed():
    assert too_new("css", "a { inset: 0 } b:has(c) { padding-inline: 1px }") == ["inset:", ":has(", "padding-inline"]
    assert too_new("js", "list.at(-1); // .at(0)") == [".at("]
    assert too_new("css", "a:focus-visible { top: 1dvh }") == [":focus-visible", "1dvh"]
    assert too_new("css", "a { box-shadow: inset 0 0 0 1px } a:focus:not(:focus-visible) { outline: 0 }") == []
