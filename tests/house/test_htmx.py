"""htmx only upgrades what a plain form does, and its words stay in one file and in the templates."""

import re
from collections.abc import Iterator

import pytest

from tests.house.sources import PROJECT_DIR, place, python_files, templates

THE_ONE_THAT_SPEAKS_HTMX = PROJECT_DIR / "app" / "core" / "pages.py"
OPENING_TAG = re.compile(
    r"<(?P<name>[a-z][a-z0-9-]*)(?P<attributes>(?:[^<>{\"']|\"[^\"]*\"|'[^']*'|\{\{.*?\}\}|\{%.*?%\})*)>"
)
ATTRIBUTE = re.compile(
    r"""(?P<name>[\w:-]+)=(?P<quote>["'])(?P<value>(?:\{\{.*?\}\}|\{%.*?%\}|(?!(?P=quote)).)*)(?P=quote)"""
)
SENDING = ("hx-post", "hx-put", "hx-patch", "hx-delete", "hx-action")


def speaks_htmx(source: str) -> bool:
    """Whether Python code names a header of htmx."""
    return bool(re.search(r"\bHX-[A-Z]", source, re.IGNORECASE))


def upgrades_without_plain_form(template: str) -> Iterator[str]:
    """Elements that send with htmx something else than a plain form of the same address would."""
    for tag in OPENING_TAG.finditer(template):
        attributes = {found["name"]: found["value"] for found in ATTRIBUTE.finditer(tag["attributes"])}
        if not any(name in attributes for name in SENDING):
            continue
        plain = tag["name"] == "form" and attributes.get("method") == "post" and attributes.get("action")
        if not plain or attributes.get("hx-post") != plain:
            yield tag[0][:160]


def test_headers_of_htmx_are_named_in_one_file():
    found = [
        place(path)
        for path in python_files()
        if path != THE_ONE_THAT_SPEAKS_HTMX and speaks_htmx(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"use pages.wants_fragment, render, go: {found}"


def test_each_action_is_a_plain_form_first():
    found = [
        f"{place(path)} {tag}"
        for path in templates()
        for tag in upgrades_without_plain_form(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "template",
    [
        '<button hx-post="/wishes">',
        '<form method="post" action="/wishes" hx-post="/wishes/new">',
        '<form action="/wishes" hx-post="/wishes">',
        '<form method="post" action="/wishes/{{ a["id"] }}" hx-post="/wishes/{{ b["id"] }}">',
        '<form method="post" action="/wishes" hx-delete="/wishes">',
    ],
)
def test_the_template_check_can_fail(template):
    assert list(upgrades_without_plain_form(template))


def test_the_checks_let_good_code_pass():
    good = """<form class="{% if a > b %}x{% endif %}" method="post" action="/w/{{ w.id }}/claim"
                    hx-post="/w/{{ w.id }}/claim">"""
    assert list(upgrades_without_plain_form(good)) == []
    assert speaks_htmx('response.headers["hx-redirect"]')
    assert not speaks_htmx("see docs about htmx")
