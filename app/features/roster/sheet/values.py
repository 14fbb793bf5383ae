"""Names and choices as rosters write them, made into what the house knows."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final, NamedTuple

from app.core.tables import folded
from app.features.imports.values import is_yes, person_name
from app.features.members.rules import MemberStatus, Sex

_SEXES: Final[Mapping[str, Sex]] = {
    **dict.fromkeys(("男", "男性", "m", "male"), Sex.MALE),
    **dict.fromkeys(("女", "女性", "f", "female"), Sex.FEMALE),
}
_FULL: Final = frozenset({"正式", "正式党员", "中共正式党员", "中共党员", "中国共产党党员", "共产党员", "党员", "full"})
_PROBATIONARY: Final = re.compile(r"预备|^probationary$")
_NOT_PROBATIONARY: Final = re.compile("非|不是|已转正|取消")
_NO_MEMBER: Final = re.compile(
    "群众|团员|积极分子|发展对象|申请人|无党派|非中?共?党员|非党|民主党派|民[革盟建进]|农工|致公|九三|台盟"
    "|转出|调出|退党|除名|开除|停止党籍|去世|死亡|离世|已故"
)
_ASIDE: Final = re.compile(r"\(([^)]*)\)")
_NAME: Final = re.compile(r"[^\W\d_]+(?:[·' -][^\W\d_]+)*")
IDENTITY_CARD: Final = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")


class Name(NamedTuple):
    """A name, and what stood in brackets behind it."""

    text: str
    sex: Sex | None = None
    status: MemberStatus | None = None

    @property
    def is_odd(self) -> bool:
        """Whether it holds what names hardly do: digits, brackets, asterisks."""
        return not _NAME.fullmatch(self.text)


def name(text: str) -> Name:
    """``李梅（女）`` is 李梅, a woman; ``王芳(预备)`` is 王芳, on probation. Other brackets stay in the name."""
    whole = person_name(text)
    aside = _ASIDE.search(whole)
    if not aside:
        return Name(whole)
    without = (whole[: aside.start()] + whole[aside.end() :]).strip()
    said_sex, said_status = sex(aside[1]), status(aside[1])
    return Name(without, said_sex, said_status) if without and (said_sex or said_status) else Name(whole)


def same_text(text: str) -> str:
    """A name of an organisation for comparing: full-width forms, spaces and capitals do not matter."""
    return unicodedata.normalize("NFKC", folded(text).replace(" ", "").casefold())


def sex(text: str) -> Sex | None:
    """男 or 女, or ``None`` if it is neither."""
    return _SEXES.get(folded(text).casefold())


def status(text: str, *, asks_probation: bool = True) -> MemberStatus | None:
    """Full or probationary, from ``党员类型``; ``None`` if not understood.

    Yes and no mean something only under a heading that ``asks_probation`` (是否预备党员).
    """
    word = folded(text).casefold()
    if asks_probation and word and (answer := is_yes(word)) is not None:
        return MemberStatus.PROBATIONARY if answer else MemberStatus.FULL
    if says_no_member(word):
        return None
    if _PROBATIONARY.search(word):
        return None if _NOT_PROBATIONARY.search(word) else MemberStatus.PROBATIONARY
    return MemberStatus.FULL if _ASIDE.sub("", word).strip() in _FULL else None


def says_no_member(text: str) -> bool:
    """Whether a word says that somebody is no member of the Party, or no longer one of here: 群众, 民盟, 已转出."""
    return bool(_NO_MEMBER.search(folded(text)))
