"""Days, flags, hours and facts of study records, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from app.core.ids import new_id
from app.features.ledger.rules import FactType
from app.features.records.rules import FutureDayError, LongAgoError, NewRecord, check_day, flags_found
from app.features.reviews.rules import Flag
from app.features.study import words
from app.features.study.rules import (
    Studied,
    StudyKind,
    TooShortForTrainingError,
    arrived_in,
    check_length,
    fact_type_of,
    quantity_of,
)

TODAY = date(2026, 3, 9)
RECORD = NewRecord(
    id=new_id(),
    branch_id=new_id(),
    member_id=new_id(),
    recorded_by_id=new_id(),
    said=Studied(kind=StudyKind.SELF_STUDY, title="《监察法》第三章", minutes=30),
    occurred_on=TODAY,
    occurred_at=datetime(2026, 3, 9, 2, tzinfo=UTC),
    device_time="2026-03-09T10:00:00+08:00",
    received_at=datetime(2026, 3, 9, 2, tzinfo=UTC),
)
BOOK = RECORD.said
OTHER = new_id()


def flags_of(study, neighbours, *, today):
    """Why an officer should look at a study that arrived ``today`` beside these of its day."""
    arrived = replace(study, received_at=datetime.combine(today, time(2), UTC))
    return flags_found(arrived, overlaps=bool(Studied.alike(study.said, neighbours)))


def test_an_item_is_an_item_however_long_it_took():
    assert {fact_type_of(kind) for kind in StudyKind} == {
        FactType.STUDY_ITEM,
        FactType.STUDY_SESSION,
        FactType.STUDY_TRAINING_DAY,
    }
    assert [kind for kind in StudyKind if fact_type_of(kind) is FactType.STUDY_SESSION] == [StudyKind.ORGANISED]


@pytest.mark.parametrize("day", [TODAY, date(2026, 1, 1), date(2025, 12, 31), date(2025, 3, 8)])
def test_a_day_that_can_be_meant_passes(day):
    check_day(day, today=TODAY)


@pytest.mark.parametrize(
    ("day", "refusal"),
    [(date(2026, 3, 10), FutureDayError), (date(2025, 3, 7), LongAgoError), (date(1990, 1, 1), LongAgoError)],
)
def test_a_day_that_can_hardly_be_meant_does_not(day, refusal):
    with pytest.raises(refusal):
        check_day(day, today=TODAY)


@pytest.mark.parametrize(
    ("day", "flags"),
    [
        (date(2026, 3, 9), set()),
        (date(2026, 3, 2), set()),
        (date(2026, 3, 1), {Flag.LATE_UPLOAD}),
        (date(2025, 12, 31), {Flag.LATE_UPLOAD, Flag.PERIOD_CLOSED}),
    ],
)
def test_late_and_closed(day, flags):
    assert flags_of(replace(RECORD, occurred_on=day), {}, today=TODAY) == flags


def test_the_year_before_is_open_until_15_january():
    study = replace(RECORD, occurred_on=date(2025, 12, 31))
    assert Flag.PERIOD_CLOSED not in flags_of(study, {}, today=date(2026, 1, 14))
    assert Flag.PERIOD_CLOSED in flags_of(study, {}, today=date(2026, 1, 15))


@pytest.mark.parametrize(
    ("values", "overlaps"),
    [
        ({}, True),
        ({"title": " 监察法 第三章 "}, True),
        ({"title": "<监察法>第三章。"}, True),
        ({"title": "《监察法》第四章"}, False),
        ({"kind": StudyKind.LECTURE}, False),
        ({"title": "集中培训", "minutes": 1410}, False),
        ({"title": "集中培训", "minutes": 1411}, True),
    ],
)
def test_overlapping(values, overlaps):
    assert (
        Flag.OVERLAP in flags_of(replace(RECORD, said=BOOK.model_copy(update=values)), {OTHER: BOOK}, today=TODAY)
    ) is overlaps


def test_what_was_known_before_stays():
    study = replace(RECORD, flags=frozenset({Flag.CLOCK_SKEW}))
    assert flags_of(study, {OTHER: BOOK}, today=TODAY) == {Flag.CLOCK_SKEW, Flag.OVERLAP}


@pytest.mark.usefixtures("english")
def test_lengths_in_words():
    said = [words.length(minutes) for minutes in (1, 45, 60, 75, 90, 100, 480)]
    assert said == ["1 minute", "45 minutes", "1 hour", "1.25 hours", "1.5 hours", "100 minutes", "8 hours"]


def test_hours_are_never_rounded_up():
    assert [words.hours(minutes) for minutes in (0, 30, 1919, 1920, 65)] == ["0", "0.5", "31.9", "32", "1"]


@pytest.mark.parametrize(
    ("kind", "minutes", "day_minutes", "quantity"),
    [
        ("training", 480, None, 100),
        ("training", 479, None, 50),
        ("training", 360, 360, 100),
        ("training", 359, 360, 50),
        ("self_study", 15, None, 100),
        ("organised", 15, None, 100),
    ],
)
def test_of_training_a_day_counts_and_half_a_day(kind, minutes, day_minutes, quantity):
    """Domain, study §6: 8 hours, or 6 where the committee says so; in hundredths."""
    assert quantity_of(StudyKind(kind), minutes, day_minutes) == quantity


@pytest.mark.parametrize(
    ("kind", "minutes", "day_minutes", "passes"),
    [
        ("training", 240, None, True),
        ("training", 239, None, False),
        ("training", 180, 360, True),
        ("training", 179, 360, False),
        ("lecture", 15, None, True),
    ],
)
def test_training_takes_half_a_day_or_more(kind, minutes, day_minutes, passes):
    if passes:
        check_length(StudyKind(kind), minutes, day_minutes)
    else:
        with pytest.raises(TooShortForTrainingError):
            check_length(StudyKind(kind), minutes, day_minutes)


@pytest.mark.parametrize(
    ("joined", "arrived"),
    [
        ("2026-07-01", date(2026, 7, 1)),
        ("2026-07", date(2026, 7, 1)),
        ("2026", date(2026, 1, 1)),
        ("2025-12-31", None),
        (None, None),
    ],
)
def test_who_joined_in_the_year_has_a_part_of_it(joined, arrived):
    assert arrived_in(2026, joined) == arrived


@pytest.mark.parametrize(
    ("minutes", "other", "same"),
    [
        (30, {"title": "监察法 第三章"}, True),
        (30, {"title": "《监察法》第四章"}, False),
        (30, {"kind": StudyKind.LECTURE}, False),
        (1410, {"title": "别的", "minutes": 30}, False),
        (1411, {"title": "别的", "minutes": 30}, True),  # a day has not room for both
    ],
)
def test_what_may_be_recorded_twice(minutes, other, same):
    study, neighbour = BOOK.model_copy(update={"minutes": minutes}), BOOK.model_copy(update=other)
    assert Studied.alike(study, {OTHER: neighbour}) == ({OTHER: neighbour} if same else {})
