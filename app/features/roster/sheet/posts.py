"""Posts in the branch and what a remark says about being exempt."""

import re
from collections.abc import Mapping
from typing import Final

from app.core.tables import folded
from app.features.members.rules import ExemptionKind, Role

BRANCH_POSTS: Final[Mapping[Role, str]] = {
    Role.SECRETARY: "支部书记",
    Role.DEPUTY: "副书记",
    Role.ORGANISATION: "组织委员",
    Role.PUBLICITY: "宣传委员",
    Role.DISCIPLINE: "纪检委员",
    Role.GROUP_LEADER: "党小组组长",
}
"""The posts a roster gives and takes, as the file that goes out says them. Posts of the committee and of
administrators are never given by a file."""
_BETWEEN: Final = re.compile(r"[、,;/|+&。]|兼任?|(?<=[a-z]) and (?=[a-z])")
_ASIDE: Final = re.compile(r"\([^)]*\)")
_NONE: Final = frozenset(
    {"无", "-", "--", "—", "/", "党员", "普通党员", "正式党员", "预备党员", "群众", "none", "member"}
)
_OF_THE_BRANCH: Final = re.compile(r"^(?:党?支部委员会|党?支部|支委会?)(?=.)")
_GROUP_LEADER: Final = re.compile(r"(?:.*小组)?组长|.*小组长")
_COMMISSIONER: Final = re.compile(r"((?:组织|宣传|纪检|纪律检查)+)(?:委员)?")
_COMMISSIONS: Final[Mapping[str, Role]] = {"组织": Role.ORGANISATION, "宣传": Role.PUBLICITY, "纪": Role.DISCIPLINE}
_HEADS: Final[Mapping[str, Role]] = {
    "书记": Role.SECRETARY,
    "副书记": Role.DEPUTY,
    "secretary": Role.SECRETARY,
    "deputy": Role.DEPUTY,
    "deputysecretary": Role.DEPUTY,
    "organisationcommissioner": Role.ORGANISATION,
    "publicitycommissioner": Role.PUBLICITY,
    "disciplinecommissioner": Role.DISCIPLINE,
    "groupleader": Role.GROUP_LEADER,
}

_EXEMPT: Final[tuple[tuple[ExemptionKind, re.Pattern[str]], ...]] = (
    (ExemptionKind.RETIRED, re.compile("退休")),
    (ExemptionKind.ILLNESS, re.compile("病休|病假|长期(?:患|生|卧|养)?病|重病|大病|卧床")),
    (ExemptionKind.AGE, re.compile("年老|年迈|高龄|体弱")),
    (ExemptionKind.SECONDED, re.compile("借调|抽调|挂职|外派|驻村|援疆|援藏|援外")),
    (ExemptionKind.LEAVE, re.compile("产假|育儿假|长假|长期请假|脱产学习|留学|长期出国")),
)
_OVER: Final = re.compile("结束|期满|返岗|返回|已回|已归|恢复|康复|返聘|取消")


def branch_posts(text: str) -> tuple[frozenset[Role] | None, tuple[str, ...]]:
    """The posts named in ``text`` and the words that name none we know.

    ``副书记兼组织委员`` is two posts, ``党员`` is none (an empty set). ``None`` where nothing is known at all:
    an unknown word takes no post away.
    """
    roles: set[Role] = set()
    unknown: list[str] = []
    nothing_said = True
    for part in _BETWEEN.split(_ASIDE.sub("", folded(text))):
        word = _OF_THE_BRANCH.sub("", part.replace(" ", "").casefold())
        if not word:
            continue
        known = _roles(word)
        if known is None:
            unknown.append(part.strip())
        else:
            nothing_said = False
            roles |= known
    return (None if nothing_said else frozenset(roles)), tuple(unknown)


def exemption(remark: str) -> ExemptionKind | None:
    """Why the remark says a member is not scored: 长期病休, 退休, 借调 …; nothing when it says that this is over."""
    text = folded(remark)
    if _OVER.search(text):
        return None
    return next((kind for kind, words in _EXEMPT if words.search(text)), None)


def _roles(word: str) -> frozenset[Role] | None:
    if word in _NONE:
        return frozenset()
    if word in _HEADS:
        return frozenset({_HEADS[word]})
    if match := _COMMISSIONER.fullmatch(word):
        return frozenset(role for sign, role in _COMMISSIONS.items() if sign in match[1])
    if _GROUP_LEADER.fullmatch(word):
        return frozenset({Role.GROUP_LEADER})
    return None
