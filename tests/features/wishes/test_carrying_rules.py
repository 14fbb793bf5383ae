"""Who carries a wish, for how long, and when somebody looks back, on the borders: docs/domain.md §3.2."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.features.members.rules import Role
from app.features.wishes.carrying import errors, rules
from app.features.wishes.rules import ClaimKind, Helped, Step

TODAY = date(2026, 3, 9)
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)


def passes(check, refusal, *args, **said):
    """Whether it does, or is refused as it should be."""
    if refusal is None:
        check(*args, **said)
    else:
        with pytest.raises(refusal):
            check(*args, **said)


@pytest.mark.parametrize(
    ("yuan", "is_dear", "for_committees"),
    [(None, False, False), (200, False, False), (201, True, False), (500, True, False), (501, True, True)],
)
def test_above_200_yuan_softly_above_500_a_committee(yuan, is_dear, for_committees):
    assert (rules.is_dear(yuan), rules.is_for_committees(yuan)) == (is_dear, for_committees)


@pytest.mark.parametrize(
    ("active", "yuan", "kind", "roles", "refusal"),
    [
        (1, 500, ClaimKind.ALONE, [], None),
        (2, None, ClaimKind.ALONE, [], errors.TooManyClaimsError),
        (0, 501, ClaimKind.ALONE, [Role.SECRETARY], errors.TooDearError),
        (0, 501, ClaimKind.TEAM, [], errors.TooDearError),
        (0, 501, ClaimKind.TEAM, [Role.PUBLICITY], None),
        (0, 501, ClaimKind.TEAM, [Role.GROUP_LEADER], errors.TooDearError),
        (0, 501, ClaimKind.TEAM, [Role.COMMITTEE_OFFICER], None),
    ],
)
def test_who_claims(active, yuan, kind, roles, refusal):
    passes(rules.check_claim, refusal, active=active, yuan=yuan, kind=kind, roles=roles)


@pytest.mark.parametrize(
    ("before", "after", "passes_"),
    [
        (501, 500, False),
        (501, 502, True),
        (501, None, False),
        (500, 501, True),
        (500, 200, False),
        (500, 201, True),
        (200, 0, True),
        (None, 100, True),
        (200, None, True),
    ],
)
def test_no_estimate_falls_below_a_line(before, after, passes_):
    passes(rules.check_estimate, None if passes_ else errors.EstimateLoweredError, before, after)


def test_two_at_a_time_and_ten_in_a_team():
    passes(rules.check_joining, None, 1)
    passes(rules.check_joining, errors.TooManyToJoinError, 2)
    passes(rules.check_room, None, 9)
    passes(rules.check_room, errors.TeamFullError, 10)


@pytest.mark.parametrize(("days", "is_past"), [(-1, True), (0, False), (None, False)])
def test_a_wish_helps_on_its_own_day(days, is_past):
    assert rules.is_past(None if days is None else TODAY + days * DAY, TODAY) is is_past


@pytest.mark.parametrize(("seconds", "can"), [(600, True), (601, False), (None, False)])
def test_a_release_is_taken_back_for_ten_minutes(seconds, can):
    assert rules.can_undo(None if seconds is None else NOON - timedelta(seconds=seconds), NOON) is can


@pytest.mark.parametrize(
    ("wanted", "is_extended", "by"),
    [
        (None, False, 30),
        (None, True, 44),
        (20, False, 20),
        (20, True, 20),
        (40, False, 30),
        (40, True, 40),
        (0, False, 0),
        (-1, False, 30),  # a day that had passed says nothing any more
    ],
)
def test_the_day_by_which_it_is_handed_over(wanted, is_extended, by):
    day = None if wanted is None else TODAY + wanted * DAY
    assert rules.fulfil_by(TODAY, day, is_extended=is_extended) == TODAY + by * DAY


def test_the_wisher_hears_within_seven_days_and_never_after_the_handing_over():
    heard = [rules.contact_by(TODAY, TODAY + days * DAY) - TODAY for days in (30, 7, 6, 0, -3)]
    assert [one.days for one in heard] == [7, 7, 6, 0, 0]
    assert rules.returns_on(TODAY) == TODAY + 15 * DAY


def test_more_time_is_given_where_the_wisher_leaves_any():
    passes(rules.check_extension, None, TODAY, None)
    passes(rules.check_extension, None, TODAY, TODAY + 31 * DAY)
    passes(rules.check_extension, errors.WantedEarlierError, TODAY, TODAY + 30 * DAY)


@pytest.mark.parametrize(("day", "passes_"), [(-1, True), (-2, False), (0, True), (1, False)])
def test_it_is_handed_over_between_the_claim_and_today(day, passes_):
    refusal = None if passes_ else errors.HandedOverDayError
    passes(rules.check_handed_over_on, refusal, TODAY + day * DAY, claimed_on=TODAY - DAY, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("482913", "482913"),
        ("482 913", "482913"),
        ("４８２-913", "482913"),
        ("48291", None),
        ("4829133", None),
        ("48291x", None),
    ],
)
def test_a_code_as_people_say_it(typed, code):
    assert rules.read_code(typed) == code
    assert rules.readable("482913") == "482 913"
    assert all(len(rules.new_code()) == 6 for _ in range(200))


def test_somebody_looks_back_from_the_fourteenth_day_to_the_thirtieth():
    assert (rules.revisit_from(TODAY), rules.revisit_until(TODAY)) == (TODAY + 14 * DAY, TODAY + 30 * DAY)
    passes(rules.check_looked_back_on, None, TODAY + 14 * DAY, fulfilled_on=TODAY)
    passes(rules.check_looked_back_on, errors.TooEarlyError, TODAY + 13 * DAY, fulfilled_on=TODAY)
    assert dict(rules.REVISIT_STEPS) == {
        Helped.YES: Step.REVISIT,
        Helped.PARTLY: Step.REVISIT,
        Helped.NO: Step.HELP_AGAIN,
    }
