"""People sort by pinyin, places by their ordinals, and both are found by what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.members.names import is_meant, pinyin_key, place_key

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨单曾仇解区任查翟华盖覃乐"
GIVEN = "晓岚建国敏立浩婷静凯文丽军梅芳伟洪波红"
names = st.builds(
    lambda surname, given: surname + given,
    st.sampled_from(SURNAMES),
    st.text(st.sampled_from(GIVEN), min_size=1, max_size=2),
)


def test_names_sort_as_a_dictionary_does():
    people = ["赵晓岚", "艾莉", "包波", "沈山", "李安", "梁启"]
    assert sorted(people, key=pinyin_key) == ["艾莉", "包波", "李安", "梁启", "沈山", "赵晓岚"]


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("单丽", "shan4"),
        ("曾文", "zeng1"),
        ("仇英", "qiu2"),
        ("解军", "xie4"),
        ("任洪", "ren2"),
        ("卜凡", "bu3 fan2"),
        ("都敏", "du1 min3"),
        ("员半千", "yun4 ban4 qian1"),
        ("尉建国", "wei4 jian4 guo2"),
        ("尉迟恭", "yu4 chi2 gong1"),
        ("单于明", "chan2 yu2 ming2"),
        ("折可适", "she2 ke3 shi4"),
        ("乜国强", "nie4 guo2 qiang2"),
        ("佴明", "nai4 ming2"),
        ("那英", "na1 ying1"),
        ("葛优", "ge3 you1"),
        ("宁静", "ning4 jing4"),
        ("哈文", "ha3 wen2"),
        ("撒贝宁", "sa4 bei4 ning2"),
        ("繁钦", "po2 qin1"),
        ("秘鸿", "bi4 hong2"),
    ],
)
def test_surnames_are_read_as_surnames(name, reading):
    assert pinyin_key(name).startswith(reading)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bufan", "卜凡"),
        ("dumin", "都敏"),
        ("wei", "尉建国"),
        ("chanyu", "单于明"),
        ("yun", "员半千"),
        ("she", "折可适"),
    ],
)
def test_who_has_a_rare_surname_is_found_as_called(typed, name):
    assert is_meant(typed, name=name, pinyin=pinyin_key(name))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("赵　晓岚", "赵晓岚"),
        ("１３８００００００１１", "赵晓岚"),
        ("００１１", "赵晓岚"),
        ("+8613800000011", "赵晓岚"),
        ("138 0000 0011", "赵晓岚"),
        ("\u202d13800000011\u202c", "赵晓岚"),
        ("ＺＸＬ", "赵晓岚"),
        ("t0000001", "赵晓岚"),
        ("阿依古丽买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("ayglmmt", "阿依古丽·买买提"),
    ],
)
def test_looking_for_somebody_reads_what_is_typed_as_signing_in_does(typed, name):
    assert is_meant(typed, name=name, pinyin=pinyin_key(name), phone="13800000011", number="T0000001")


@given(names, names)
def test_the_order_of_names_looks_at_nothing_but_their_sound(one, other):
    sounds_before = pinyin_key(one).split() < pinyin_key(other).split()
    assert (pinyin_key(one) < pinyin_key(other)) == sounds_before


@given(st.lists(names, unique=True), st.randoms())
def test_the_order_does_not_depend_on_where_it_starts(people, chance):
    shuffled = chance.sample(people, len(people))
    assert [pinyin_key(name) for name in sorted(people, key=pinyin_key)] == [
        pinyin_key(name) for name in sorted(shuffled, key=pinyin_key)
    ]


@given(st.integers(1, 199), st.integers(1, 199))
def test_places_count_as_people_count(one, other):
    assert (place_key(f"第{chinese(one)}党支部") < place_key(f"第{chinese(other)}党支部")) == (one < other)
    assert place_key(f"第{chinese(one)}党小组") == place_key(f"第{one}党小组")


@pytest.mark.parametrize(
    "typed", ["赵晓岚", "晓岚", "zxl", "ZXL", "zhao", "zhaoxl", "zhao xiao lan", "xiaolan", "0011"]
)
def test_a_person_is_found(typed):
    assert is_meant(typed, name="赵晓岚", pinyin="zhao4 xiao3 lan2", phone="13800000011")


@pytest.mark.parametrize("typed", ["zl", "lzx", "zhaoy", "王", "0012", "11", "138"])
def test_another_person_is_meant(typed):
    assert not is_meant(typed, name="赵晓岚", pinyin="zhao4 xiao3 lan2", phone="13800000011")


@given(names, st.data())
def test_any_beginning_of_each_syllable_finds_the_name(name, data):
    syllables = [syllable.rstrip("12345") for syllable in pinyin_key(name).split()]
    typed = "".join(syllable[: data.draw(st.integers(1, len(syllable)))] for syllable in syllables)
    assert is_meant(typed, name=name, pinyin=pinyin_key(name))


def test_a_name_that_can_be_read_in_a_million_ways_is_read_at_once():
    name = " ".join(["aa"] * 30)
    assert is_meant("a" * 44, name=name, pinyin=pinyin_key(name))
    assert not is_meant("a" * 44 + "b", name=name, pinyin=pinyin_key(name))


def chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")
