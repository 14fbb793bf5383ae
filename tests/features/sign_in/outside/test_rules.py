"""What the word of somebody outside opens: docs/decisions/0064, as tables."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some

from app.features.members.rules import Role
from app.features.sign_in.outside import rules
from app.features.sign_in.outside.rules import MadeBy, WayIn
from tests.features.sign_in.outside.makers import word_of

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
SELF, NUMBER = MadeBy.SELF, MadeBy.NUMBER


@pytest.mark.parametrize(
    ("made_by", "has_post", "has_factor", "opens"),
    [
        (SELF, False, False, True),
        (NUMBER, False, False, True),
        (SELF, True, True, True),  # and the second step comes after it
        (SELF, True, False, False),
        (NUMBER, True, True, False),
        (NUMBER, True, False, False),
        (NUMBER, False, True, True),
    ],
)
def test_a_post_is_never_opened_by_a_word_alone(made_by, has_post, has_factor, opens):
    entry = rules.entry_by_link(made_by=made_by, has_post=has_post, has_factor=has_factor)
    assert entry is (WayIn.OPEN if opens else WayIn.NEEDS_MORE)


@for_any(believed=some.booleans(), opened=some.booleans(), linked=some.booleans(), post=some.booleans())
def test_a_number_opens_only_what_nobody_has_ever_opened(believed, opened, linked, post):
    entry = rules.entry_by_number(is_believed=believed, was_opened=opened, is_linked=linked, has_post=post)
    assert (entry is WayIn.BY_NUMBER) == ((believed, opened, linked, post) == (True, False, False, False))


@pytest.mark.parametrize(("has_post", "has_factor", "may"), [(0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 1, 1)])
def test_a_post_links_only_beside_a_second_step(has_post, has_factor, may):
    assert rules.may_link(has_post=bool(has_post), has_factor=bool(has_factor)) == bool(may)


@pytest.mark.parametrize(
    ("roles", "decides"),
    [
        ((), False),
        ((Role.GROUP_LEADER,), False),
        ((Role.SECRETARY,), True),
        ((Role.GROUP_LEADER, Role.SUPERVISOR), True),
    ],
)
def test_a_post_that_is_only_named_decides_nothing(roles, decides):
    assert rules.decides(roles) == decides


@for_any(some.tuples(*[some.sampled_from(["", "a", "b", "a\0", "\0a"])] * 2))
def test_no_two_people_have_one_digest(names):
    place, subject = names
    others = {word_of(other, place=where).digest for where in ("", "a", "b") for other in ("", "a", "b")}
    assert len(others) == 9
    assert word_of(subject, place=place).digest == word_of(subject, place=place).digest


@pytest.mark.parametrize(
    ("ago", "proved"),
    [
        (timedelta(0), True),
        (timedelta(minutes=2), True),
        (timedelta(minutes=2, seconds=1), False),
        (timedelta(days=1), False),
    ],
)
def test_what_was_proved_long_ago_proves_nothing_now(ago, proved):
    assert rules.is_proved(word_of(proved_at=NOON - ago), NOON) == proved
    assert not rules.is_proved(word_of(), NOON)


@for_any(some.text(max_size=80), some.text(max_size=80), some.text(max_size=80))
def test_the_secrets_of_a_trip_tell_nothing_of_each_other(token, state, other):
    parts = {rules.part_of(token, state, what) for what in ("nonce", "verifier")}
    assert len(parts) == 2
    assert all(43 <= len(part) <= 128 and part.isalnum() for part in parts)
    assert rules.part_of(token, other, "nonce") not in parts or other == state


@pytest.mark.parametrize(
    ("called", "kept"), [("艾丽", "艾丽"), (" 艾 \n丽\u202e", "艾 丽"), ("", "ai.li"), ("艾" * 99, "艾" * 60)]
)
def test_a_label_is_one_short_line(called, kept):
    assert rules.kept_label(called, "ai.li") == kept
