"""What is asked of a branch, on the borders of its periods: domain, meetings §3, §9 and §13."""

from datetime import date, datetime
from uuid import UUID

import pytest

from app.core import clock
from app.core.errors import ImpossibleError
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.calendar.rules import (
    Branch,
    Duty,
    DutyState,
    Gathering,
    duty,
    fulfils,
    last_day,
    required,
    talk_duty,
    talks,
)
from app.features.meetings.events.rules import TooLongAgoError
from app.features.meetings.talks.rules import NotYetHeldError, WithOneselfError, category_of, check_talk, talk_id

SAM, DORA, ALICE, BOB = (UUID(int=number) for number in range(4))
FIVE = Branch(full=5)
NOVEMBER = date(2026, 11, 1)


def held(month, day, *kinds, hour=15, **said):
    return Gathering(datetime(2026, month, day, hour, tzinfo=clock.zone()), kinds or (Kind.THEME_DAY,), **said)


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (Kind.THEME_DAY, date(2026, 2, 1), date(2026, 2, 28)),
        (Kind.COMMITTEE, date(2026, 12, 1), date(2026, 12, 31)),
        (Kind.MEMBERS_MEETING, date(2026, 10, 1), date(2026, 12, 31)),
        (Kind.LECTURE, date(2026, 4, 1), date(2026, 6, 30)),
        (Kind.REVIEW, date(2026, 1, 1), date(2026, 12, 31)),
        (Kind.MEMBERS_MEETING, date(2026, 11, 1), None),
        (Kind.REVIEW, date(2026, 4, 1), None),
        (Kind.THEME_DAY, date(2026, 11, 2), None),
        (Kind.JOINT, date(2026, 11, 1), None),
    ],
)
def test_month_quarter_and_year(kind, first, last):
    if last is None:
        with pytest.raises(ImpossibleError):
            last_day(first, kind)
    else:
        assert last_day(first, kind) == last


@pytest.mark.parametrize(
    ("as_of", "state"),
    [(date(2026, 11, 30), DutyState.OPEN), (date(2026, 12, 1), DutyState.MISSING), (None, DutyState.MISSING)],
)
def test_it_is_missing_from_the_day_after_the_period_on(as_of, state):
    assert duty(Kind.THEME_DAY, NOVEMBER, FIVE, [], as_of) == Duty(state)


@pytest.mark.parametrize(("month", "day", "counts"), [(10, 31, False), (11, 1, True), (11, 30, True), (12, 1, False)])
def test_the_first_and_the_last_day_belong_to_it_and_nothing_carries_over(month, day, counts):
    done = Duty(DutyState.DONE, date(2026, month, day))
    assert duty(Kind.THEME_DAY, NOVEMBER, FIVE, [held(month, day)]) == (done if counts else Duty(DutyState.MISSING))


def test_it_is_planned_until_it_is_held():
    later, today = held(11, 7), held(11, 6)
    assert duty(Kind.THEME_DAY, NOVEMBER, FIVE, [later], date(2026, 11, 6)) == Duty(DutyState.PLANNED)
    assert duty(Kind.THEME_DAY, NOVEMBER, FIVE, [today], date(2026, 11, 6)).done_on == date(2026, 11, 6)
    ahead = held(11, 6, is_ahead=True)
    assert duty(Kind.THEME_DAY, NOVEMBER, FIVE, [ahead], date(2026, 11, 6)) == Duty(DutyState.PLANNED)


def test_of_two_the_earlier_one_has_done_it():
    both = [held(11, 20), held(11, 6)]
    assert duty(Kind.THEME_DAY, NOVEMBER, FIVE, both).done_on == date(2026, 11, 6)


def test_group_meetings_are_done_when_every_group_has_met():
    branch = Branch(full=20, groups=("一组", "二组", "三组"))
    met = [held(11, day, Kind.GROUP, group=group) for day, group in ((3, "一组"), (5, "二组"), (9, "一组"))]
    assert duty(Kind.GROUP, NOVEMBER, branch, met, date(2026, 11, 9)) == Duty(DutyState.OPEN, None, 2)
    third = held(11, 12, Kind.GROUP, group="三组")
    assert duty(Kind.GROUP, NOVEMBER, branch, [*met, third], date(2026, 11, 9)) == Duty(DutyState.PLANNED, None, 2)
    last = date(2026, 11, 12)
    assert duty(Kind.GROUP, NOVEMBER, branch, [*met, third], last) == Duty(DutyState.DONE, last, 3)
    assert duty(Kind.GROUP, NOVEMBER, branch, met) == Duty(DutyState.MISSING, None, 2)
    with pytest.raises(ImpossibleError):
        fulfils(Kind.GROUP, held(11, 3, Kind.GROUP, group="四组"), branch)


@pytest.mark.parametrize(
    ("kind", "branch", "said", "enough"),
    [
        (Kind.MEMBERS_MEETING, Branch(16), {"present": 8}, True),
        (Kind.MEMBERS_MEETING, Branch(16), {"present": 7}, False),
        (Kind.MEMBERS_MEETING, Branch(5), {"present": 3}, True),
        (Kind.MEMBERS_MEETING, Branch(5), {"present": 2}, False),
        (Kind.MEMBERS_MEETING, Branch(5), {"present": 6}, None),
        (Kind.MEMBERS_MEETING, Branch(5), {"present": 5}, True),
        (Kind.COMMITTEE, Branch(20, committee=5), {"committee_present": 3}, True),
        (Kind.COMMITTEE, Branch(20, committee=5), {"committee_present": 2, "present": 20}, False),
        (Kind.COMMITTEE, Branch(20, committee=5), {"committee_present": 6}, None),
        (Kind.LECTURE, Branch(20), {"present": 1}, True),
        (Kind.LECTURE, Branch(20), {"present": 0}, False),
        (Kind.LECTURE, Branch(20), {}, True),
        (Kind.LECTURE, Branch(20), {"cancelled": True}, False),
    ],
)
def test_how_many_must_come(kind, branch, said, enough):
    """§3: half of those with a vote, half of the committee, of the others one."""
    if enough is None:
        with pytest.raises(ImpossibleError):
            fulfils(kind, held(11, 6, kind, **said), branch)
    else:
        assert fulfils(kind, held(11, 6, kind, **said), branch) is enough
        assert not fulfils(Kind.ORG_LIFE, held(11, 6, kind, **said), branch)


def test_it_does_not_end_before_it_has_begun():
    begins = datetime(2026, 11, 6, 15, tzinfo=clock.zone())
    with pytest.raises(ImpossibleError):
        fulfils(Kind.THEME_DAY, held(11, 6, ends=begins), FIVE)
    assert fulfils(Kind.THEME_DAY, held(11, 6, ends=begins.replace(minute=1)), FIVE)


def test_of_a_branch_of_five_without_groups_neither_committee_nor_group_meetings_are_asked():
    asked = {kind for kind in Kind if required(kind, FIVE)}
    assert {Kind.MEMBERS_MEETING, Kind.THEME_DAY, Kind.LECTURE, Kind.ORG_LIFE, Kind.REVIEW} <= asked
    assert asked.isdisjoint({Kind.COMMITTEE, Kind.GROUP})
    assert duty(Kind.COMMITTEE, NOVEMBER, FIVE, []) == Duty(DutyState.NOT_REQUIRED)
    assert required(Kind.COMMITTEE, Branch(7, committee=1))
    assert required(Kind.GROUP, Branch(20, groups=["一组"]))


@pytest.mark.parametrize(
    ("committee", "others", "pairs", "with_committee", "among_members"),
    [(5, 15, 10, 15, 8), (3, 4, 3, 4, 2), (1, 2, 0, 2, 1), (0, 5, 0, 0, 3), (2, 1, 1, 1, 0), (0, 0, 0, 0, 0)],
)
def test_how_many_talks_are_enough(committee, others, pairs, with_committee, among_members):
    found = talks(committee, others)
    assert (found.committee_pairs, found.committee_member, found.member_member) == (
        pairs,
        with_committee,
        among_members,
    )
    assert found.enough == pairs + with_committee + among_members


@pytest.mark.parametrize(
    ("done", "wanted", "is_over", "state"),
    [
        (0, 0, True, DutyState.NOT_REQUIRED),
        (9, 10, False, DutyState.OPEN),
        (9, 10, True, DutyState.MISSING),
        (10, 10, True, DutyState.DONE),
        (11, 10, False, DutyState.DONE),
    ],
)
def test_a_line_of_talks(done, wanted, is_over, state):
    assert talk_duty(done, wanted, is_over=is_over) == Duty(state, groups_done=done if wanted else None)


@pytest.mark.parametrize(
    ("one", "other", "category"),
    [
        (SAM, DORA, "committee"),
        (SAM, ALICE, "with_committee"),
        (ALICE, SAM, "with_committee"),
        (ALICE, BOB, "members"),
    ],
)
def test_for_which_line_a_talk_is(one, other, category):
    """Sam and Dora sit in the committee."""
    assert category_of(one, other, {SAM, DORA}) == category


@pytest.mark.parametrize(
    ("other", "day", "refusal"),
    [
        (BOB, date(2026, 11, 6), None),
        (BOB, date(2026, 11, 7), NotYetHeldError),
        (ALICE, date(2026, 11, 6), WithOneselfError),
        (BOB, date(2025, 1, 1), None),
        (BOB, date(2024, 12, 31), TooLongAgoError),
    ],
)
def test_a_talk_was_held_by_two_this_year_or_the_last(other, day, refusal):
    today = date(2026, 11, 6)
    if refusal is None:
        check_talk(ALICE, other, day, today)
        assert talk_id(ALICE, other, day) == talk_id(other, ALICE, day) != talk_id(ALICE, other, today.replace(day=5))
    else:
        with pytest.raises(refusal) as said:
            check_talk(ALICE, other, day, today)
        assert refusal is not TooLongAgoError or "2025年1月1日" in str(said.value.sentence)
