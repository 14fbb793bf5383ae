"""Limits and tables of pledges, written out once with the numbers of docs/domain.md §3.1 and §6."""

from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.shows.pledges import calendar, coverage, library, rules
from app.features.shows.pledges.coverage import Stage
from app.features.shows.pledges.rules import Audience, Ending, PledgeState


def test_limits():
    assert (rules.LEAST, rules.MOST) == (2, 5)  # pledges a year
    assert rules.TEXT_LENGTH == 60
    assert (rules.NOTE_LENGTH, rules.KEYWORD_LENGTH) == (200, 20)
    assert calendar.PUBLICITY_DAYS == 3  # working days
    assert (calendar.WRITTEN_IN, calendar.QUARTERS) == (1, (1, 2, 3, 4))


def test_words_are_kept_as_they_are():
    assert [side.value for side in rules.Side] == ["learning", "work", "discipline", "service"]
    assert [word.value for word in rules.Progress] == ["on_track", "in_difficulty", "done"]
    assert [outcome.value for outcome in Ending] == ["done", "not_met", "excused"]
    assert [word.value for word in rules.PeerWord] == ["kept", "partly", "cannot_tell"]


def test_what_card_and_wall_show():
    assert {state.value for state in rules.APPROVED_STATES} == {
        "publicity",
        "in_progress",
        "done",
        "not_met",
        "excused",
        "evaluated",
        "archived",
    }
    assert {state.value for state in rules.OPEN_STATES} == {"publicity", "in_progress"}


def test_what_an_outcome_is_in_the_ledger():
    assert {outcome: rules.fact_type_of(outcome) for outcome in Ending} == {
        Ending.DONE: FactType.PLEDGE_KEPT,
        Ending.NOT_MET: FactType.PLEDGE_MISSED,
        Ending.EXCUSED: FactType.PLEDGE_EXCUSED,
    }


def test_how_far_a_member_has_come():
    stages = {state: coverage.stage_of([state]) for state in PledgeState if state is not PledgeState.WITHDRAWN}
    assert stages == {
        PledgeState.DRAFT: Stage.NONE,
        PledgeState.SUBMITTED: Stage.SUBMITTED,
        PledgeState.RETURNED: Stage.RETURNED,
        PledgeState.PUBLICITY: Stage.APPROVED,
        PledgeState.IN_PROGRESS: Stage.APPROVED,
        PledgeState.DONE: Stage.ENDED,
        PledgeState.NOT_MET: Stage.ENDED,
        PledgeState.EXCUSED: Stage.ENDED,
        PledgeState.EVALUATED: Stage.EVALUATED,
        PledgeState.ARCHIVED: Stage.EVALUATED,
    }
    assert list(Stage) == ["none", "returned", "submitted", "approved", "ended", "evaluated"]


def test_for_whom_a_suggestion_is_meant():
    committee = {
        Role.SECRETARY,
        Role.DEPUTY,
        Role.ORGANISATION,
        Role.PUBLICITY,
        Role.DISCIPLINE,
    }
    meant_for = {
        Audience.EVERYBODY: set(Role),
        Audience.SECRETARY: {Role.SECRETARY, Role.DEPUTY},
        Audience.COMMITTEE: committee,
        Audience.GROUP_LEADER: {Role.GROUP_LEADER},
    }
    for audience, roles in meant_for.items():
        line = library.Suggestion(id=None, audience=audience, keyword=None, side=rules.Side.WORK, text="", sign="")
        assert {role for role in Role if library.fits(line, [role], None)} == roles, audience
