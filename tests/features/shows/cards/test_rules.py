"""Years in the Party, political birthdays, office phones: plain values in, plain values out."""

from datetime import date

import pytest

from app.core.ids import new_id
from app.features.members.partial_dates import years_in_party
from app.features.members.rules import Role
from app.features.shows.cards import rules
from app.features.shows.cards.rules import callable_number, office_phone, political_birthday

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("confirmed", "years"),
    [
        ("2014-11-22", 12),
        ("2014-11-23", 11),
        ("2014-12", 11),
        ("2014-11", 12),
        ("2014", 12),
        ("2026-11-22", 0),
        ("2027", None),
        (None, None),
        ("", None),
    ],
)
def test_years_are_counted_from_full_membership(confirmed, years):
    assert years_in_party(confirmed, TODAY) == years


@pytest.mark.parametrize(("joined", "day"), [("2012-12-03", (12, 3)), ("2012-12", None), ("2012", None), (None, None)])
def test_a_political_birthday_needs_the_day(joined, day):
    assert political_birthday(joined) == day


@pytest.mark.parametrize(
    ("typed", "shown", "called"),
    [
        ("010-66551234", "010-66551234", "01066551234"),
        ("０１０－６６５５ １２３４", "010-6655 1234", "01066551234"),
        ("010 – 66551234", None, None),
        ("010-66551234转8012", "010-66551234转8012", "01066551234,8012"),
        ("010-66551234  转 8012", "010-66551234 转 8012", "01066551234,8012"),
        ("010-66551234 ext. 8012", "010-66551234 ext. 8012", "01066551234,8012"),
        ("+86 10 66551234", None, None),
        ("+86010-66551234", "+86010-66551234", "+8601066551234"),
        ("12345", "12345", "12345"),
        ("call me", None, None),
        ("66", None, None),
        ("<b>010</b>", None, None),
    ],
)
def test_an_office_phone_can_be_called(typed, shown, called):
    if shown is None:
        with pytest.raises(ValueError, match="010"):
            office_phone(typed)
    else:
        assert office_phone(typed) == shown
        assert callable_number(shown) == called


@pytest.mark.parametrize("typed", ["13912345678", "139-1234-5678", "+86139 1234 5678", "１３９１２３４５６７８"])
def test_a_mobile_number_is_personal_and_not_on_a_card(typed):
    with pytest.raises(ValueError, match=r"手机号码|mobile"):
        office_phone(typed)


@pytest.mark.usefixtures("english")
def test_what_a_card_says_in_words_is_in_the_reader_s_language():
    face = rules.Face(member_id=new_id(), name="沈山", posts=(Role.SECRETARY, Role.GROUP_LEADER), joined="2010-03-02")
    said = [rules.said(face)[rules.PublicField.PARTY_POSTS], rules.standing(face), *rules.marks(face)]
    assert said == [
        "Secretary, Group leader",
        "Secretary · Group leader · joined in 2010",
        "Political birthday: 2 March",
    ]
