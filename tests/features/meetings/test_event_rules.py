"""When a meeting may be planned, who is expected, how long somebody is attached: domain, meetings §2, §3, §12."""

from datetime import date, datetime, timedelta

import pytest

from app.core import clock
from app.core.errors import ImpossibleError
from app.features.meetings.attachments import rules as attachments
from app.features.meetings.attachments.rules import State
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.counted.rules import EndsBeforeError, check_days
from app.features.meetings.events import rules
from app.features.meetings.resolutions.rules import CountsMissingError, as_kept, verdict_of
from app.features.meetings.votes.rules import Matter, VoteOutcome
from app.features.reviews.rules import ReviewStatus

TODAY = date(2026, 3, 9)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "said", "refusal"),
    [
        (TODAY, {}, None),
        (TODAY + 400 * DAY, {}, None),
        (TODAY + 401 * DAY, {}, rules.TooFarAheadError),
        (TODAY - DAY, {}, rules.ReasonMissingError),
        (TODAY - DAY, {"reason": "补录"}, None),
        (TODAY - DAY, {"stays": True}, None),
        (date(2025, 1, 1), {"reason": "补录"}, None),  # the year before the open one
        (date(2024, 12, 31), {"reason": "补录"}, rules.TooLongAgoError),
        (TODAY, {"hours": 24}, None),
        (TODAY, {"hours": 25}, ImpossibleError),
        (TODAY, {"hours": 0}, ImpossibleError),
    ],
)
def test_when_a_meeting_may_be_planned(day, said, refusal):
    begins = datetime(day.year, day.month, day.day, 15, tzinfo=clock.zone())
    ends = begins + timedelta(hours=said.get("hours", 2))
    said = {"today": TODAY, "reason": said.get("reason"), "stays": said.get("stays", False)}
    if refusal is None:
        rules.check_when(begins, ends, **said)
    else:
        with pytest.raises(refusal):
            rules.check_when(begins, ends, **said)


def test_until_the_fifteenth_of_january_the_year_before_last_can_be_recorded():
    begins = datetime(2024, 1, 1, 15, tzinfo=clock.zone())
    rules.check_when(begins, begins + timedelta(hours=1), today=date(2026, 1, 14), reason="补录")
    with pytest.raises(rules.TooLongAgoError):
        rules.check_when(begins, begins + timedelta(hours=1), today=date(2026, 1, 15), reason="补录")


@pytest.mark.parametrize(
    ("kinds", "said", "refusal"),
    [
        ("members_meeting lecture", {}, None),
        ("committee", {}, rules.NoCommitteeError),
        ("committee", {"has_committee": True}, None),
        ("committee lecture", {"has_committee": True}, rules.CommitteeApartError),
        ("group", {}, rules.NoGroupsError),
        ("group lecture", {"has_groups": True}, None),
        ("joint lecture", {"is_joint": True}, None),
        ("joint committee", {"is_joint": True, "has_committee": True}, rules.JointKindsError),
        ("joint group", {"is_joint": True, "has_groups": True}, rules.JointKindsError),
    ],
)
def test_what_goes_together_on_an_agenda(kinds, said, refusal):
    asked = [Kind(kind) for kind in kinds.split()]
    said = {"has_committee": False, "has_groups": False} | said
    if refusal is None:
        rules.check_kinds(asked, **said)
    else:
        with pytest.raises(refusal):
            rules.check_kinds(asked, **said)


@pytest.mark.parametrize(
    ("begins", "planned", "brings"),
    [
        (date(2025, 12, 31), date(2026, 1, 14), True),
        (date(2025, 12, 31), date(2026, 1, 15), False),
        (date(2026, 1, 1), date(2026, 1, 15), True),
    ],
)
def test_a_meeting_recorded_after_its_year_was_closed_brings_no_facts(begins, planned, brings):
    at = [datetime(day.year, day.month, day.day, 9, tzinfo=clock.zone()) for day in (begins, planned)]
    assert rules.brings_facts(*at) is brings


def test_who_is_expected_follows_the_day_of_the_event():
    """Alice left after it, Bob before, Dora arrived before it, Carl after; Eva came after it, and was asked."""
    stored = {"sam": 1, "alice": 1, "bob": 1, "eva": 1}
    belongs = {"sam": 2, "dora": 2, "carl": 2, "eva": 2}
    found = rules.expected_now(stored, belongs, came_later={"carl", "eva"}, left_later={"alice"})
    assert found == {"sam": 2, "alice": 1, "dora": 2, "eva": 2}


@pytest.mark.parametrize(
    ("first", "last", "passes"),
    [
        (TODAY - 366 * DAY, None, True),
        (TODAY - 367 * DAY, None, False),
        (TODAY, TODAY, True),
        (TODAY, TODAY - DAY, False),
        (TODAY, TODAY + 1098 * DAY, True),  # three years
        (TODAY, TODAY + 1099 * DAY, False),
        (TODAY + 1099 * DAY, None, False),
    ],
)
def test_days_of_an_attachment(first, last, passes):
    if passes:
        attachments.check_days(first, last, today=TODAY)
    else:
        with pytest.raises(attachments.DaysOutOfReachError):
            attachments.check_days(first, last, today=TODAY)


@pytest.mark.parametrize(
    ("status", "first", "last", "state"),
    [
        ("withdrawn", 0, None, None),
        ("pending", 0, None, State.ASKED),
        ("returned", 0, None, State.RETURNED),
        ("approved", 1, None, State.AHEAD),
        ("approved", 0, None, State.RUNNING),
        ("approved", -5, 0, State.RUNNING),  # its last day
        ("approved", -5, -1, State.OVER),
        ("approved", 5, 4, State.OVER),  # ended before it began
    ],
)
def test_where_an_attachment_stands(status, first, last, state):
    days = (TODAY + first * DAY, None if last is None else TODAY + last * DAY)
    assert attachments.state_of(ReviewStatus(status), *days, today=TODAY) is state


def test_the_last_day_of_an_attachment_is_the_earlier_one():
    agreed, ended = TODAY + DAY, TODAY
    assert [attachments.last_day(*days) for days in ((agreed, ended), (None, ended), (agreed, None), (None, None))] == [
        ended, ended, agreed, None,
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "asks"), [(181, False), (182, True)])
def test_half_a_year_at_one_place_asks_whether_the_relation_moves(days, asks):
    assert attachments.asks_for_move(TODAY, TODAY + days * DAY, today=TODAY) is asks
    assert attachments.asks_for_move(TODAY - days * DAY, None, today=TODAY) is asks


def test_a_last_day_does_not_lie_before_the_first():
    check_days(TODAY, TODAY)
    check_days(TODAY, None)
    with pytest.raises(EndsBeforeError):
        check_days(TODAY, TODAY - DAY)


def test_below_the_quorum_the_written_votes_alone_are_kept():
    counts = {"yes": 5, "no": 1, "written_yes": 2}
    written = {"written_yes": 2, "written_no": 0, "written_abstain": 0}
    assert as_kept(VoteOutcome.NO_QUORUM, counts) == written
    assert as_kept(VoteOutcome.CARRIED, counts) == {"yes": 5, "no": 1, "abstain": None} | written


def test_what_a_form_of_a_vote_comes_to():
    found = verdict_of(Matter.ADMISSION, n=16, present=9, counts={"yes": 8, "written_yes": 1})
    assert found.outcome is VoteOutcome.CARRIED
    assert verdict_of(Matter.ADMISSION, n=16, present=8, counts={}).outcome is VoteOutcome.NO_QUORUM
    with pytest.raises(CountsMissingError):
        verdict_of(Matter.ADMISSION, n=16, present=9, counts={"no": 1})
    with pytest.raises(ImpossibleError):
        verdict_of(Matter.ADMISSION, n=16, present=9, counts={"yes": 8, "no": 1, "abstain": 1})
