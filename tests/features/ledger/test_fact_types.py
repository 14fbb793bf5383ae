"""The whitelist, what a fact of each type may carry, and what can never be one."""

from datetime import date

import pytest

from app.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, use_language
from app.features.ledger.forbidden import FORBIDDEN_FACT_TYPES, fact_type, forbidden
from app.features.ledger.rules import (
    GRADES,
    FactShapeError,
    FactType,
    ForbiddenFactTypeError,
    UnknownFactTypeError,
    check_fact,
    contribution,
    shape,
)

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
SOME_DAY = date(2026, 3, 14)


def check(kind, *, grade="", quantity=100, matter="", occurred_on=SOME_DAY, counts_in=MARCH, reverses=False):
    check_fact(
        kind,
        grade=grade,
        quantity=quantity,
        occurred_on=occurred_on,
        counts_in=counts_in,
        matter=matter,
        reverses=reverses,
    )


@pytest.mark.parametrize("kind", FactType)
def test_every_type_is_known_named_and_never_forbidden(kind):
    assert fact_type(kind.value) is kind
    assert forbidden(kind.value) is None
    assert kind.label.message
    assert all(grade in GRADES for grade in shape(kind).grades)


@pytest.mark.parametrize("kind", FactType)
def test_every_type_takes_a_fact_and_its_reversal(kind):
    form = shape(kind)
    for grade in form.grades or ("",):
        check(kind, grade=grade)
        check(kind, grade=grade, quantity=-100, reverses=True)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (FactType.STUDY_ITEM, {"grade": "good"}),
        (FactType.STUDY_ITEM, {"quantity": 200}),
        (FactType.STUDY_ITEM, {"quantity": -100}),
        (FactType.STUDY_ITEM, {"quantity": 100, "reverses": True}),
        (FactType.APPRAISAL_QUARTER, {"grade": ""}),
        (FactType.APPRAISAL_QUARTER, {"grade": "nation"}),
        (FactType.BONUS_COMMENDATION, {"grade": "unit", "matter": "x" * 101}),
        (FactType.REVIEW_RESULT, {"quantity": 1001}),
        (FactType.REVIEW_RESULT, {"quantity": -1}),
        (FactType.TASK_URGENT, {"quantity": 300}),
        (FactType.TASK_URGENT, {"quantity": 150}),
        (FactType.STUDY_TRAINING_DAY, {"quantity": 0}),
        (FactType.STUDY_TRAINING_DAY, {"quantity": 125}),
        (FactType.STUDY_ITEM, {"counts_in": date(2026, 3, 2)}),
        (FactType.STUDY_ITEM, {"counts_in": date(2026, 2, 1)}),
    ],
)
def test_a_fact_that_does_not_fit_its_type_is_refused_in_a_sentence(kind, wrong):
    with pytest.raises(FactShapeError) as refused:
        check(kind, **wrong)
    assert "%" not in refused.value.sentence


def test_a_late_fact_keeps_its_day_and_counts_later():
    check(FactType.STUDY_ITEM, occurred_on=SOME_DAY, counts_in=APRIL)


def test_a_reversal_takes_off_exactly_what_the_fact_added():
    fact = contribution(FactType.TASK_URGENT, grade="", quantity=200, counts_in=MARCH, matter="", reverses=False)
    reversal = contribution(FactType.TASK_URGENT, grade="", quantity=-200, counts_in=MARCH, matter="", reverses=True)
    assert (fact.count + reversal.count, fact.quantity + reversal.quantity) == (0, 0)


def test_totals_keep_a_matter_only_where_it_is_weighed():
    task = contribution(FactType.TASK_URGENT, grade="", quantity=100, counts_in=MARCH, matter="flood", reverses=False)
    praise = contribution(
        FactType.BONUS_COMMENDATION, grade="unit", quantity=100, counts_in=MARCH, matter="flood", reverses=False
    )
    assert (task.matter, praise.matter) == ("", "flood")


FORBIDDEN_NAMES = {
    "app.login": "不得强制定期登录",
    "dailyCheckIn": "不得设置打卡签到",
    "study.streak": "不得设置打卡签到",
    "app.online_time": "统计在线时长",
    "study.reading_time": "学习时长",
    "study.minutes": "学习时长",
    "study-hours": "学习时长",
    "学习时长": "学习时长",
    "post.likes": "点赞量",
    "article.shared": "转发量",
    "board.votes": "投票数",
    "app.install": "安装使用率",
    "usage_rate": "安装使用率",
    "member.last_seen": "不得强制定期登录",
    "登录次数": "不得强制定期登录",
    "每日打卡": "不得设置打卡签到",
    "branch.rank": "不得滥用排名",
    "visit.photo": "不得强制上传工作照片",
    "study.word_count": "不得以工作留痕代替实际成效",
    "group.reply_time": "即时响应",
    "points.exchange": "经营性活动",
}


@pytest.fixture(params=LANGUAGES)
def each_language(request):
    use_language(request.param)
    yield
    use_language(DEFAULT_LANGUAGE)


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize(("name", "clause"), FORBIDDEN_NAMES.items())
def test_a_forbidden_type_is_refused_with_the_red_line_and_the_clause(name, clause):
    with pytest.raises(ForbiddenFactTypeError) as refused:
        fact_type(name)
    assert name in refused.value.sentence
    assert clause in refused.value.sentence
    assert str(refused.value.values["red_line"]) in refused.value.sentence


@pytest.mark.parametrize("name", FORBIDDEN_NAMES)
def test_the_width_of_its_letters_lets_no_forbidden_name_in(name):
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in name)
    assert forbidden(wide) is forbidden(name) is not None


def test_every_forbidden_kind_is_tried_above():
    assert {forbidden(name) for name in FORBIDDEN_NAMES} == set(FORBIDDEN_FACT_TYPES)


@pytest.mark.parametrize("name", ["", "study", "study.items", "likelihood", "attendance.Present", "readiness"])
def test_any_other_name_is_simply_unknown(name):
    with pytest.raises(UnknownFactTypeError):
        fact_type(name)


def test_a_wrong_grade_is_refused_with_those_that_there_are():
    use_language("en")
    with pytest.raises(FactShapeError) as without:
        check(FactType.SERVICE_HALF_DAY, grade="good")
    with pytest.raises(FactShapeError) as another:
        check(FactType.APPRAISAL_QUARTER, grade="best")
    said = str(without.value.sentence), str(another.value.sentence)
    use_language(DEFAULT_LANGUAGE)
    assert said[0] == "“Half-days of volunteering” has no grades."
    assert "needs one of the grades good, fairly_good" in said[1]
