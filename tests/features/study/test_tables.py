"""Limits and tables of study records, written out once with the numbers of docs/domain.md §3.3."""

from datetime import date, timedelta

from app.features.education.rules import HoursClass, target
from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.records import rules as records
from app.features.records.rules import TITLE_LENGTH
from app.features.study import rules
from app.features.study.lists import rules as lists
from app.features.study.rules import StudyKind


def test_limits():
    assert (TITLE_LENGTH, rules.TAKEAWAY_LENGTH) == (120, 1000)
    assert rules.MOST_MINUTES == 1440  # a day
    assert (timedelta(days=7), 40) == (records.LATE_AFTER, records.DEVICE_TIME_LENGTH)
    assert (lists.MOST_ROWS, lists.MOST_A_DAY) == (5000, 1440)
    assert rules.USUAL_MINUTES == (15, 30, 45, 60, 90, 120, 180, 240, 360, 480)  # a day is 8 hours, or 6


def test_education_hours_of_each_post():
    committee = {Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE}
    assert committee == rules.COMMITTEE
    in_post = target(2026, [(date(2025, 3, 1), None)], on=date(2026, 3, 9))
    assert (in_post, target(2026, [], on=date(2026, 3, 9))) == (56, 32)


def test_what_a_record_is_in_the_ledger():
    assert {kind: rules.fact_type_of(kind) for kind in StudyKind} == {
        StudyKind.SELF_STUDY: FactType.STUDY_ITEM,
        StudyKind.LECTURE: FactType.STUDY_ITEM,
        StudyKind.COURSE: FactType.STUDY_ITEM,
        StudyKind.ONLINE: FactType.STUDY_ITEM,
        StudyKind.ORGANISED: FactType.STUDY_SESSION,
        StudyKind.TRAINING: FactType.STUDY_TRAINING_DAY,
    }


def test_which_hours_each_kind_gives():
    assert {kind: rules.class_of(kind) for kind in StudyKind} == {
        StudyKind.SELF_STUDY: HoursClass.SELF_STUDY,
        StudyKind.ONLINE: HoursClass.NETWORK,
        StudyKind.LECTURE: HoursClass.ORGANISED,
        StudyKind.COURSE: HoursClass.ORGANISED,
        StudyKind.ORGANISED: HoursClass.ORGANISED,
        StudyKind.TRAINING: HoursClass.ORGANISED,
    }
