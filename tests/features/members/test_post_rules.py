"""Which posts go together: docs/domain.md §1. A term includes its last day; without one it is still open."""

from datetime import date
from uuid import UUID

import pytest

from app.features.members.errors import (
    EndsBeforeStartError,
    PostHeldError,
    SecretaryHeldError,
    SeparateAdministratorsError,
)
from app.features.members.posts.rules import Term, check_days, check_post, overlap
from app.features.members.rules import Role

SAM, DORA = UUID(int=1), UUID(int=2)
BRANCH, OTHER = UUID(int=3), UUID(int=4)
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ((MARCH, APRIL), (APRIL, MAY), True),  # one day
        ((APRIL, MAY), (MARCH, APRIL), True),
        ((MARCH, date(2026, 3, 31)), (APRIL, MAY), False),
        ((MARCH, None), (MAY, None), True),
        ((MAY, None), (MARCH, APRIL), False),
    ],
)
def test_whether_two_times_share_a_day(one, other, shared):
    assert overlap(*one, *other) is shared
    assert overlap(*other, *one) is shared


def test_a_term_does_not_end_before_it_begins():
    check_days(MARCH, None)
    check_days(MARCH, MARCH)
    with pytest.raises(EndsBeforeStartError):
        check_days(APRIL, MARCH)


def term(who=SAM, role=Role.SECRETARY, place=BRANCH, starts_on=MARCH, ends_on=None):
    return Term(who, "Sam", place, role, starts_on, ends_on)


@pytest.mark.parametrize(
    ("wanted", "held", "refusal"),
    [
        (term(), term(), PostHeldError),
        (term(starts_on=MAY), term(ends_on=APRIL), None),
        (term(), term(place=OTHER), None),
        (term(), term(role=Role.ORGANISATION), None),
        (term(), term(who=DORA), SecretaryHeldError),
        (term(), term(who=DORA, ends_on=MARCH), SecretaryHeldError),
        (term(starts_on=APRIL), term(who=DORA, ends_on=MARCH), None),
        (term(), term(who=DORA, place=OTHER), None),
        (term(role=Role.DEPUTY), term(who=DORA, role=Role.DEPUTY), None),
        (term(), term(who=DORA, role=Role.DEPUTY), None),
        (term(role=Role.DEPUTY), term(who=DORA), None),
        (term(role=Role.SYSTEM_ADMINISTRATOR), term(role=Role.AUDIT_ADMINISTRATOR), SeparateAdministratorsError),
        (term(role=Role.SYSTEM_ADMINISTRATOR), term(role=Role.SYSTEM_ADMINISTRATOR, place=OTHER), None),
        (term(role=Role.SYSTEM_ADMINISTRATOR), term(role=Role.COMMITTEE_OFFICER), None),
        (term(role=Role.COMMITTEE_OFFICER), term(role=Role.SYSTEM_ADMINISTRATOR), None),
        (term(role=Role.SYSTEM_ADMINISTRATOR), term(who=DORA, role=Role.AUDIT_ADMINISTRATOR), None),
    ],
)
def test_which_posts_go_together(wanted, held, refusal):
    if refusal is None:
        check_post(wanted, [held])
    else:
        with pytest.raises(refusal):
            check_post(wanted, [held])
