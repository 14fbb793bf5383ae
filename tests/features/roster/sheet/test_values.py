"""Names, phone numbers and choices in the forms that rosters have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.imports import values as cells
from app.features.members.rules import MemberStatus, Sex
from app.features.roster.sheet import values

CELLS = st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.dates(), st.none())


@pytest.mark.parametrize(
    "cell",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "138—1234—5678",
        "+86 13812345678",
        "+86-138-1234-5678",
        "(+86)13812345678",
        "008613812345678",
        "8613812345678",
        "１３８１２３４５６７８",
        "\u202d13812345678\u202c",
        " 13812345678\t",
        13812345678,
        13812345678.0,
        "13812345678.0",
    ],
)
def test_a_mobile_number_in_its_usual_forms(cell):
    assert cells.mobile_number(cell) == "13812345678"


@pytest.mark.parametrize(
    "cell",
    ["1390000", "12812345678", "0571-88886666", "138123456789", "13812345678/13912345678", "١٣٨١٢٣٤٥٦٧٨", "", None],
)
def test_what_is_no_mobile_number(cell):
    assert cells.mobile_number(cell) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("金  红", "金红"),
        (" 孔\u3000勇 ", "孔勇"),
        ("欧 阳 娜 娜", "欧阳娜娜"),
        ("买买提·艾力", "买买提·艾力"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提 ・ 艾力", "买买提·艾力"),
        ("买买提.艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("㐂子", "㐂子"),
        ("𠮷 野", "𠮷野"),
        ("Mary  Ann  Li", "Mary Ann Li"),
        ("王\u200b小明\ufeff", "王小明"),
    ],
)
def test_names(written, name):
    assert cells.person_name(written) == name


@pytest.mark.parametrize("cell", ["", " ", "-", "——", "无", "/", "N/A", "暂无", None])
def test_a_cell_that_says_there_is_nothing_says_nothing(cell):
    assert cells.said(cell) == ""


def test_remarks_keep_their_punctuation():
    assert cells.said(" 长期病休（2024 年起），\n 在家。") == "长期病休（2024 年起）， 在家。"


def test_choices():
    assert values.sex("男 ") is Sex.MALE
    assert values.sex("Female") is Sex.FEMALE
    assert values.sex("不详") is None
    assert [values.status(text) for text in ("是", "预备党员", "Yes", "1")] == [MemberStatus.PROBATIONARY] * 4
    assert [values.status(text) for text in ("否", "正式党员", "no", "中共党员")] == [MemberStatus.FULL] * 4
    assert values.status("群众") is None


def test_organisations_are_compared_without_spaces_and_width():
    assert values.same_text("办公室党支部（在职） ") == values.same_text("办公室 党支部(在职)")


@given(CELLS)
def test_phones_never_raise_and_read_the_same_again(cell):
    number = cells.mobile_number(cell)

    assert number is None or (len(number) == 11 and cells.mobile_number(number) == number)


@given(CELLS)
def test_names_and_texts_never_raise_and_read_the_same_again(cell):
    for read in (cells.person_name, cells.said, values.same_text):
        if read is values.same_text:
            cell = str(cell)
        assert read(read(cell)) == read(cell)


@given(st.text())
def test_choices_never_raise(text):
    values.sex(text)
    values.status(text)
