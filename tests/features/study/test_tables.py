"""Limits and tables of study records, written out once with the numbers of docs/domain.md §3.3."""

from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.study import rules
from app.features.study.rules import StudyKind


def test_limits():
    assert (rules.TITLE_LENGTH, rules.TAKEAWAY_LENGTH) == (120, 1000)
    assert rules.MOST_MINUTES == 1440  # a day
    assert rules.USUAL_MINUTES == (15, 30, 45, 60, 90, 120, 240, 480)  # half a day is 4 hours, a day 8


def test_education_hours_of_each_post():
    committee = {Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE}
    assert {role: rules.hours_wanted([role]) for role in Role} == {
        role: 56 if role in committee else 32 for role in Role
    }
    assert rules.hours_wanted([]) == 32


def test_what_a_record_is_in_the_ledger():
    assert {kind: rules.fact_type_of(kind) for kind in StudyKind} == {
        StudyKind.SELF_STUDY: FactType.STUDY_ITEM,
        StudyKind.LECTURE: FactType.STUDY_ITEM,
        StudyKind.COURSE: FactType.STUDY_ITEM,
        StudyKind.ORGANISED: FactType.STUDY_SESSION,
    }
