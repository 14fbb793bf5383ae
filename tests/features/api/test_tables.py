"""What a token may be and who may say so, written out once: docs/api.md and docs/decisions/0054."""

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from app.core.errors import ImpossibleError
from app.features.api import rules
from app.features.api.rules import Scope, TokenState
from app.features.ledger.rules import FactType
from app.features.members.rules import OrganisationKind, Permission

TODAY = date(2026, 3, 9)
OURS, THEIRS = UUID(int=1), UUID(int=2)


def test_limits():
    assert (rules.LONGEST_DAYS, rules.READS_AN_HOUR, rules.STRANGERS_AN_HOUR, rules.MOST_ROWS) == (366, 1200, 60, 500)
    assert rules.NAME_LENGTH == 60


def test_what_no_token_reads():
    """Red line 1: a grade, a mean of votes and points of a task are a score."""
    marks = {FactType.APPRAISAL_QUARTER, FactType.REVIEW_RESULT, FactType.TASK_URGENT}
    assert marks == rules.MARKS
    assert set(rules.READ_FACTS) == set(FactType) - marks
    assert {Scope.FACTS, Scope.DUTIES} == rules.OF_A_BRANCH


@pytest.mark.parametrize(
    ("scopes", "reach", "days", "at"),
    [
        ("branches", "committee", 0, None),
        ("branches", "committee", 366, None),
        ("branches", "committee", 367, "ends_on"),
        ("branches", "committee", -1, "ends_on"),
        ("", "branch", 1, "scopes"),
        ("names", "branch", 1, "scopes"),
        ("phones", "branch", 1, "scopes"),
        ("members names phones", "committee", 1, None),
        ("facts", "branch", 1, None),
        ("facts", "committee", 1, "scopes"),
        ("duties", "general_branch", 1, "scopes"),
    ],
)
def test_what_a_token_can_be(scopes, reach, days, at):
    asked = ([Scope(scope) for scope in scopes.split()], OrganisationKind(reach), TODAY + timedelta(days=days), TODAY)
    if at is None:
        rules.check_asked(*asked)
    else:
        with pytest.raises(ImpossibleError) as refusal:
            rules.check_asked(*asked)
        assert refusal.value.field == at


def actor(*permissions, branch=OURS):
    return SimpleNamespace(branch_id=branch, may=set(permissions).__contains__)


@pytest.mark.parametrize(
    ("permission", "branch", "scope", "sees"),
    [
        (Permission.MANAGE_BRANCH_PEOPLE, OURS, Scope.FACTS, True),
        (Permission.MANAGE_BRANCH_PEOPLE, THEIRS, Scope.MEMBERS, False),
        (Permission.MANAGE_ALL_PEOPLE, THEIRS, Scope.MEMBERS, True),
        (Permission.MANAGE_ALL_PEOPLE, OURS, Scope.FACTS, False),  # nobody above a branch reads these
        (Permission.AUDIT, OURS, Scope.MEMBERS, False),
    ],
)
def test_who_confirms_sees_all_that_it_reads(permission, branch, scope, sees):
    assert rules.sees_what_it_reads(actor(permission, branch=branch), [scope], OURS) is sees


def test_who_may_end_it():
    everywhere = {Permission.ADMINISTER_SYSTEM, Permission.MANAGE_ALL_PEOPLE, Permission.AUDIT}
    assert {one for one in Permission if rules.may_end(actor(one, branch=THEIRS), OURS)} == everywhere
    assert rules.may_end(actor(Permission.MANAGE_BRANCH_PEOPLE), OURS)


@pytest.mark.parametrize(
    ("stands", "is_taken", "is_ended", "days", "state"),
    [
        ("waiting", False, False, 0, TokenState.WAITING),
        ("waiting", False, False, -1, TokenState.OVER),
        ("declined", False, True, -1, TokenState.DECLINED),
        ("confirmed", False, False, 0, TokenState.CONFIRMED),
        ("confirmed", True, False, 0, TokenState.IN_USE),
        ("confirmed", True, True, 9, TokenState.OVER),
        ("confirmed", True, False, -1, TokenState.OVER),
    ],
)
def test_how_far_a_token_is_through_its_last_day(stands, is_taken, is_ended, days, state):
    ends_on = TODAY + timedelta(days=days)
    assert rules.state_of(stands, is_taken=is_taken, is_ended=is_ended, ends_on=ends_on, today=TODAY) is state
