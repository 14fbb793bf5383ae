"""Styles and pages know each other: what a page wears has a rule, or somebody finds something by it."""

import ast
import re
from collections.abc import Iterator

from tests.house.sources import PROJECT_DIR, place, python_files, templates, tree

STYLES = PROJECT_DIR / "web" / "styles"
SCRIPTS = PROJECT_DIR / "web" / "scripts"
CLASS = re.compile(r'(?<![\w-])class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', re.DOTALL)
SPOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_QUOTED = r"(?:\"[^\"]*\"|'[^']*')"
COMPARED = re.compile(rf"(?:==|!=|\bin) *\(?{_QUOTED}(?:, *{_QUOTED})*|{_QUOTED} (?:not )?in\b|_\({_QUOTED}")
"""Words of an expression that are asked about or said, not worn."""
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
NAME = re.compile(r"\.(-?[a-z][\w-]*)")
ROLELESS = re.compile(r"<(?:table|thead|tbody|tr|th|td)\b(?![^>]*\brole=)")
PRINTED = 'data-frame="paper"'
PLAIN = {
    "web/templates/macros/papers.html": "printed",
    "web/templates/shows/wall/promises.html": "scrolls",
    "web/templates/wishes/month.html": "scrolls",
}
"""Pages beside those in the frame of a paper whose tables stay as they are on a phone."""
FINDERS = frozenset({"select", "select_one", "locator", "wait_for_selector", "query_selector", "css"})
"""What takes a selector in tests."""
FOUND_IN_SCRIPTS = re.compile(r"(?:querySelector(?:All)?|closest|matches)\(\s*[\"'`]([^\"'`]*)")


def rules() -> set[str]:
    """The classes that some style sheet knows."""
    found: set[str] = set()
    for path in STYLES.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        for selector in re.findall(r"([^{};]+)\{", text):
            found.update(NAME.findall(selector))
    return found


def found_by() -> set[str]:
    """The classes by which a script or a test finds something."""
    selectors = [one for path in SCRIPTS.rglob("*.js") for one in FOUND_IN_SCRIPTS.findall(path.read_text("utf-8"))]
    for path in python_files("tests"):
        for call in ast.walk(tree(path)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in FINDERS:
                words = (
                    node.value for given in call.args for node in ast.walk(given) if isinstance(node, ast.Constant)
                )
                selectors += [word for word in words if isinstance(word, str)]
    return {name for selector in selectors for name in NAME.findall(selector)}


def worn(source: str) -> Iterator[str]:
    """The classes that a template names, as they are and within expressions."""
    for attribute in CLASS.findall(source):
        yield from SPOKEN.sub(" ", attribute).split()
        for expression in SPOKEN.findall(attribute):
            for either in QUOTED.findall(COMPARED.sub("", expression)):
                yield from "".join(either).split()


def test_tables_that_flow_on_a_phone_stay_tables_for_who_listens():
    """A plain ``<table>`` scrolls or is printed; the parts of all others say what they are, as ``ui.table`` does."""
    pages = {place(path): path.read_text("utf-8") for path in templates()}
    assert [one for one in PLAIN if one not in pages] == []
    found = [
        f"{name}: {part}"
        for name, text in pages.items()
        if name not in PLAIN and PRINTED not in text
        for part in ROLELESS.findall(text)
    ]
    assert found == []
    assert ROLELESS.findall('<table><tr class="row"><th scope="row" role="rowheader"><td>') == ["<table", "<tr", "<td"]


def test_what_a_page_wears_has_a_rule_or_is_found_by_it():
    known = rules() | found_by()
    found = {
        f"{place(path)}: {name}" for path in templates() for name in worn(path.read_text("utf-8")) if name not in known
    }
    assert sorted(found) == []


def test_the_check_of_what_is_worn_can_fail():
    page = """<li class="row{{ " on" if kind == "late" }} {% if x in ('a', 'b') or 'c' in x %}wide{% endif %}">"""
    assert list(worn(page)) == ["row", "wide", "on"]
