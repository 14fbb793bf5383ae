"""Which passwords are refused, and that no sentence of one's own is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.sign_in.errors import CommonPasswordError, PersonalPasswordError, ShortPasswordError
from app.features.sign_in.password_rules import MIN_LENGTH, check_password, common_parts, known_of

XIAOLAN = tuple(known_of(name="赵晓岚", numbers=("13800000011", "204518337"), born="1985-03-12"))
WORDS = ("lighthouse", "kettle", "zebra", "umbrella", "violin", "thunder", "荔枝", "灯塔", "热干面", "石榴")


def refused(password, personal=XIAOLAN):
    try:
        check_password(password, personal=personal)
    except (ShortPasswordError, CommonPasswordError, PersonalPasswordError) as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("password", ["", "k7!mQx2#v", "热干面加蛋两个五块"])
def test_short(password):
    assert refused(password) == "short_password"


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "P@ssw0rd2024!",
        "1qaz2wsx3edc",
        "1QAZ2WSX3EDC",
        "qwertyuiop123",
        "zxcvbnm,./asdf",
        "woaini1314520",
        "5201314woaini",
        "Admin@2026#kq",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "9876543210000",
        "20260101101010",
        "dangyuan2026!!",
        "weirenminfuwu1",
        "为人民服务为人民服务",
        "不忘初心牢记使命1234",
        "xuexiqiangguo2026",
        "ｐａｓｓｗｏｒｄ１２３",
        "sanliang2026.",
    ],
)
def test_guessed_first(password):
    assert refused(password) == "common_password"


@pytest.mark.parametrize(
    "password",
    [
        "zhaoxiaolan1985",
        "zhaoxiaolan1314",
        "xiaolan850312!",
        "zxl13800000011",
        "204518337204",
        "赵晓岚赵晓岚198503",
        "ZXL@138@0011",
    ],
)
def test_made_of_what_colleagues_know(password):
    assert refused(password) in ("personal_password", "common_password")
    assert refused("lighthouse" + password) is None


def test_the_same_password_may_be_personal_for_one_only():
    assert refused("zhaoxiaolan!!") == "personal_password"
    assert refused("zhaoxiaolan!!", personal=known_of(name="包波", numbers=(None,), born=None)) is None


@pytest.mark.parametrize(
    "password",
    [
        "three-rays-of-light",
        "correct horse battery",
        "k7!mQx2#vLp9",
        "我在荔园社区修了三盏灯",
        "huangshan-riluo-yunhai",
        "    tiger under the bridge",
    ],
)
def test_a_sentence_of_one_s_own(password):
    assert refused(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "correcthorsebattery",
        "CorrectHorseBatteryStaple",
        "trustno1trustno1",
        "ihateyou2020",
        "Summer2024!!",
        "tiananmen1949",
        "!correcthorsebattery99!",
        "ｃｏｒｒｅｃｔｈｏｒｓｅｂａｔｔｅｒｙ",
    ],
)
def test_one_that_has_leaked_elsewhere_however_it_is_dressed(password):
    assert refused(password) == "common_password"


def test_the_refusal_asks_for_nothing_a_keyboard_without_chinese_cannot_type():
    for sentence in (ShortPasswordError.message, CommonPasswordError.message, PersonalPasswordError.message):
        assert "pinyin" in str(sentence.message)


@given(st.lists(st.sampled_from(common_parts()), min_size=1, max_size=6).map("".join), st.integers(0, 9999))
def test_common_words_in_a_row_are_refused_whatever_number_follows(words, number):
    assert refused(f"{words}{number}") is not None


@given(st.lists(st.sampled_from(WORDS), min_size=3, max_size=6, unique=True).map("-".join))
def test_three_words_of_one_s_own_are_never_refused(password):
    assert len(password) < MIN_LENGTH or refused(password) is None


@given(st.text(max_size=60))
def test_any_text_gets_a_verdict(password):
    assert refused(password) in (None, "short_password", "common_password", "personal_password")
