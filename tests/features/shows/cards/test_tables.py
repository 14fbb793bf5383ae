"""Limits and tables of cards, written out once: docs/domain.md §3.1."""

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
