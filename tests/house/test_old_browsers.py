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
        r":has\(|:is\(|:where\(|\baspect-ratio:|(?<![\w-])inset:|(padding|margin|inset)-(inline|block)\b|@container|@layer|color-mix\("
    ),
}
"""What no browser of 2020 and 2021 knows, and what no build can put in its place."""


def too_new(kind, text):
    return [found[0] for found in TOO_NEW[kind].finditer(re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL))]


@pytest.mark.parametrize("kind", ["js", "css"])
def test_nothing_is_used_that_the_oldest_browsers_do_not_know(kind):
    files = [path for folder in ("scripts", "styles") for path in (WEB / folder).rglob(f"*.{kind}")]
    assert len(files) > 10
    found = {path.name: words for path in files if (words := too_new(kind, path.read_text(encoding="utf-8")))}
    assert found == {}


def test_the_build_turns_syntax_down_to_them():
    assert 'const TARGET = ["chrome86", "ios15"];' in (WEB / "build.mjs").read_text(encoding="utf-8")


def test_what_is_too_new_is_noticed():
    assert too_new("css", "a { inset: 0 } b:has(c) { padding-inline: 1px }") == ["inset:", ":has(", "padding-inline"]
    assert too_new("js", "list.at(-1); // .at(0)") == [".at("]
    assert too_new("css", "a { box-shadow: inset 0 0 0 1px }") == []
