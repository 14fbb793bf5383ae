"""What the product must never do, as far as code can show it. Source: domain, the red lines.

Sorting people by a number is looked for in three places: SQL (``order_by``), Python (``sorted``, ``nlargest``)
and templates (``|sort``). A line that sorts something else by a number says so: ``# ranks no people: why``.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import place, python_files, templates

NUMBERS_OF_PEOPLE = re.compile(
    r"\w*(point|score|count|total|quantit|minute|hours|rank|percent|used_at|seen|streak|items)\w*", re.IGNORECASE
)
RANKING_WORDS = re.compile(
    r"\b(rank(ing|ed)?|leaderboard|percentile|top_\w+|streak|last_seen|most_common|nlargest)\b", re.IGNORECASE
)
ESCAPE = "# ranks no people:"
FILE_INPUT = re.compile(r"<input\b[^>]*type=[\"']file[\"'][^>]*>", re.IGNORECASE)


def rankings(source: str) -> Iterator[int]:
    """Lines of Python that sort by something a person could be measured with."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr="order_by"), args=[_, *_]):
                keys = [name for argument in node.args for name in _names(argument)]
            case ast.Call(func=ast.Name(id="sorted") | ast.Attribute(attr="sort"), keywords=[_, *_]):
                keys = [name for keyword in node.keywords if keyword.arg == "key" for name in _names(keyword.value)]
            case ast.Name(id=name) | ast.Attribute(attr=name) if RANKING_WORDS.fullmatch(name):
                keys = [name + "_rank"]
            case _:
                continue
        said = "\n".join(lines[node.lineno - 1 : (node.end_lineno or node.lineno)])
        if any(NUMBERS_OF_PEOPLE.search(key) for key in keys) and ESCAPE not in said:
            yield node.lineno


def _names(key: ast.expr) -> Iterator[str]:
    """The columns, attributes and keys an expression sorts by; not the tables they belong to."""
    tables = {id(node.value) for node in ast.walk(key) if isinstance(node, ast.Attribute)}
    for node in ast.walk(key):
        match node:
            case ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                yield name
            case ast.Name(id=name) if id(node) not in tables:
                yield name


def sorted_in_template(template: str) -> list[str]:
    """Filters of a template that sort by something a person could be measured with."""
    sorts = re.findall(r"\|\s*(?:dictsort|sort)\b(?:\([^)]*\))?", template)
    return [sort for sort in sorts if NUMBERS_OF_PEOPLE.search(sort) or "dictsort" in sort]


def test_nobody_is_ranked_in_code():
    found = [place(path, line) for path in python_files("app/features") for line in rankings(path.read_text("utf-8"))]
    assert not found, f"people are listed by group and name (red line 1): {found}"


def test_nobody_is_ranked_on_a_page():
    found = [f"{place(path)} {sort}" for path in templates() for sort in sorted_in_template(path.read_text("utf-8"))]
    assert not found, f"people are listed by group and name (red line 1): {found}"


def test_no_attachment_is_required():
    found = [
        f"{place(path)} {field}"
        for path in templates()
        for field in FILE_INPUT.findall(path.read_text("utf-8"))
        if "required" in field
    ]
    assert not found, f"no form demands a photo or a file (red line 4): {found}"


def test_no_page_asks_where_somebody_is():
    found = [
        f"{place(path)} {word}"
        for path in templates()
        for word in re.findall(r"geolocation|capture=[\"'](?:user|environment)", path.read_text("utf-8"))
    ]
    assert not found, f"no position and no selfie (red line 3): {found}"


@pytest.mark.parametrize(
    "source",
    [
        "select(Member).order_by(Total.points.desc())",
        "select(Member).order_by(func.count(Fact.id))",
        "sorted(members, key=lambda member: member.score)",
        "rows.sort(key=itemgetter('minutes'), reverse=True)",
        "heapq.nlargest(3, sheets)",
        "Counter(names).most_common(5)",
        "leaderboard(branch)",
    ],
)
def test_the_check_for_rankings_can_fail(source):
    assert list(rankings(source)) == [1]


@pytest.mark.parametrize(
    "source",
    [
        "select(Member).order_by(Member.group_id, Member.pinyin)",
        "sorted(members, key=lambda member: member.pinyin)",
        "select(Fact).order_by(Fact.seq)",
        "select(LedgerTotal).order_by(LedgerTotal.month)",
        "lines.sort(key=lambda line: line.total)  # ranks no people: lines of one sheet",
        "points = max(0, total)",
    ],
)
def test_the_check_for_rankings_lets_good_code_pass(source):
    assert list(rankings(source)) == []


def test_the_check_of_templates_can_fail():
    assert sorted_in_template("{% for m in members|sort(attribute='points', reverse=true) %}")
    assert sorted_in_template("{% for m in members | dictsort %}")
    assert not sorted_in_template("{% for m in members|sort(attribute='pinyin') %}")
    assert FILE_INPUT.findall('<input name="photo" type="file" required>')
