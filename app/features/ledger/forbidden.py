"""What may never be counted, each with the rule it would break. An administrator cannot switch this off."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.ledger.rules import FactType, ForbiddenFactTypeError, UnknownFactTypeError

APPS_2026: Final = "国办函〔2026〕12号"
OPINIONS_2023: Final = "中央网信委《关于防治“指尖上的形式主义”的若干意见》（2023年12月18日）"
PLAN: Final = "《关于防治“指尖上的形式主义”的若干意见》实施方案"


@dataclass(frozen=True, slots=True)
class ForbiddenFact:
    """A kind of fact that is refused wherever it is written: in the ledger, a rule set or an import."""

    words: re.Pattern[str]
    """Matches a name whose parts are joined by single underscores, in lower case."""
    why: LazyText
    red_line: int
    """Number in the product's own list of red lines."""
    clause: str
    """Document and wording, quoted as it stands."""


def _forbidden(english: str, chinese: str, why: LazyText, red_line: int, clause: str) -> ForbiddenFact:
    """English words must be whole parts of the name, Chinese ones may stand anywhere in it."""
    return ForbiddenFact(re.compile(rf"(?:^|_)(?:{english})(?=_|$)|{chinese}"), why, red_line, clause)


FORBIDDEN_FACT_TYPES: Final = (
    _forbidden(
        r"check_?ins?|clock_?ins?|punch(?:es)?|streaks?|consecutive(?:_days)?",
        "签到|打卡|连续",
        _("Daily check-ins and streaks are never points."),
        2,
        f"{APPS_2026}：不得设置打卡签到、积分排名、统计在线时长等强制性功能。",
    ),
    _forbidden(
        r"online(?:_time)?|active_(?:time|days)|screen_time|time_spent",
        "在线|在网",
        _("Time spent in the software is never measured."),
        2,
        f"{APPS_2026}：不得设置打卡签到、积分排名、统计在线时长等强制性功能。",
    ),
    _forbidden(
        r"log_?ins?|log_?ons?|sign_?ins?|last_(?:seen|active|login)|seen|visits_to_app|app_opens?|opened_app",
        "登录|登陆|上线|活跃",
        _("Signing in, or not signing in, is never counted."),
        2,
        f"{APPS_2026}：不得强制推广下载，不得考核通报安装使用率，不得强制定期登录。",
    ),
    _forbidden(
        r"installs?|installed|installations?|downloads?|activations?|activated|usage(?:_rate)?",
        "安装|下载|激活|使用率|覆盖率",
        _("Installing or using the software is never counted."),
        2,
        f"{APPS_2026}：不得强制推广下载，不得考核通报安装使用率，不得强制定期登录。",
    ),
    _forbidden(
        r"minutes?|hours?|seconds?|durations?|read|reading|reads|watch(?:ed|ing)?|views?|page_?views?|clicks?",
        "时长|学时|分钟|小时|阅读|浏览|点击|观看",
        _("Time spent studying and pages read are never points; hours are kept only as education hours."),
        2,
        f"{APPS_2026}：不得把点赞量、投票数、转发量、学习时长作为考评依据。",
    ),
    _forbidden(
        r"likes?|liked|thumbs?(?:_up)?|shares?|shared|forwards?|forwarded|reposts?|votes|vote_count|favou?rites?|comments?|followers?",
        "点赞|转发|分享|投票数|收藏|评论|关注",
        _("Likes, shares and other reactions are never points."),
        2,
        f"{APPS_2026}：不得把点赞量、投票数、转发量、学习时长作为考评依据。",
    ),
    _forbidden(
        r"rank(?:s|ed|ing|ings)?|leader_?boards?|percentiles?|top_?\d*",
        "排名|名次|排行|前几名",
        _("People are never ranked."),
        1,
        f"{OPINIONS_2023}：不得滥用排名。",
    ),
    _forbidden(
        r"photos?|pictures?|videos?|selfies?|screenshots?|gps|locations?|positions?|tracks?",
        "照片|视频|自拍|截图|截屏|定位|轨迹",
        _("Photos, screenshots and tracks are never asked for, so they cannot be counted."),
        4,
        f"{APPS_2026}：非必要不得强制上传工作照片、视频、轨迹，不得上传不必要的截图。",
    ),
    _forbidden(
        r"uploads?|uploaded|attachments?|essays?|notes?|words?|word_counts?|takeaways?|traces?",
        "上传|附件|心得|笔记|字数|留痕",
        _("Uploads, essays and numbers of words show traces, not results."),
        4,
        f"{PLAN}：不得以工作留痕代替实际成效。",
    ),
    _forbidden(
        r"repl(?:y|ies)|reply_time|response_times?|read_receipts?|reactions?|chat|messages?",
        "回复|响应|已读|接龙|群聊",
        _("Answering quickly in a group is never counted."),
        2,
        f"{OPINIONS_2023}：不得强制打卡接龙、即时响应。",
    ),
    _forbidden(
        r"shop|exchanges?|exchanged|redeem(?:ed)?|coins?|money|payments?|donations?|purchases?",
        "兑换|商城|积分币|金额|捐款|消费",
        _("Points are never bought, paid or exchanged."),
        9,
        f"{APPS_2026}：不得使用政务应用从事经营性活动。",
    ),
)


@lru_cache(maxsize=2048)
def forbidden(name: str) -> ForbiddenFact | None:
    """The rule that keeps this name out, or None; names of addresses and columns are asked for again and again."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", unicodedata.normalize("NFKC", name).strip())
    joined = re.sub(r"[\W_]+", "_", parted).strip("_").lower()
    return next((entry for entry in FORBIDDEN_FACT_TYPES if entry.words.search(joined)), None)


def fact_type(name: str) -> FactType:
    """The fact type of this name.

    Raises:
        ForbiddenFactTypeError: a red line keeps it out; the sentence cites the clause.
        UnknownFactTypeError: it is not on the whitelist.
    """
    try:
        return FactType(name)
    except ValueError:
        pass
    if (entry := forbidden(name)) is not None:
        raise ForbiddenFactTypeError(fact_type=name, why=entry.why, red_line=entry.red_line, clause=entry.clause)
    raise UnknownFactTypeError(fact_type=name)
