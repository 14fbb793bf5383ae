"""Names, numbers and choices as people write them, made into what the house knows."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from app.core.tables import Cell, folded, one_line
from app.features.members.rules import MemberStatus, Sex, phone_number

_IDEOGRAPH: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SPACE_IN_CHINESE: Final = re.compile(rf"(?<=[{_IDEOGRAPH}]) (?=[{_IDEOGRAPH}])")
_NAME_DOT: Final = re.compile(rf" ?[·•‧∙⋅・●] ?|(?<=[{_IDEOGRAPH}])\.(?=[{_IDEOGRAPH}])")
_NOTHING: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "不详", "未知", "n/a", "na", "none", "nil"}
)

_SEXES: Final[Mapping[str, Sex]] = {
    **dict.fromkeys(("男", "男性", "m", "male"), Sex.MALE),
    **dict.fromkeys(("女", "女性", "f", "female"), Sex.FEMALE),
}
_STATUSES: Final[Mapping[str, MemberStatus]] = {
    **dict.fromkeys(("是", "√", "y", "yes", "true", "1"), MemberStatus.PROBATIONARY),
    **dict.fromkeys(("预备", "预备党员", "中共预备党员", "probationary"), MemberStatus.PROBATIONARY),
    **dict.fromkeys(("否", "×", "n", "no", "false", "0"), MemberStatus.FULL),
    **dict.fromkeys(("正式", "正式党员", "中共正式党员", "中共党员", "党员", "full"), MemberStatus.FULL),
}


def said(cell: Cell) -> str:
    """The cell's text on one line, or nothing where the cell only says that there is nothing (``-``, ``无``)."""
    text = one_line(cell)
    return "" if folded(text).casefold() in _NOTHING else text


def same_text(text: str) -> str:
    """A name of an organisation for comparing: full-width forms, spaces and capitals do not matter."""
    return unicodedata.normalize("NFKC", folded(text).replace(" ", "").casefold())


def person_name(cell: Cell) -> str:
    """A name without the spaces that align two characters with three (``金  红`` → ``金红``).

    The dot of names such as 阿依古丽·买买提 is kept, in its one right form.
    """
    return _SPACE_IN_CHINESE.sub("", _NAME_DOT.sub("·", folded(cell)))


def mobile_number(cell: Cell) -> str | None:
    """The eleven digits of a mobile number, also from a number cell, or ``None`` if it is none."""
    try:
        return phone_number(one_line(cell).removesuffix(".0"))
    except ValueError:
        return None


def sex(text: str) -> Sex | None:
    """男 or 女, or ``None`` if it is neither."""
    return _SEXES.get(folded(text).casefold())


def status(text: str) -> MemberStatus | None:
    """Full or probationary, from ``是否预备党员`` as well as from ``党员类型``; ``None`` if not understood."""
    return _STATUSES.get(folded(text).casefold())
