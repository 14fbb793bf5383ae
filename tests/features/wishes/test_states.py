"""Where a wish may go: the states alone, without a database."""

from datetime import date

import pytest
from hypothesis import given as tried
from hypothesis import strategies as st

from app.features.wishes import rules
from app.features.wishes.rules import (
    TERMINAL,
    Category,
    DayPassedError,
    Kind,
    Status,
    Step,
    StepRefusedError,
)

THE_WAY: list[Step] = [
    Step.SUBMIT,
    Step.PUBLISH,
    Step.CLAIM,
    Step.CONTACT,
    Step.FULFIL,
    Step.CONFIRM,
    Step.REVISIT,
]


def after_all(steps: list[Step]) -> Status:
    status = Status.DRAFT
    for step in steps:
        status = rules.LIFE.after(status, step)
    return status


def test_a_wish_goes_from_the_draft_to_the_revisit():
    assert after_all(THE_WAY) is Status.CLOSED


@pytest.mark.parametrize("missing", range(len(THE_WAY) - 1))
def test_no_step_can_be_left_out(missing):
    with pytest.raises(StepRefusedError):
        after_all(THE_WAY[:missing] + THE_WAY[missing + 1 :])


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([Step.SUBMIT, Step.RETURN], Status.RETURNED),
        ([Step.SUBMIT, Step.RETURN, Step.SUBMIT], Status.TO_VERIFY),
        ([Step.SUBMIT, Step.REFER], Status.REFERRED),
        ([*THE_WAY[:3], Step.RELEASE], Status.PUBLISHED),
        ([*THE_WAY[:4], Step.RELEASE], Status.PUBLISHED),
        ([*THE_WAY[:3], Step.OVERDUE], Status.PUBLISHED),
        ([*THE_WAY[:5], Step.NOT_YET], Status.IN_PROGRESS),
        ([*THE_WAY[:6], Step.HELP_AGAIN], Status.IN_PROGRESS),
        ([*THE_WAY[:2], Step.EXPIRE], Status.EXPIRED),
        ([*THE_WAY[:2], Step.NEXT_ROUND], Status.NEXT_ROUND),
        ([*THE_WAY[:2], Step.EXPIRE, Step.NEXT_ROUND, Step.PUBLISH], Status.PUBLISHED),
        ([Step.WITHDRAW], Status.WITHDRAWN),
        ([*THE_WAY[:5], Step.WITHDRAW], Status.WITHDRAWN),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else value,
)
def test_every_side_exit_leads_where_it_should(steps, status):
    assert after_all(steps) is status


@tried(st.lists(st.sampled_from(sorted(Step)), max_size=20))
def test_whatever_is_tried_an_end_is_an_end(steps):
    status, ended = Status.DRAFT, None
    for step in steps:
        if not rules.LIFE.may(status, step):
            with pytest.raises(StepRefusedError):
                rules.LIFE.after(status, step)
            continue
        assert ended is None, "a step led out of an end"
        status = rules.LIFE.after(status, step)
        ended = status if status in TERMINAL else None


def test_a_draft_is_entered_and_never_come_back_to():
    assert not any(rules.LIFE.may(status, Step.ENTER) for status in Status)
    assert all(
        rules.LIFE.after(status, step) is not Status.DRAFT
        for status in Status
        for step in Step
        if rules.LIFE.may(status, step)
    )


def test_every_state_and_step_has_its_words():
    assert all(str(word.label) for words in (Status, Step, Category, Kind) for word in words)


@pytest.mark.parametrize(("number", "code"), [(1, "WX-2026-0001"), (9999, "WX-2026-9999"), (10_000, "WX-2026-10000")])
def test_codes_count_within_the_year(number, code):
    assert rules.code_of(2026, number) == code


def test_a_day_that_has_passed_is_asked_for_again():
    rules.check_wanted_by(None, today=date(2026, 11, 22))
    rules.check_wanted_by(date(2026, 11, 22), today=date(2026, 11, 22))
    with pytest.raises(DayPassedError):
        rules.check_wanted_by(date(2026, 11, 21), today=date(2026, 11, 22))
