"""One word for one thing: what ``docs/words.zh-CN.md`` has put aside does not come back on a page or in the guide."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.house.sources import PROJECT_DIR
from tests.house.test_words import asked, chinese

PUT_ASIDE: Final = {
    "报送": "提交",
    "(?<!海)报上": "提交",
    "审核": "审批",
    "审定": "审批",
    "评定(?!等次)": "审批",
    "撤销": "撤回 or 取消",
    "期限": "时限",
    "许愿人": "心愿人",
    "圆梦": "已实现",
    "清单任务": "事项",
    "责任事项": "事项",
    "工作事项": "事项",
    "一张清单": "量化清单",
    "就够了": "即可",
    "一声": "a word of writing",
    "事实": "台账记录",
    "条目": "台账记录",
    "反馈": "意见与投诉, or what is meant: 说明, 提交结果",
    "建议箱": "意见与投诉",
    "匿名提交": "不署名",
    "登记了您的哪些信息": "个人信息",
    "驳回": "退回",
    "打回": "退回",
    "办好了": "已办结",
    "截止": "时限",
    "逾期未办": "已过时限",
    "迟报": "补录",
}
"""The variant as a pattern, and what is said instead."""
STAYS: Final = {
    "计分并评定": "a grade of the review is called so in the statutes",
    "不评定等次": "the same",
    "“工作事项”": "a heading that files of other people have",
    "责任人、工作事项和完成时限": "headings of the same files",
    "缺少工作事项": "the heading of the file again",
}
"""Words that are meant, with the reason."""
ENGLISH_PUT_ASIDE: Final = {
    "the own ": "their own, your own",
    "past their day": "overdue",
    "past its day": "overdue",
    "Give duties": "Assign duties",
    "Examine pledges": "Pledges to review",
    "How pledges ended": "Pledge results",
    "Slips for signing in": "Activation slips",
    "This year so far": "Score so far",
    "How it came about": "Breakdown",
    "Sign of completion": "Evidence of completion",
    "Sign: ": "Evidence: ",
    "your word is": "approving counts as",
}
"""The same for English sentences."""
DOCUMENTS: Final = ("docs/guide.zh-CN.md", "README.zh-CN.md")


def variants(text: str) -> Iterator[str]:
    """What ``text`` says that was put aside, and what is said instead."""
    for meant in STAYS:
        text = text.replace(meant, "")
    for variant, instead in PUT_ASIDE.items():
        if found := re.search(variant, text):
            yield f"{found[0]} (say {instead})"


def sentences() -> Iterator[str]:
    """Every Chinese sentence of a page, but the heading 工作事项 of the file that is taken in."""
    for entry in chinese():
        if entry.id and entry.id != "What is to be done":
            yield from [entry.string] if isinstance(entry.string, str) else entry.string or ()


def test_no_sentence_says_what_was_put_aside():
    found = [f"{word}: {said}" for said in sentences() for word in variants(said)]
    assert not found, "see docs/words.zh-CN.md\n" + "\n".join(found)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_guide_says_it(document):
    lines = (PROJECT_DIR / document).read_text("utf-8").splitlines()
    found = [f"{document}:{number}: {word}" for number, line in enumerate(lines, 1) for word in variants(line)]
    assert not found, "see docs/words.zh-CN.md\n" + "\n".join(found)


def test_no_english_sentence_says_it():
    found = [
        f"{where}: {message!r} (say {instead})"
        for message, where in asked().items()
        for word, instead in ENGLISH_PUT_ASIDE.items()
        if word in message
    ]
    assert not found, "\n".join(found)


def test_what_is_held_here_is_what_the_list_says_is_held():
    said = (PROJECT_DIR / "docs/words.zh-CN.md").read_text("utf-8")
    assert set(re.findall(r"\*\*(.+?)\*\*", said)) - {"加粗"} == {re.sub(r"\(.*?\)", "", held) for held in PUT_ASIDE}


def test_every_exception_is_still_needed():
    told = "\n".join([*sentences(), *((PROJECT_DIR / document).read_text("utf-8") for document in DOCUMENTS)])
    assert [meant for meant in STAYS if meant not in told] == []


@pytest.mark.parametrize(
    "said", ["已报送", "正等审核", "报上结果", "已圆梦", "我的一张清单", "过了期限", "由另一人评定", "办好了"]
)
def test_the_check_can_fail(said):
    assert list(variants(said))


@pytest.mark.parametrize("said", ["没有这张海报上的地址", "不评定等次", "评定等次由支委会决定", "请提交审批", "时限"])
def test_what_is_meant_passes(said):
    assert list(variants(said)) == []
