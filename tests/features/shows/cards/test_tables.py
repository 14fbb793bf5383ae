"""Limits and tables of cards, written out once: docs/domain.md §3.1."""

from uuid import UUID

import pytest

from app.features.members.rules import Role
from app.features.shows.cards import rules


def test_limits():
    assert (rules.SERVICE_SCOPE_LENGTH, rules.OFFICE_PHONE_LENGTH, rules.MOTTO_LENGTH) == (60, 30, 40)
    assert (rules.SMALL, rules.LARGE) == (96, 320)  # pixels
    assert rules.FIRST_YEAR == 2000
    assert rules.TOKEN_LENGTH == 26  # 130 bits
    assert rules.ALPHABET == "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u


def test_posts_of_the_party_stand_on_a_card():
    """Who keeps the machine or works for a community has no post of the Party there."""
    named = "secretary deputy organisation publicity discipline group_leader committee_officer inspector"
    assert {Role(role) for role in named.split()} == rules.PARTY_POSTS


def test_words_are_kept_as_they_are():
    assert [scope.value for scope in rules.CardScope] == ["branch", "organ"]
    assert [field.value for field in rules.PublicField] == [
        "photo",
        "branch",
        "party_posts",
        "post",
        "pioneer_post",
        "joined",
        "service_scope",
        "office_phone",
        "motto",
        "pledges",
    ]


def test_which_piece_of_the_card_each_consent_opens():
    """Of the day of joining the year is left; pledges are asked for elsewhere."""
    face = rules.Face(
        member_id=UUID(int=1),
        name="Alice",
        branch_name="一支部",
        posts=(Role.SECRETARY,),
        post="科员",
        joined="2014-07-01",
        years_in_party=12,
        service_scope="档案",
        office_phone="010-66551234",
        motto="实干",
        pioneer_post=True,
        photo_id=UUID(int=2),
    )
    shows = {
        "photo": {"photo_id": UUID(int=2)},
        "branch": {"branch_name": "一支部"},
        "party_posts": {"posts": (Role.SECRETARY,)},
        "post": {"post": "科员"},
        "pioneer_post": {"pioneer_post": True},
        "joined": {"joined": "2014", "years_in_party": 12},
        "service_scope": {"service_scope": "档案"},
        "office_phone": {"office_phone": "010-66551234"},
        "motto": {"motto": "实干"},
        "pledges": {},
    }
    for field in rules.PublicField:
        seen = rules.consented(face, [field])
        assert seen == rules.Face(member_id=UUID(int=1), name="Alice", **shows[field])
    assert rules.consented(face, []) == rules.Face(member_id=UUID(int=1), name="Alice")


def test_what_an_officer_puts_up_is_what_was_not_shown_so():
    before = rules.IdentityDetails(motto="实干", office_phone="010-66551234", pioneer_post=True)
    after = rules.IdentityDetails(motto="为民", office_phone=None, pioneer_post=True, shows_joined=True)
    assert {str(field) for field in rules.put_up(before, after)} == {"motto", "joined"}
    assert not rules.put_up(before, before)


@pytest.mark.parametrize(
    ("number", "is_internal"),
    [
        (None, False),
        ("", False),
        ("665512", True),
        ("6655123", False),
        ("8012 转 1234567", True),
        ("010-66551234", False),
    ],
)
def test_a_number_of_fewer_than_seven_digits_is_of_the_house(number, is_internal):
    assert rules.is_internal(number) is is_internal
