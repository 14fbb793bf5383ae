"""What a text may say of a wisher, which wishes look alike, and the consents' words."""

import hashlib

import pytest

from app.core.ids import new_id
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.contacts.rules import TEXTS, VERSION
from app.features.wishes.intake.rules import (
    CommunityMissingError,
    ListedWish,
    PersonalDataError,
    alike,
    check_says_nobody,
)
from app.features.wishes.intake.service import choose
from app.features.wishes.rules import Category

DIGESTS = {
    "2026.1": "032bfdcdbf3921c15f66ee3693d755ede54d6c79530c3b9db4ff334a1f1759cd",
    "2026.1-en": "70467c3178417db6b7c4361e764b074879fd677749c0da2f7f1730eec59a47cd",
}


@pytest.mark.parametrize(
    "text",
    [
        "请打13712345678",
        "137 1234 5678",
        "１３７－１２３４－５６７８",
        "0755-12345678",
        "身份证11010519491231002X",
        "11010519491231002x",
        "139.1234.5678",
        "139_1234_5678",
        "139，1234，5678",
        "139 12 34 56 78",
        "１３９１２３４５６７８",
        "一三九一二三四五六七八",
        "幺三九 一二三四 五六七八",
        "打82345678",
        "8234567",
        "周一 82345678",
        "8234 5678",
        "8234－5678",
        "82 34 56 78",
        "8 2 3 4 5 6 7 8",
        "八二三四五六七八",
        "(0755) 8234 5678",
        "0755.82345678",
        "0755-20260315",
        "微信82345678901",
        "卡号 6222 0212 3456 7890",
    ],
)
def test_numbers_of_people_are_seen(text):
    with pytest.raises(PersonalDataError):
        check_says_nobody("想修窗", text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.5 米床",
        "预算 120 元",
        "2026-03-15 前",
        "12345 热线",
        "每周 2 次，每次 30 分钟",
        "和 WX-2026-0012 一起送",
        "WX-2026-0012、WX-2026-10013",
        "2026.03.15",
        "2026年11月30日前",
        "20260315",
        "2025-2026 学年",
        "二〇二六年三月十五日",
        "1,200,000 元以内",
        "1500-2000 元",
        "预算 99999 元，最多 99999.50 元",
        "8:30-11:30",
        "10.30-11.30",
        "1000-1500 毫升",
        "1800×2000 毫米",
        "第一、二、三、四、五、六、七单元都要修",
        "三楼 1 单元 502",
        "一千二百三十四万五千",
        "每周一三五下午",
    ],
)
def test_other_numbers_pass(text):
    check_says_nobody("想修窗", text)


def test_the_wisher_s_own_name_is_seen():
    contact = Contact(name="王桂芬", phone="1")
    with pytest.raises(PersonalDataError):
        check_says_nobody("王桂芬想要收音机", contact=contact)
    check_says_nobody("想要收音机", contact=contact)
    check_says_nobody("王先生想要收音机", contact=Contact(name="王"))  # one sign stands in too many words


@pytest.mark.parametrize("text", ["送到荔园路 3 栋 502 室", "送到3栋502", "打 62345 就行", "送到荔园路三栋五〇二室"])
def test_the_wisher_s_own_address_and_number_are_seen(text):
    contact = Contact(phone="62345", address="荔园路3栋502室")
    with pytest.raises(PersonalDataError):
        check_says_nobody(text, contact=contact)
    check_says_nobody("3 栋门口有灯，已送到荔园路", contact=contact)
    check_says_nobody("2001 年的电视机，花了 63 元", contact=Contact(name="陆三", address="深南大道2001号"))
    with pytest.raises(PersonalDataError):
        check_says_nobody("送到大道 2001 号", contact=Contact(address="深南大道2001号"))


def test_likeness_is_a_hint_with_few_false_friends():
    known = [
        ListedWish(new_id(), "WX-2026-0001", "想要一台收音机听戏", "带大按键", Category.ELDERLY),
        ListedWish(new_id(), "WX-2026-0002", "帮忙修一下楼道灯", "三楼声控灯不亮", Category.REPAIRS),
        ListedWish(new_id(), "WX-2026-0003", "孩子配一副近视眼镜", "已验光", Category.SCHOOL),
    ]

    def codes(title, need=""):
        return [wish.code for wish in alike(title, need, Category.ELDERLY, known)]

    assert codes("想要收音机，听戏用") == ["WX-2026-0001"]
    assert codes("想要一台收音机（听戏）") == ["WX-2026-0001"]
    assert codes("楼道灯坏了", "三楼的声控灯不亮") == ["WX-2026-0002"]
    assert codes("陪老人去医院复查") == []
    assert codes("换一副厚窗帘") == []


def test_the_community_is_chosen_where_there_are_several():
    one, other = new_id(), new_id()
    assert choose([one], None) == one
    assert choose([one, other], other) == other
    with pytest.raises(CommunityMissingError):
        choose([one, other], None)


@pytest.mark.parametrize("version", TEXTS)
def test_a_text_in_use_is_never_changed(version):
    said = "\n".join(TEXTS[version][kind] for kind in ConsentKind)
    assert hashlib.sha256(said.encode()).hexdigest() == DIGESTS[version], "a new text gets a new version"
    assert VERSION in TEXTS
