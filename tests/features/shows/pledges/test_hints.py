"""Advice about pledges: what is hollow, what nobody could check. It is read, and stops nobody."""

import json
from pathlib import Path

import pytest

from app.demo.matters import HOLLOW_PLEDGE, MORE_PLEDGES, PLEDGES
from app.features.shows.pledges import library
from app.features.shows.pledges.hints import HINT_SENTENCES, Hint, hints, is_checkable, is_hollow

SUGGESTED = json.loads(Path(library.__file__).with_name("suggestions.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "努力学习，不断提高理论水平",
        "认真工作，发挥先锋模范作用",
        "进一步加强作风建设",
        "尽职尽责，做好本职工作",
        "I will strive to improve",
    ],
)
def test_words_that_say_how_and_not_what_are_hollow(text):
    assert is_hollow(text)


@pytest.mark.parametrize(
    "text",
    [
        "认真学习《监察法》",
        "努力在 6 月底前办结 3 件积案",
        "每月认真研读一部法规",
        "首问电话不推诿",
        "带一名新同志熟悉业务",
        "strive to answer within 5 days",
    ],
)
def test_a_number_a_date_or_a_name_makes_it_concrete(text):
    assert not is_hollow(text)


@pytest.mark.parametrize("sign", ["学有所获", "群众满意", "取得进步", "better work"])
def test_signs_that_nobody_can_look_at(sign):
    assert not is_checkable(sign)


@pytest.mark.parametrize(
    "sign", ["读书笔记", "12 篇", "年底前", "销号清单", "测试一次通过", "全年零投诉", "a signed list"]
)
def test_signs_that_somebody_can_look_at(sign):
    assert is_checkable(sign)


def test_each_hint_has_words():
    assert set(HINT_SENTENCES) == set(Hint)
    assert hints("努力工作", "做得更好") == (Hint.HOLLOW, Hint.NO_SIGN)


@pytest.mark.parametrize("line", SUGGESTED, ids=range(len(SUGGESTED)))
def test_our_own_suggestions_pass(line):
    assert hints(line["text"], line["sign"]) == ()
    assert max(len(line["text"]), len(line["sign"])) <= 60


def test_the_demo_knows_good_ones_and_a_hollow_one():
    assert all(hints(text, sign) == () for text, _side, sign in (*PLEDGES, *MORE_PLEDGES))
    assert len(hints(HOLLOW_PLEDGE[0], HOLLOW_PLEDGE[2])) == 2
