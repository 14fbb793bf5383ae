"""The numbers of the guide for users are those of the rules: a rule that changes takes its sentence along."""

import re
from datetime import timedelta
from typing import Final

from app.core.cells import SMALL_CELL
from app.features.ballots import rules as ballots
from app.features.board.quarter.routes import SUMMARISED_FROM
from app.features.complaints import rules as complaints
from app.features.education import rules as hours
from app.features.leave import life
from app.features.leave import queries as leave
from app.features.leave.rules import CLOSED_WITHIN
from app.features.meetings.attendance.rules import MAKE_UP_CONFIRMED, MAKE_UP_DAYS
from app.features.meetings.venue_code import rules as venue_code
from app.features.notices import rules as notices
from app.features.notices.sources import AHEAD
from app.features.reviews import rules as reviews
from app.features.reviews.waiting import LONG
from app.features.scores.archive import rules as archive
from app.features.scores.cycle import rules as cycle
from app.features.scores.cycle.rules import MOST_EXEMPT_DAYS, PUBLICITY_DAYS
from app.features.scores.publicity import rules as publicity
from app.features.shows.pledges import calendar
from app.features.shows.pledges import rules as pledges
from app.features.sign_in import rules as sign_in
from app.features.sign_in.factors.rules import RECOVERY_CODES
from app.features.slips.rules import CODE_LENGTH
from app.features.wishes.carrying import rules as carrying
from app.features.wishes.contacts import rules as contacts
from app.features.wishes.reports.rules import READY_ON
from tests.house.sources import PROJECT_DIR
from tests.house.test_words import chinese

GUIDE: Final = (PROJECT_DIR / "docs" / "guide.zh-CN.md").read_text("utf-8")
SIGNS: Final = "零一二三四五六七八九"

TIME_OR_AMOUNT: Final = re.compile(
    r".{0,8}(?:\d+|[一二三四五六七八九十两]+) ?"
    r"(?:个工作日|天|周|分钟|小时|元|学时|年内|位数|位回|日起|分之|个备用码)"
)


def spelt(number: int) -> str:
    """A number below a hundred in words: 十二, 三十."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else SIGNS[tens] * (tens > 1) + "十") + (SIGNS[ones] if ones or not tens else "")


def some(number: int) -> str:
    """The same before what is counted: 两周."""
    return "两" if number == 2 else spelt(number)


def weeks(span: timedelta) -> str:
    """A span of whole weeks."""
    return some(span // timedelta(weeks=1))


def minutes(span: timedelta) -> str:
    """A span of whole minutes."""
    return spelt(span // timedelta(minutes=1))


BY_RULE: Final = (
    f"{AHEAD.days} 天内的事项列在",
    f"{spelt(notices.EVERY.days)}天内最多提醒一次",
    f"晚上{spelt(notices.LAST_HOUR - 12)}点到早上{spelt(notices.FIRST_HOUR)}点",
    f"{spelt(calendar.WRITTEN_IN)}月份花十分钟",
    f"一年{some(pledges.LEAST)}到{spelt(pledges.MOST)}条",
    f"{spelt(archive.SIGNING_DAYS)}个工作日后可以注明未签原因",
    f"季度公示{spelt(publicity.QUARTER_DAYS)}个工作日，年度公示{spelt(publicity.YEAR_DAYS)}个工作日",
    f"可以改成 {PUBLICITY_DAYS.start} 至 {PUBLICITY_DAYS.stop - 1} 个工作日",
    f"全年累计超过 {MOST_EXEMPT_DAYS} 天",
    f"年度从 {publicity.YEAR_FROM[0]} 月 {publicity.YEAR_FROM[1]} 日起",
    f"本月总结从 {SUMMARISED_FROM} 日起列出",
    f"公示{spelt(calendar.PUBLICITY_DAYS)}个工作日",
    f"支部{spelt(cycle.BRANCH_DAYS)}个工作日内答复并说明理由",
    f"可以在{spelt(cycle.ESCALATION_DAYS)}个工作日内提请复核",
    f"上级{spelt(cycle.COMMITTEE_DAYS)}个工作日内作出决定",
    f"认领后 {carrying.FULFIL_WITHIN.days} 天和心愿人希望的日子",
    f"一次最多{some(carrying.MOST_ACTIVE)}个",
    f"超过 {carrying.SOFT_YUAN} 元的可以邀请同事",
    f"超过 {carrying.COMMITTEE_YUAN} 元的由支委会组队",
    f"*{carrying.CONTACT_WITHIN.days} 天内联系*",
    f"*{carrying.FULFIL_WITHIN.days} 天内办结*",
    f"可以延{weeks(carrying.EXTENSION)}周",
    f"点错了{minutes(carrying.UNDO_LASTS)}分钟内可以撤回",
    f"报{spelt(carrying.CODE_DIGITS)}位数字",
    f"{weeks(carrying.REVISIT_FROM)}周以后由没有参加的同志回访",
    f"凭{spelt(CODE_LENGTH)}位回执码",
    f"{spelt(complaints.ANSWERED_WITHIN)}个工作日内答复",
    f"一直不联网，{spelt(sign_in.PHONE_SESSION.days)}天后也会清除",
    f"再把{spelt(RECOVERY_CODES)}个备用码抄下",
    f"页面接着给出{spelt(RECOVERY_CODES)}个备用码",
    f"点错了，{minutes(reviews.UNDO_LASTS)}分钟内可以“撤回”",
    f"党员 {hours.MEMBER_HOURS} 学时，书记和支委 {hours.OFFICER_HOURS} 学时",
    f"不足 {SMALL_CELL} 人时不显示人数",
    f"培训一整天按 {hours.DAY_HOURS[0]} 小时还是 {hours.DAY_HOURS[1]} 小时计",
    f"等待超过 {LONG.days} 天的",
    f"每月{READY_ON}日起",
    f"返岗后{spelt(life.ENTERED_LATER)}个工作日内补报",
    f"事假在会后 {MAKE_UP_DAYS} 天内补课的不扣分，第 {MAKE_UP_DAYS + 1} 天起仍未补的才计入",
    f"{MAKE_UP_DAYS} 天内已提交、等待确认的，最多再等 {MAKE_UP_CONFIRMED} 天",
    f"时限是结束后第{spelt(CLOSED_WITHIN)}个工作日",
    f"{weeks(leave.AHEAD)}周内请假的同志",
    f"输入{spelt(venue_code.DIGITS)}位数字",
    f"开始{minutes(venue_code.IN_TIME)}分钟以后为迟到",
    f"优秀不超过正式党员的{spelt(ballots.EXCELLENT_OF)}分之一",
    f"满{spelt(ballots.DISTRIBUTION_FROM)}票的本人和支委会看各档票数",
    f"不足{spelt(ballots.MEAN_FROM)}票以等次计分",
    f"办结{contacts.KEPT_FOR.days}天后联系方式自动删除",
)
"""Each sentence of the guide that says a number of a rule, with the number as the rule has it."""
ELSEWHERE: Final = (
    "每周三分钟",
    "可以只请半天",
    "请假天数从不计分",
    "前一天起",
    "过了销假时限的，第二天",
    "最近一年内",
    "在 100 分之外",
    "第二天",
    "到某一天",
    "不满14周岁",
)
"""What no rule counts: ways of speaking, and the law's age."""

QUOTED: Final = re.compile("“([^”]+)”")
OTHERS_WORDS: Final = frozenset(
    {
        "一提醒三核对",  # part of a heading
        "<5",  # a small cell
        "代填",
        "正常、有困难、完成",  # three buttons
        "通过 N 条",
        "量化清单",  # on the icon of the phone
        "添加到主屏幕",  # of the browser
        "群众",  # of people's own lists
        "已转出",
        "何时删了几项",  # said by people
        "撤下来",
    }
)
"""What the guide quotes and is no name of ours."""


def rest_of(guide: str) -> list[str]:
    """The times and amounts that ``guide`` says beside those of the list."""
    for said in (*BY_RULE, *ELSEWHERE):
        guide = guide.replace(said, "")
    return TIME_OR_AMOUNT.findall(guide)


def called(word: str) -> str:
    """What a button or a page is called, without who, how many, or a word in brackets."""
    return re.sub(r"%\(\w+\)s|（.*?）|[。：…]", "", word).strip()


def unknown_words(guide: str) -> set[str]:
    """What ``guide`` quotes as the name of a page, a step or a button, and no page says."""
    messages = [message.string or "" for message in chinese()]
    said = {called(one) for words in messages for one in ([words] if isinstance(words, str) else words)}
    quoted = {step.strip() for words in QUOTED.findall(guide) for step in words.split("→")}
    return quoted - said - OTHERS_WORDS


def test_the_guide_says_the_numbers_of_the_rules():
    assert [said for said in BY_RULE if said not in GUIDE] == []


def test_what_the_guide_names_is_called_so_on_the_pages():
    assert unknown_words(GUIDE) == set()
    assert unknown_words("点“我的 → 我的设备”") == {"我的设备"}


def test_no_other_time_or_amount_stands_in_the_guide():
    assert rest_of(GUIDE) == []


def test_a_number_that_no_rule_has_is_seen():
    assert rest_of("撤回要在 31 天内，也可以延三周") == ["撤回要在 31 天", "内，也可以延三周"]
    assert [spelt(number) for number in (0, 2, 10, 12, 30)] == ["零", "二", "十", "十二", "三十"]
