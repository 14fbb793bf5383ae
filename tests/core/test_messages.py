"""What the next page is told stands in a cookie, and a cookie is whatever a browser sends."""

import json

import pytest

from app.core.messages import Undo, left, told
from app.core.pages import MESSAGE_COOKIE
from tests.makers import as_member
from tests.page import page

SAID = {"text": "已撤回。", "undo": {"to": "/records/1/restore", "label": "恢复", "sends": {"id": "1"}}}


def with_undo(**changed):
    return SAID | {"undo": SAID["undo"] | changed}


def test_what_was_said_is_read_again():
    undo = Undo(**SAID["undo"])
    assert left(json.dumps(told("已撤回。", undo))) == ("已撤回。", undo)
    assert left(json.dumps(told("已保存。", None))) == ("已保存。", None)


@pytest.mark.parametrize(
    "changed",
    [
        with_undo(sends=5),
        with_undo(sends=["id"]),
        with_undo(sends={"id": {"deep": 1}}),
        with_undo(to="https://elsewhere.example/"),
        with_undo(to="//elsewhere.example/"),
        with_undo(to="/\\elsewhere.example/"),
        with_undo(to="/\t/elsewhere.example/"),
        with_undo(to=5),
        with_undo(label=None),
        SAID | {"undo": "now"},
        {"text": ["已撤回。"]},
        {"undo": SAID["undo"]},
        ["text"],
        5,
        None,
    ],
)
def test_what_somebody_has_changed_says_nothing(client, alice, changed):
    assert left(json.dumps(changed)) == (None, None)
    cookie = f"{as_member(alice)['Cookie']}; {MESSAGE_COOKIE}={json.dumps(json.dumps(changed))}"
    assert not page(client.get("/", headers={"Cookie": cookie})).select("#message form")


@pytest.mark.parametrize("cookie", ["", "{", "[" * 100_000])
def test_what_is_no_json_says_nothing(cookie):
    assert left(cookie) == (None, None)
