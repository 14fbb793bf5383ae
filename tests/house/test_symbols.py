"""Every symbol that a page or a stream names is drawn in the sprite: a name that is not there leaves an empty place."""

import re

from tests.house.sources import PROJECT_DIR

_DRAWN = re.compile(r'<symbol[^>]* id="([\w-]+)"')
_NAMED = (
    re.compile(r'nav\.line\([^()]*(?:\([^()]*\)[^()]*)*?, "([a-z-]+)", _\('),
    re.compile(r'nav\.line\("[^"]*", "([a-z-]+)"'),
    re.compile(r'symbol="([a-z-]+)"'),
    re.compile(r'icon\("([a-z-]+)"\)'),
    re.compile(r'OwnPage\("[^"]*", "([a-z-]+)"'),
    re.compile(r'icon="([a-z-]+)"'),
)


def named(text):
    return {name for pattern in _NAMED for name in pattern.findall(text)}


def test_every_symbol_is_drawn():
    drawn = set(_DRAWN.findall((PROJECT_DIR / "web" / "icons" / "icons.svg").read_text("utf-8")))
    sources = [*(PROJECT_DIR / "web" / "templates").rglob("*.html"), *(PROJECT_DIR / "app").rglob("*.py")]
    missing = {
        f"{path.relative_to(PROJECT_DIR)}: {name}"
        for path in sources
        for name in named(path.read_text("utf-8")) - drawn
    }
    assert len(drawn) > 20
    assert missing == set()


def test_a_name_is_found_in_all_its_places():
    assert named('{{ nav.line("/a", "book", _("A")) }}{{ ui.link(_("B"), "/b", symbol="pen") }}') == {"book", "pen"}
