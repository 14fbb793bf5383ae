"""Limits and tables of meetings, written out once with the numbers of docs/domain.md (meetings §3 to §12)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.features.leave.rules import Away, LeaveType, Span
from app.features.meetings.attachments import rules as attachments
from app.features.meetings.attendance import rules as attendance
from app.features.meetings.attendance.rules import Kind, Leave, State
from app.features.meetings.calendar import rules as calendar
from app.features.meetings.checkins import rules as checkins
from app.features.meetings.counted import rules as counted
from app.features.meetings.events import rules as events
from app.features.meetings.events.rules import Capacity, EventState, Step
from app.features.meetings.makeups import rules as makeups
from app.features.meetings.minutes import rules as minutes
from app.features.meetings.minutes.rules import may_read
from app.features.meetings.resolutions import rules as resolutions
from app.features.meetings.resolutions.rules import Office
from app.features.meetings.talks import rules as talks
from app.features.meetings.ticks import rules as ticks
from app.features.meetings.ticks.rules import Mark, StoredTick
from app.features.meetings.venue_code import rules as venue_code
from app.features.meetings.votes import rules as votes
from app.features.meetings.votes.rules import Matter
from app.features.members.rules import Role

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (attendance.IN_TIME, 30 * MINUTE),
        (attendance.LONGEST, 24 * HOUR),
        (attendance.MAKE_UP_DAYS, 30),
        (attendance.MAKE_UP_CONFIRMED, 10),
        (attachments.REACH, 3 * 366 * DAY),
        (attachments.AROUND, 31 * DAY),
        (checkins.HANDED_OUT, 24 * HOUR),
        (checkins.KEPT, 30 * DAY),
        (events.FARTHEST, 400 * DAY),
        (events.TO_BE_RECORDED_AFTER, 24 * HOUR),
        (events.MOST_BRANCHES, 20),
        (events.MOST_REPEATS, 11),
        (minutes.TEXT_LENGTH, 4000),
        (resolutions.COMMITTEE_FROM, 7),
        (list(resolutions.EXTENSION_MONTHS), [6, 7, 8, 9, 10, 11, 12]),
        (talks.YEARS_BACK, 1),
        (venue_code.STEP_S, 60),
        (venue_code.DIGITS, 6),
        (venue_code.NEIGHBOURS, 1),
        (venue_code.EXPIRED_STEPS, 30),
        (venue_code.EARLIEST, HOUR),
        (venue_code.IN_TIME, 30 * MINUTE),
        (venue_code.AHEAD, 5 * MINUTE),
        (venue_code.SHIFT, MINUTE / 2),
        (venue_code.WRONG_CODES, 10),
        (venue_code.MANY_ON_ONE_PHONE, 3),
        (list(votes.REASONS), [1, 2, 3, 4, 5, 6]),
        (votes.NEAR_TIE, 1),
    ],
)
def test_limits_are_the_numbers_of_the_field(limit, number):
    assert limit == number


def test_how_long_a_text_may_be():
    assert (events.TITLE_LENGTH, events.PLACE_LENGTH, events.NAME_LENGTH, events.REASON_LENGTH) == (120, 80, 60, 200)
    assert (minutes.TOPIC_LENGTH, ticks.NOTE_LENGTH, events.BRANCHES_LENGTH) == (120, 200, 800)
    assert (resolutions.WORDING_LENGTH, resolutions.NAME_LENGTH, resolutions.REASON_LENGTH) == (300, 40, 200)


def test_what_is_asked_for_once_in_how_many_months():
    """§9: quarter, month, year; nothing asks for a study session, volunteering or a joint event."""
    assert {str(kind): months for kind, months in calendar.MONTHS.items()} == {
        "members_meeting": 3,
        "committee": 1,
        "group": 1,
        "theme_day": 1,
        "lecture": 3,
        "org_life": 12,
        "review": 12,
    }


def test_where_somebody_can_be_absent():
    """§4: never from what is voluntary; organisation life and review weigh more."""
    asked = "members_meeting committee group lecture theme_day org_life review"
    assert {Kind(kind) for kind in asked.split()} == attendance.EXPECTED_AT
    assert {Kind.ORG_LIFE, Kind.REVIEW} == attendance.KEY
    assert {kind: ticks.is_voluntary([kind]) for kind in Kind} == {
        kind: str(kind) in {"study_session", "volunteering", "joint", "other"} for kind in Kind
    }
    assert not ticks.is_voluntary([Kind.STUDY_SESSION, Kind.GROUP])


def test_which_losses_weigh_more_than_others():
    assert [str(fact) for fact in attendance.HEAVIEST_FIRST] == [
        "attendance.absent_key",
        "attendance.absent",
        "attendance.private_leave",
        "attendance.late",
    ]


def test_what_each_mark_says():
    assert {mark: ticks.said(mark) for mark in Mark} == {
        Mark.PRESENT: StoredTick(State.PRESENT),
        Mark.LATE: StoredTick(State.PRESENT, is_late=True),
        Mark.LEFT_EARLY: StoredTick(State.PRESENT, left_early=True),
        Mark.OFFICIAL: StoredTick(State.LEAVE, Leave.OFFICIAL),
        Mark.SICK: StoredTick(State.LEAVE, Leave.SICK),
        Mark.STATUTORY: StoredTick(State.LEAVE, Leave.STATUTORY),
        Mark.PRIVATE: StoredTick(State.LEAVE, Leave.PRIVATE),
        Mark.ABSENT: StoredTick(State.ABSENT),
        Mark.NOT_EXPECTED: StoredTick(State.NOT_EXPECTED),
    }
    assert [ticks.mark_of(ticks.said(mark)) for mark in Mark] == list(Mark)
    assert ticks.mark_of(StoredTick(State.LEAVE, Leave.ASKED)) is None  # a request that waits is nobody's tick


@pytest.mark.parametrize("leave", LeaveType)
def test_what_a_leave_says_of_who_is_not_there(leave):
    """§4, §8: private leave alone is private; a report of leaving town excuses nobody."""
    said = {
        "personal": Mark.PRIVATE,
        "sick": Mark.SICK,
        "official": Mark.OFFICIAL,
        "training": Mark.OFFICIAL,
        "secondment": Mark.OFFICIAL,
        "report_only": Mark.PRESENT,
    }
    away = Away(leave, Span(date(2026, 3, 3), date(2026, 3, 4)), is_decided=True)
    assert ticks.first_mark(is_exempt=False, voluntary=False, away=away) is said.get(leave, Mark.STATUTORY)
    asked = away._replace(is_decided=False)
    assert ticks.first_mark(is_exempt=False, voluntary=False, away=asked) is Mark.PRESENT


@pytest.mark.parametrize(
    ("known", "mark"),
    [
        ({}, "present"),
        ({"was_elsewhere": True}, "official"),  # attached to another branch, and took part there
        ({"is_exempt": True}, "not_expected"),
        ({"is_exempt": True, "was_elsewhere": True}, "not_expected"),
        ({"voluntary": True}, "not_expected"),
    ],
)
def test_what_a_list_begins_with(known, mark):
    assert ticks.first_mark(**({"is_exempt": False, "voluntary": False} | known)) == mark


def test_who_need_not_come_is_there_or_was_not_expected():
    assert ticks.offered(invited=False, voluntary=False) == tuple(Mark)
    for invited, voluntary in ((True, False), (False, True), (True, True)):
        assert ticks.offered(invited=invited, voluntary=voluntary) == (Mark.PRESENT, Mark.NOT_EXPECTED)


def test_who_may_know_on_which_leave_somebody_is():
    """§8: officers read which leave it is, all others that it is one."""
    private = ticks.said(Mark.PRIVATE)
    assert (ticks.word_of(private, sees_kinds=True), ticks.word_of(private, sees_kinds=False)) == ("private", "leave")
    assert [ticks.word_of(ticks.said(mark), sees_kinds=False) for mark in Mark] == [
        "present", "late", "left_early", "leave", "leave", "leave", "leave", "absent", "not_expected",
    ]  # fmt: skip
    assert ticks.words_for(Mark, Mark.SICK, sees_kinds=False) == (
        "leave", "present", "late", "left_early", "absent", "not_expected",
    )  # fmt: skip
    assert ticks.words_for(Mark, Mark.SICK, sees_kinds=True) == tuple(Mark)
    assert ticks.words_for(Mark, Mark.LATE, sees_kinds=False) == tuple(Mark)


@pytest.mark.parametrize(
    ("word", "stands", "sees_kinds", "mark"),
    [
        ("leave", Mark.SICK, False, Mark.SICK),
        (Mark.PRIVATE, Mark.SICK, False, Mark.SICK),  # who may not know on which leave changes none
        (Mark.ABSENT, Mark.SICK, False, Mark.ABSENT),
        (Mark.PRIVATE, Mark.ABSENT, False, Mark.PRIVATE),
        (Mark.PRIVATE, None, False, Mark.PRIVATE),
        (Mark.PRIVATE, Mark.SICK, True, Mark.PRIVATE),
        ("leave", Mark.ABSENT, False, None),
        ("leave", None, False, None),
        ("leave", Mark.SICK, True, None),  # who knows the kinds says which
    ],
)
def test_what_a_word_of_the_list_means(word, stands, sees_kinds, mark):
    if mark is None:
        with pytest.raises(ticks.ChangedSinceError):
            ticks.meant(word, stands, sees_kinds=sees_kinds)
    else:
        assert ticks.meant(word, stands, sees_kinds=sees_kinds) is mark


STEPS = {
    Step.CHANGED: ("planned", "planned"),
    Step.POSTPONED: ("planned", "planned"),
    Step.CANCELLED: ("planned", "cancelled"),
    Step.RECORDED: ("planned recorded", "recorded"),
}


def test_the_steps_of_a_meeting_are_these_and_no_others():
    written = {step: (frozenset(map(EventState, of.split())), EventState(to)) for step, (of, to) in STEPS.items()}
    assert written == events.LIFE.leads


def test_who_takes_part_and_counts_in_no_number():
    assert {Capacity.ATTACHED, Capacity.GUEST} == events.BESIDE
    assert {Kind.COMMITTEE, Kind.GROUP} == events.OF_SOME
    invited = {capacity: events.Belongs(capacity, is_full=True, is_exempt=False).is_invited for capacity in Capacity}
    assert invited == {capacity: capacity is Capacity.ATTACHED for capacity in Capacity}
    assert events.Belongs(Capacity.MEMBER, is_full=True, is_exempt=True).is_invited


def test_kinds_that_are_one_gathering():
    """§3: a basket for a theme day with a lecture and a members' meeting, and organisation life with the review."""
    assert events.BASKETS == (
        ("theme_day", "lecture"),
        ("theme_day", "lecture", "members_meeting"),
        ("org_life", "review"),
    )


def test_what_is_made_up_for_and_where_points_depend_on_it():
    """§5: of leave and of an absence, whose loss stays; private leave alone loses its loss."""
    assert {State.LEAVE, State.ABSENT} == makeups.TO_MAKE_UP
    away = {(state, leave) for state in State for leave in [None, *Leave] if makeups.takes_loss_away(state, leave)}
    assert away == {(State.LEAVE, Leave.PRIVATE)}


@pytest.mark.parametrize("capacity", [None, *Capacity])
def test_who_reads_minutes(capacity):
    """§11: who was expected; those of the committee its members alone."""
    assert may_read(Kind.COMMITTEE, is_officer=True, capacity=capacity)
    assert may_read(Kind.LECTURE, is_officer=True, capacity=capacity)
    assert may_read(Kind.COMMITTEE, is_officer=False, capacity=capacity) == (capacity is Capacity.COMMITTEE)
    assert may_read(Kind.LECTURE, is_officer=False, capacity=capacity) == (capacity is not None)


def test_what_is_voted_on_where():
    """§7: everything but its own matters is the members' meeting's."""
    of_members = "ordinary admission conversion extension cancellation election"
    assert {Kind.COMMITTEE: ("committee",), Kind.MEMBERS_MEETING: tuple(of_members.split())} == resolutions.VOTED_AT
    assert [matter for matter in Matter if matter in votes.ABOUT_ONE_PERSON] == of_members.split()[1:5]
    assert of_members.split()[2:5] == list(resolutions.OF_PROBATION)


@pytest.mark.parametrize(
    ("kinds", "votes_there"),
    [
        ("members_meeting", True),
        ("committee", True),
        ("theme_day lecture members_meeting", True),
        ("lecture", False),
        ("group", False),
        ("joint members_meeting", False),
        ("joint", False),
    ],
)
def test_where_a_branch_votes(kinds, votes_there):
    of = frozenset(map(Kind, kinds.split()))
    if votes_there:
        counted.check_votes(of)
    else:
        with pytest.raises(counted.NoVotesError):
            counted.check_votes(of)


def test_who_knows_whose_rights_rest():
    """§1: the secretary and the discipline commissioner; elsewhere only their number shows."""
    assert {Role.SECRETARY, Role.DISCIPLINE} == counted.SEE_RIGHTS


def test_a_fifth_more_candidates_than_seats_where_a_committee_or_delegates_are_elected():
    """§7, §15: seats and a fifth, rounded up; secretary and deputy are elected directly."""
    asked = {seats: resolutions.candidates_at_least(Office.COMMITTEE, seats) for seats in (1, 3, 5, 6, 10, 11)}
    assert asked == {1: 2, 3: 4, 5: 6, 6: 8, 10: 12, 11: 14}
    of_five = {office: resolutions.candidates_at_least(office, 5) for office in Office}
    assert of_five == {"committee": 6, "secretary": 5, "deputy": 5, "delegates": 6}


@pytest.mark.parametrize(
    ("mark", "hours", "loss"),
    [
        (Mark.PRESENT, 2, None),
        (Mark.LATE, 2, "attendance.late"),
        (Mark.LEFT_EARLY, 2, "attendance.late"),
        (Mark.ABSENT, 2, "attendance.absent"),
        (Mark.PRIVATE, 2, "attendance.private_leave"),
        (Mark.SICK, 2, None),
        (Mark.NOT_EXPECTED, 2, None),
        (Mark.LATE, 0.25, None),  # nobody is more than thirty minutes late at a quarter of an hour
        (Mark.LEFT_EARLY, 0.25, None),
    ],
)
def test_what_each_tick_costs_at_a_group_meeting(mark, hours, loss):
    begins = datetime(2026, 11, 6, 6, tzinfo=UTC)
    one = ticks.attended(begins, begins + hours * HOUR, [attendance.Item(Kind.GROUP)], ticks.said(mark))
    assert attendance.loss_of(one) == loss
    assert one.confirmed_by == "own"
    hosted = ticks.attended(begins, begins + HOUR, [attendance.Item(Kind.GROUP)], ticks.said(mark), by_host=True)
    assert hosted.confirmed_by == "host"
