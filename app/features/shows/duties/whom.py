"""Several people of a branch at once, as whoever gives a duty names them: 全体党员, 第一党小组, 各党小组组长.

Who is exempt is in no whole: they are named by themselves (docs/domain.md, exemptions).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.features.imports.values import in_figures, plain
from app.features.members import queries as members
from app.features.members.rules import BRANCH_POSTS, Role

_EVERYBODY: Final = re.compile(r"(本?支部)?(全体|全员|(全体|所有|全部|各位?|每[名位])(党员|同志|成员|人员))|全支部")
_LEADERS: Final = re.compile(r"(各|全体|所有)?(个|位)?党?小?组组?长")
_COMMITTEE: Final = re.compile(r"(全体|各位?|所有)?(支部委员会?|支委会?)(成员|委员|全体)?")
_POSTS: Final[Mapping[str, Role]] = {
    "书记": Role.SECRETARY,
    "副书记": Role.DEPUTY,
    "组织委员": Role.ORGANISATION,
    "宣传委员": Role.PUBLICITY,
    "纪检委员": Role.DISCIPLINE,
}
"""A duty list is a Chinese document, whatever the language on the screen."""


class Whole(NamedTuple):
    """Some people of a branch under one name."""

    key: str
    """What the form sends."""
    label: str
    ids: tuple[UUID, ...]
    """By group and pinyin."""


def wholes(session: Session, branch_id: UUID) -> list[Whole]:
    """Everybody, each group, the group leaders and the branch committee, of whom there is somebody."""
    exempt = members.exempt_on(session, branch_id)
    people = [one for one in members.branch_members(session, branch_id) if one.id not in exempt]
    return wholes_of(people, members.posts_in(session, branch_id))


def wholes_of(people: Sequence[Any], posts: Mapping[UUID, Sequence[Role]]) -> list[Whole]:
    """The same of these people, rows ``id, group_id, group_name``, by group."""
    by_group: dict[UUID, list[Any]] = {}
    for one in people:
        if one.group_id is not None:
            by_group.setdefault(one.group_id, []).append(one)
    leaders = [one for one in people if Role.GROUP_LEADER in posts.get(one.id, ())]
    committee = [one for one in people if set(BRANCH_POSTS) & set(posts.get(one.id, ()))]
    found = [
        ("all", _("All members"), people),
        *((str(group_id), theirs[0].group_name, theirs) for group_id, theirs in by_group.items()),
        ("leaders", _("Group leaders"), leaders),
        ("committee", _("Branch committee"), committee),
    ]
    return [Whole(key, label, tuple(one.id for one in theirs)) for key, label, theirs in found if theirs]


def named(name: str, found: Collection[Whole], posts: Mapping[UUID, Sequence[Role]]) -> tuple[UUID, ...]:
    """Whom a cell such as ``各党小组组长`` or ``组织委员`` means; nobody, if it names none of these."""
    by_key = {whole.key: whole for whole in found}
    said = in_figures(plain(name))
    if _EVERYBODY.fullmatch(said):
        return _ids(by_key.get("all"))
    if _COMMITTEE.fullmatch(said):
        return _ids(by_key.get("committee"))
    if _LEADERS.fullmatch(said):
        return _ids(by_key.get("leaders"))
    if role := _POSTS.get(re.sub(r"^(本?党?支部|支委会)", "", said)):
        return tuple(member_id for member_id, theirs in posts.items() if role in theirs)
    is_leader = said.endswith("组长")
    group = _bare(re.sub(r"组?长$", "", said) if is_leader else said)
    groups = [whole for whole in found if whole.key not in _NOT_GROUPS]
    if group:
        theirs = next((whole.ids for whole in groups if _bare(whole.label) == group), ())
    else:  # 党小组 alone: the only one there is, or one of this very name
        meant = [whole for whole in groups if len(groups) == 1 or not _bare(whole.label)] if "小组" in said else []
        theirs = meant[0].ids if len(meant) == 1 else ()
    return tuple(one for one in theirs if Role.GROUP_LEADER in posts.get(one, ())) if is_leader else theirs


_NOT_GROUPS: Final = frozenset({"all", "leaders", "committee"})


def _bare(group: str) -> str:
    """``第一党小组全体党员`` → ``1``: what tells one group from another; empty for a bare 党小组."""
    said = in_figures(plain(group))
    return re.sub(r"^第|全体|所有|党员|成员|同志|党|小组|组", "", said)


def _ids(whole: Whole | None) -> tuple[UUID, ...]:
    return whole.ids if whole else ()
