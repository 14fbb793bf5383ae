"""A training day is a record of study: half a day from 4 hours on, a whole one from 8; its hours count as well."""

import pytest

from app.features.education.rules import HALF_DAY_MINUTES, HoursClass
from app.features.education.sources import of_year
from app.features.study.rules import StudyKind, TooShortForTrainingError, check_length
from tests.features.entries.makers import facts
from tests.features.study.makers import make_approved_study
from tests.makers import ENGLISH, as_member
from tests.page import page

FACT = "study.training_day"


@pytest.mark.parametrize(("minutes", "quantity"), [(240, 50), (479, 50), (480, 100)])
def test_it_brings_half_or_whole_days(session, sam, alice, minutes, quantity):
    make_approved_study(session, alice, sam, kind=StudyKind.TRAINING, title="市委党校专题培训", minutes=minutes)
    assert facts(session, alice, FACT) == [("", quantity, False)]
    [taken] = of_year(session, [alice.id], 2026)[alice.id]
    assert (taken.entry.hours_class, taken.entry.minutes, taken.confirmed_by) == (
        HoursClass.ORGANISED,
        minutes,
        sam.name,
    )


def test_less_than_half_a_day_is_a_course():
    with pytest.raises(TooShortForTrainingError):
        check_length(StudyKind.TRAINING, 239)
    check_length(StudyKind.COURSE, 15)


def test_the_form_says_that_the_length_of_training_alone_counts(client, alice):
    said = page(client.get("/study/new", headers=ENGLISH | as_member(alice))).get_text(" ", strip=True)
    half, whole = HALF_DAY_MINUTES // 60, 2 * HALF_DAY_MINUTES // 60
    assert f"Training alone is counted by its length: from {half} hours as half a day, from {whole} as a day." in said
