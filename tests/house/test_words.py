"""Every word on the screen goes through gettext, and the Chinese catalogue is complete."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from babel.messages import Catalog
from babel.messages.checkers import python_format
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from app.features.scores.catalogue import words_of_rules
from tests.house.sources import PROJECT_DIR, place, python_files, templates, tree

CHINESE = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}")
ATTRIBUTES = re.compile(r'[\w-]+="[^"]*"')
SENTENCE = re.compile(r"[A-Z][a-z]|[\u3400-\u9fff]")
SPOKEN_ATTRIBUTES = frozenset({"alt", "aria-description", "aria-label", "label", "placeholder", "title"})
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
LANGUAGE_NAMES = frozenset({"English", "简体中文"})  # a language is named in itself, whatever the page speaks
_lexer = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)


class _Words(HTMLParser):
    """Collects what a person would see or hear and no expression has produced."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        spoken = SPOKEN_ATTRIBUTES | ({"value"} if given.get("type") in ("submit", "button") else frozenset())
        self.found += [value for name, value in attrs if name in spoken and value]


def untranslated(template: str) -> list[str]:
    """Words of ``template`` that stand outside ``_()`` and ``{% trans %}``."""
    written, in_translation, block = [], False, ""
    for _line, token, value in _lexer.lex(template):
        if token == "data":
            written.append("" if in_translation else value)
        elif token == "name" and block == "":
            block = value
        elif token == "block_end":
            in_translation = (in_translation or block == "trans") and block != "endtrans"
        if token in ("block_begin", "variable_begin"):
            block = "" if token == "block_begin" else "expression"
    parser = _Words()
    parser.feed("".join(written))
    said = (ATTRIBUTES.sub("", words).strip() for words in parser.found)  # a macro may write attributes alone
    return [words for words in said if LETTERS.search(words) and words not in LANGUAGE_NAMES]


def unmarked(template: str) -> list[str]:
    """Sentences that an expression of ``template`` hands on without ``_()``: ``{{ ui.button("Send") }}``."""
    parsed = _lexer.parse(template)
    marked = {
        id(constant)
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in KEYWORDS
        for constant in call.find_all(nodes.Const)
    }
    return [
        text
        for constant in parsed.find_all(nodes.Const)
        for text in [constant.value]
        if id(constant) not in marked and isinstance(text, str) and SENTENCE.match(text) and text not in LANGUAGE_NAMES
    ]


@cache
def asked() -> dict[str, str]:
    """Every message of the source with a place where it is asked for."""
    found: dict[str, str] = {}
    for method, paths in (("python", python_files()), ("jinja2.ext:babel_extract", templates())):
        for path in paths:
            for line, message, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS):
                singular = message[0] if isinstance(message, tuple) else message
                found.setdefault(singular, place(path, line))
    for path in sorted((PROJECT_DIR / "app/features/scores/rule_sets").glob("*.json")):
        for message in words_of_rules(json.loads(path.read_text("utf-8"))):
            found.setdefault(message, place(path))
    return found


@cache
def chinese() -> Catalog:
    """The catalogue that visitors get by default."""
    with (PROJECT_DIR / "web/locales/zh_CN/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="zh_CN")


def gaps(messages: dict[str, str], catalogue: Catalog) -> Iterator[str]:
    """What ``catalogue`` lacks for ``messages``, or has wrong."""
    for message, where in messages.items():
        entry = catalogue.get(message)
        if entry is None or not entry.string or not all(entry.string):
            yield f"{where}: no Chinese for {message!r}"
        elif entry.fuzzy:
            yield f"{where}: the Chinese for {message!r} is marked as a guess"
        else:
            try:
                python_format(catalogue, entry)
            except Exception as wrong:  # noqa: BLE001 (Babel says what is wrong with the placeholders)
                yield f"{where}: {wrong}"


def leftovers(messages: dict[str, str], catalogue: Catalog) -> Iterator[str]:
    """What ``catalogue`` translates although nobody asks for it any more."""
    for entry in catalogue:
        singular = entry.id if isinstance(entry.id, str) else entry.id[0]
        if singular and singular not in messages:
            yield singular


def chinese_sentences(module: ast.Module) -> Iterator[int]:
    """Lines whose text is mostly Chinese; a Chinese heading quoted in an English sentence is not."""
    for node in ast.walk(module):
        match node:
            case ast.Constant(value=str(text)) if len(CHINESE.findall(text)) * 2 > len(text):
                yield node.lineno


def separators(template: str) -> list[str]:
    """Signs between the things of a list that stand beside the catalogue: Chinese knows others. ``·`` is both's."""
    return re.findall(
        r"join\(\s*[\"'][^\"'·]*[,;、；][^\"']*[\"']|(?:\}\}|%\})(?:[,:;、：；] ?| ?[(（])(?=\{[{%]|<|$)",
        template,
        re.MULTILINE,
    )


def test_lists_are_told_apart_by_signs_of_the_catalogue():
    found = [f"{place(path)}: {sign}" for path in templates() for sign in separators(path.read_text("utf-8"))]
    kept = {"imports/outgoing.py", "sheet/rows.py", "sheet/outgoing.py", "duties/service.py"}  # read back, or stored
    found += [
        place(path, node.lineno)
        for path in python_files("app/features")
        if f"{path.parent.name}/{path.name}" not in kept
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "join" and isinstance(node.value, ast.Constant)
        if node.value.value in ("、", "，", "；")
    ]
    assert not found, '_(", ") or _("; "): ' + ", ".join(found)


@pytest.mark.parametrize(
    "template",
    [
        "{{ names|join('、') }}",
        '{{ names|join("; ") }}',
        "{{ a }}; {% endif %}",
        "{{ a }}, {{ b }}",
        "{{ a }} ({{ b }})",
        "{{ a }}: <b>{{ b }}</b>",
    ],
)
def test_the_check_of_signs_can_fail(template):
    assert separators(template)


def test_templates_say_nothing_untranslated():
    found = [
        f"{place(path)}: {words!r}"
        for path in templates()
        for template in [path.read_text("utf-8")]
        for words in untranslated(template) + unmarked(template)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["errors.py", "routes.py", "service.py", "forms.py"])
def test_sentences_in_the_code_are_english(name):
    found = [
        place(path, line) for path in python_files() if path.name == name for line in chinese_sentences(tree(path))
    ]
    assert not found, f"English in the source, Chinese in the catalogue: {found}"


def test_scripts_say_nothing_themselves():
    scripts = sorted((PROJECT_DIR / "web" / "scripts").rglob("*.js"))
    assert scripts
    found = [
        place(path) for path in scripts if CHINESE.search(re.sub(r"//.*|/\*[\s\S]*?\*/", "", path.read_text("utf-8")))
    ]
    assert not found, f"scripts take their words from the page: {found}"


def test_the_chinese_is_complete():
    found = list(gaps(asked(), chinese()))
    assert not found, "\n".join(found)


def half_width(catalogue: Catalog) -> Iterator[str]:
    """Chinese with signs of English between its words."""
    for entry in catalogue:
        for said in (entry.string,) if isinstance(entry.string, str) else entry.string or ():
            yield from re.findall(r"[\u4e00-\u9fff]+[,;!?][\u4e00-\u9fff]+", said)


def test_chinese_has_chinese_signs():
    assert list(half_width(chinese())) == []


def test_nothing_is_translated_for_nobody():
    found = list(leftovers(asked(), chinese()))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        "<p>你好</p>",
        '<button title="Close">{{ icon("x") }}</button>',
        '<input type="submit" value="Send">',
        "<p>{{ _('Hello') }} world</p>",
        '<p class="{% if a %}x{% endif %}">Hello</p>',
        "{% block main %}Hello{% endblock %}",
        '{{ ui.button("Send") }}',
        '{{ ui.field(form, "title", label="标题") }}',
    ],
)
def test_the_template_check_can_fail(template):
    assert untranslated(template) + unmarked(template)


@pytest.mark.parametrize(
    "template",
    [
        '<p class="card" id="wish-{{ w.id }}">{{ _("Hello") }} · {{ w.title }} — 3</p>',
        "{% trans n=3 %}Hello {{ n }}{% endtrans %}",
        '<a href="/study" hx-get="/study">{{ "English" }}</a><option value="en">English</option>',
        "{# a comment #}<!-- and another -->",
        '{% macro wrong(field) %} aria-describedby="{{ field }}-wrong" aria-invalid="true"{% endmacro %}',
        '{{ ui.button(_("Send"), tone="quiet") }}{{ ngettext("One day", "%(n)s days", n, n=n) }}',
    ],
)
def test_the_template_check_lets_good_ones_pass(template):
    assert untranslated(template) + unmarked(template) == []


def test_the_check_of_the_code_can_fail():
    assert list(chinese_sentences(ast.parse("message = '请先登录。'"))) == [1]
    assert list(chinese_sentences(ast.parse("message = 'A row with headings such as 姓名 is needed.'"))) == []


def test_the_words_of_a_rule_set_are_found():
    rules = {
        "title": "Year",
        "version": "1",
        "sections": [{"title": "Work", "rules": [{"parts": [{"label": "Item"}]}]}],
    }
    assert list(words_of_rules(rules)) == ["Year", "Work", "Item"]


def test_the_catalogue_checks_can_fail():
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("Sent", "已发送")
    catalogue.add("%(n)s items", "%(m)s 条", flags=["python-format"])
    catalogue.add("Guess", "猜", flags=["fuzzy"])
    catalogue.add("Empty", "")
    messages = {"Sent": "a:1", "%(n)s items": "a:2", "Guess": "a:3", "Empty": "a:4", "Missing": "a:5"}
    assert len(list(gaps(messages, catalogue))) == 4
    assert list(leftovers({"Sent": "a:1"}, catalogue)) == ["%(n)s items", "Guess", "Empty"]
