"""The duty list on the borders of its days, and whose eyes it needs: docs/domain.md §3.1."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.features.shows.duties import errors, rules
from app.features.shows.duties.rules import DutyResult, DutyState, Urgency

TODAY = date(2026, 3, 9)
DAY = timedelta(days=1)
SAM, ALICE = UUID(int=1), UUID(int=2)


def passes(check, refusal, *args, **said):
    """Whether it does, or is refused as it should be."""
    if refusal is None:
        check(*args, **said)
    else:
        with pytest.raises(refusal):
            check(*args, **said)


@pytest.mark.parametrize(
    ("days", "urgency"),
    [(-1, Urgency.OVERDUE), (0, Urgency.SOON), (7, Urgency.SOON), (8, Urgency.LATER)],
)
def test_the_due_day_itself_is_in_time_and_a_week_is_soon(days, urgency):
    assert rules.urgency(TODAY + days * DAY, today=TODAY) is urgency


@pytest.mark.parametrize(
    ("result", "due", "said", "day"),
    [
        (DutyResult.DONE, 5, 0, 0),
        (DutyResult.DONE, -5, 0, 0),
        (DutyResult.NOT_DONE, 5, 0, 0),
        (DutyResult.NOT_DONE, -5, 0, -5),
        (DutyResult.OBJECTIVE, -5, 0, -5),
    ],
)
def test_on_which_day_a_duty_ended(result, due, said, day):
    """The one on which it was done, else its due day, if that has come."""
    assert rules.day_of_outcome(result, due_on=TODAY + due * DAY, said_on=TODAY + said * DAY) == TODAY + day * DAY


@pytest.mark.parametrize(
    ("due_on", "earliest", "refusal"),
    [
        (TODAY, None, None),
        (TODAY - DAY, None, errors.DueTooEarlyError),
        (TODAY - DAY, date(2026, 1, 1), None),
        (date(2025, 12, 31), date(2026, 1, 1), errors.DueTooEarlyError),
        (date(2029, 12, 31), None, None),
        (date(2030, 1, 1), None, errors.DueTooLateError),
    ],
)
def test_which_due_day_can_be_met(due_on, earliest, refusal):
    passes(rules.check_due, refusal, due_on, today=TODAY, earliest=earliest)


@pytest.mark.parametrize("state", DutyState)
def test_what_has_ended_is_left_alone(state):
    is_open = state in {"open", "started", "in_difficulty"}
    refusal = None if is_open else errors.AlreadyReportedError if state == "reported" else errors.DutyEndedError
    passes(rules.check_open, refusal, state)


@pytest.mark.parametrize(
    ("ended_on", "due_on", "refusal"),
    [
        (TODAY, date(2026, 6, 1), None),
        (TODAY + DAY, date(2026, 6, 1), errors.WrongDayError),
        (date(2026, 1, 1), date(2026, 6, 1), None),
        (date(2025, 12, 31), date(2026, 6, 1), errors.WrongDayError),
        (date(2026, 2, 1), date(2027, 6, 1), None),  # the day on which it was made
        (date(2026, 1, 31), date(2027, 6, 1), errors.WrongDayError),
    ],
)
def test_on_which_day_it_can_have_been_done(ended_on, due_on, refusal):
    passes(rules.check_day, refusal, ended_on, made_on=date(2026, 2, 1), due_on=due_on, today=TODAY)


@pytest.mark.parametrize(
    ("result", "due", "sentence", "by_holder", "refusal"),
    [
        (DutyResult.DONE, 5, None, False, None),
        (DutyResult.NOT_DONE, 0, None, False, errors.NotDueYetError),  # there is time, its day included
        (DutyResult.NOT_DONE, -1, None, False, None),
        (DutyResult.NOT_DONE, 5, None, True, None),
        (DutyResult.OBJECTIVE, 5, "停电", False, None),
        (DutyResult.OBJECTIVE, 5, None, True, errors.ReasonMissingError),
    ],
)
def test_which_end_can_be_reported(result, due, sentence, by_holder, refusal):
    said = {"due_on": TODAY + due * DAY, "sentence": sentence, "by_holder": by_holder, "today": TODAY}
    passes(rules.check_outcome, refusal, result, **said)


@pytest.mark.parametrize(
    ("is_officer", "holders", "is_own", "is_overdue", "may"),
    [
        (True, {ALICE}, False, True, True),
        (True, {SAM, ALICE}, False, False, False),  # it is the officer's own, too
        (False, {ALICE}, False, False, False),
        (False, {SAM}, True, False, True),  # took it without being asked
        (False, {SAM}, True, True, False),  # and makes it not go away once it is late
        (True, {SAM}, True, True, False),
    ],
)
def test_whose_eyes_it_needs_to_move_or_strike_a_duty(is_officer, holders, is_own, is_overdue, may):
    """Sam acts."""
    said = {"is_officer": is_officer, "actor_id": SAM, "holders": holders, "is_own": is_own, "is_overdue": is_overdue}
    passes(rules.check_may_change, None if may else errors.OwnDutyError, **said)


@pytest.mark.parametrize(
    ("is_responsible", "took_it", "starts", "refusal"),
    [
        (False, False, 1, None),
        (True, False, 0, errors.OwnDutyError),
        (True, True, 0, None),  # on its day
        (True, True, 1, errors.OwnLateDutyError),
    ],
)
def test_who_hands_over_up_to_its_day(is_responsible, took_it, starts, refusal):
    said = {"is_responsible": is_responsible, "took_it": took_it, "due_on": TODAY, "starts_on": TODAY + starts * DAY}
    passes(rules.check_may_hand_over, refusal, **said)


@pytest.mark.parametrize(
    ("starts", "ends", "refusal"),
    [
        (0, None, None),
        (0, 0, None),
        (1, 0, errors.WrongSpanError),
        (-1, None, errors.WrongSpanError),
        (-1, 5, errors.WrongSpanError),
    ],
)
def test_a_hand_over_begins_today_or_later(starts, ends, refusal):
    passes(rules.check_span, refusal, TODAY + starts * DAY, None if ends is None else TODAY + ends * DAY, today=TODAY)


def test_days_are_a_plain_fact(english):
    assert [rules.in_days(days) for days in (0, 1, 2, 7, -1, -2)] == [
        "due today", "due tomorrow", "in 2 days", "in 7 days", "1 day overdue", "2 days overdue",
    ]  # fmt: skip
