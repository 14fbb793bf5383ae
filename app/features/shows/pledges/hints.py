"""What a stern but kind reader would ask about a pledge 审诺. Advice only: it never stops anybody. Pure.

Source: docs/domain.md §3.1, 审诺 item by item: hollow ones are sent back; a sign of completion can be checked 可核验.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word


class Hint(Word):
    """What could be said more plainly."""

    HOLLOW = "hollow", _("perhaps hollow")
    NO_SIGN = "no_sign", _("sign hard to check")


HINT_SENTENCES: Final[Mapping[Hint, LazyText]] = MappingProxyType(
    {
        Hint.HOLLOW: _("Perhaps hollow: what exactly, how many, by when, for whom?"),
        Hint.NO_SIGN: _("The sign is hard to check: a number, a day or a paper that somebody can look at would do."),
    }
)
_HOLLOW: Final = re.compile(
    r"努力|认真|不断|进一步|切实|扎实|积极|大力|全力|深入|全面|充分|加强|提高|提升|增强|强化|争取|尽力|尽量|尽职|尽责"
    r"|做好|搞好|抓好|落实好|发挥|带头|模范|高质量|高标准|严格|勤奋|踏实|奉献|担当|作为|服务大局|继续|坚持|保持"
    r"|\b(?:try|strive|improve|strengthen|actively|diligently|earnestly|better)\b",
    re.IGNORECASE,
)
"""Words that say how, and leave open what."""
_NUMBER: Final = re.compile(
    r"\d|[一二三四五六七八九十两百千每半][个次篇份项件场堂名户人天日周月季年本部条节分小遍套期轮封幅种]"
    r"|百分之|[零〇]|\b(?:one|two|three|four|five|six|ten|every|each)\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"[上下]半年|年[底末内中初]|季度|月[底末初]|[前后]完成|之前|以前|节前|每[天日周月季年]|工作日|当[天日周月]"
    r"|\b(?:by|before|until|weekly|monthly|quarterly|daily)\b",
    re.IGNORECASE,
)
_OBJECT: Final = re.compile(r"《[^》]+》|“[^”]+”|\"[^\"]+\"|「[^」]+」")
_PAPER: Final = re.compile(
    r"笔记|清单|台账|记录|报告|总结|证书|证明|名单|名册|方案|制度|办法|指南|手册|汇编|文件|纪要|通知|照片|截图|签字|签收|签到"
    r"|回访|答复|反馈|通报|公示|验收|评分|合格|达标|通过|上线|印发|归档|入库|发表|刊发|结业|结项|结对|零投诉|无投诉|为零|确认|登记|无逾期"
    r"|\b(?:list|report|record|minutes|certificate|signed|published|passed|notes?)\b",
    re.IGNORECASE,
)


def is_hollow(text: str) -> bool:
    """Whether ``text`` has only words such as 努力 and 不断提高, and neither a number, a date nor a named object."""
    return bool(_HOLLOW.search(text)) and not any(pattern.search(text) for pattern in (_NUMBER, _DATE, _OBJECT))


def is_checkable(sign: str) -> bool:
    """Whether somebody else could see that ``sign`` has come: a number, a day, or a paper to look at."""
    return any(pattern.search(sign) for pattern in (_NUMBER, _DATE, _OBJECT, _PAPER))


def hints(text: str, sign: str) -> tuple[Hint, ...]:
    """What could be said more plainly about a pledge and its sign; empty if nothing."""
    found = {Hint.HOLLOW: is_hollow(text), Hint.NO_SIGN: not is_checkable(sign)}
    return tuple(hint for hint, applies in found.items() if applies)
