"""A duty from the day it is given to the fact it brings."""

from datetime import date

import pytest

from app.core.clock import today
from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.reviews import service as reviews
from app.features.reviews.errors import OwnRecordError
from app.features.shows.duties import assigning, outcomes, queries, service
from app.features.shows.duties.due import lines
from app.features.shows.duties.errors import (
    AlreadyReportedError,
    DueTooEarlyError,
    DutyEndedError,
    NotDueYetError,
    NotHolderError,
    NotInBranchError,
    ReasonMissingError,
    WrongDayError,
)
from app.features.shows.duties.rules import DutyKind, DutyResult, DutySource, DutyState, Progress
from tests.features.shows.duties.makers import TODAY, decide, facts_of, make_duty, report

SAID = {"kind": DutyKind.PARTY, "matter": "更新党务公开栏", "basis": None, "due_on": date(2026, 3, 13)}


def test_alice_takes_a_duty_on(session, alice, bob):
    duty_id = assigning.take_duty(session, alice.actor, id=new_id(), helper_ids=[bob.id], **SAID)
    duty = queries.card(session, alice.actor, duty_id)
    assert (duty.state, duty.source, duty.responsible, duty.helpers) == (
        DutyState.OPEN,
        DutySource.TAKEN,
        alice.name,
        (bob.name,),
    )
    assert [one.id for one in queries.mine(session, bob.actor).helping] == [duty_id]


def test_sam_gives_one_duty_to_several(session, sam, alice, bob):
    form = new_id()
    for _twice in range(2):
        assigning.assign_duty(session, sam.actor, id=form, member_ids=[alice.id, bob.id, sam.id], **SAID)
    for person, source in ((alice, DutySource.ASSIGNED), (bob, DutySource.ASSIGNED), (sam, DutySource.TAKEN)):
        (duty,) = queries.mine(session, person.actor).soon
        assert (duty.matter, duty.source) == (SAID["matter"], source)


def test_one_form_gives_one_duty(session, alice):
    form = new_id()
    assigning.take_duty(session, alice.actor, id=form, **SAID)
    with pytest.raises(ContentDiffersError):
        assigning.take_duty(session, alice.actor, id=form, **SAID | {"matter": "别的事项"})


def test_members_give_nothing_to_others(session, alice, bob):
    with pytest.raises(NotFoundError):
        assigning.assign_duty(session, alice.actor, id=new_id(), member_ids=[bob.id], **SAID)


def test_duties_stay_in_the_branch(session, sam, olga, alice):
    with pytest.raises(NotInBranchError):
        assigning.assign_duty(session, sam.actor, id=new_id(), member_ids=[olga.id], **SAID)
    with pytest.raises(NotInBranchError):
        assigning.take_duty(session, alice.actor, id=new_id(), helper_ids=[olga.id], **SAID)


def test_nobody_is_given_what_is_late_already(session, sam, alice):
    with pytest.raises(DueTooEarlyError):
        assigning.assign_duty(
            session, sam.actor, id=new_id(), member_ids=[alice.id], **SAID | {"due_on": date(2026, 3, 8)}
        )


def test_progress_is_one_tap(session, alice):
    duty_id = make_duty(session, alice)
    for state, note in ((Progress.STARTED, None), (Progress.IN_DIFFICULTY, "等档案室腾柜子")):
        outcomes.report_progress(session, alice.actor, id=new_id(), duty_id=duty_id, state=state, note=note)
    duty = queries.card(session, alice.actor, duty_id)
    assert (duty.state, duty.note) == (DutyState.IN_DIFFICULTY, "等档案室腾柜子")


def test_done_brings_a_fact_once_an_officer_has_approved_it(session, alice, sam):
    duty_id = make_duty(session, alice)
    review = report(session, alice, duty_id, sentence="已归档 312 件")
    assert queries.card(session, alice.actor, duty_id).state is DutyState.REPORTED
    assert facts_of(session, alice) == []
    decide(session, sam, review)
    duty = queries.card(session, alice.actor, duty_id)
    assert (duty.state, duty.sentence) == (DutyState.KEPT, "已归档 312 件")
    assert facts_of(session, alice) == [("duty.kept", TODAY)]


def test_done_may_stay_without_words(session, alice, sam):
    review = report(session, alice, make_duty(session, alice))
    decide(session, sam, review)
    assert facts_of(session, alice) == [("duty.kept", TODAY)]


def test_nobody_decides_on_a_duty_of_their_own(session, sam, dora):
    review = report(session, sam, make_duty(session, sam))
    with pytest.raises(OwnRecordError):
        decide(session, sam, review)
    decide(session, dora, review)
    assert facts_of(session, sam) == [("duty.kept", TODAY)]


def test_an_officer_reports_for_a_member_and_another_decides(session, alice, sam, dora):
    review = report(session, sam, make_duty(session, alice))
    with pytest.raises(OwnRecordError):
        decide(session, sam, review)
    decide(session, dora, review)
    assert facts_of(session, alice) == [("duty.kept", TODAY)]


def test_overdue_and_closed_by_nobody(session, alice, sam, dora, monday):
    duty_id = make_duty(session, alice, due_on=date(2026, 3, 10))
    with pytest.raises(NotDueYetError):
        report(session, sam, duty_id, DutyResult.NOT_DONE)
    monday.move_to("2026-03-12 02:00:00Z")
    assert queries.card(session, alice.actor, duty_id).is_overdue
    review = report(session, sam, duty_id, DutyResult.NOT_DONE)
    decide(session, dora, review)
    assert facts_of(session, alice) == [("duty.missed", date(2026, 3, 10))]


def test_an_objective_reason_has_a_name(session, alice, sam):
    duty_id = make_duty(session, alice)
    with pytest.raises(ReasonMissingError):
        report(session, alice, duty_id, DutyResult.OBJECTIVE)
    decide(session, sam, report(session, alice, duty_id, DutyResult.OBJECTIVE, sentence="机构调整，事项移交"))
    assert facts_of(session, alice) == [("duty.excused", TODAY)]


def test_a_returned_end_can_be_reported_anew(session, alice, sam):
    duty_id = make_duty(session, alice)
    decide(session, sam, report(session, alice, duty_id), reason="目录还没有移交，请补上")
    duty = queries.card(session, alice.actor, duty_id)
    assert (duty.state, duty.reason) == (DutyState.OPEN, "目录还没有移交，请补上")
    decide(session, sam, report(session, alice, duty_id, sentence="目录已移交"))
    assert facts_of(session, alice) == [("duty.kept", TODAY)]


def test_a_return_is_not_undone_under_a_second_report(session, alice, sam):
    duty_id = make_duty(session, alice)
    first = report(session, alice, duty_id)
    decision = reviews.return_to_member(session, sam.actor, [first.id], reason="请补上目录").decision_id
    report(session, alice, duty_id)
    (refused,) = reviews.undo(session, sam.actor, decision_id=decision).refused
    assert refused.error.code == "corrected_since"


def test_an_approval_that_is_undone_leaves_no_fact(session, alice, sam):
    duty_id = make_duty(session, alice)
    review = report(session, alice, duty_id)
    decision = reviews.approve(session, sam.actor, [review.id]).decision_id
    reviews.undo(session, sam.actor, decision_id=decision)
    assert queries.card(session, alice.actor, duty_id).state is DutyState.REPORTED
    assert facts_of(session, alice) == []
    decide(session, sam, review)
    assert facts_of(session, alice) == [("duty.kept", TODAY)]


def test_a_report_can_be_taken_back_until_somebody_decides(session, alice):
    duty_id = make_duty(session, alice)
    report(session, alice, duty_id)
    for _twice in range(2):
        outcomes.withdraw_outcome(session, alice.actor, duty_id=duty_id)
    assert queries.card(session, alice.actor, duty_id).state is DutyState.OPEN
    report(session, alice, duty_id)
    assert queries.card(session, alice.actor, duty_id).state is DutyState.REPORTED


def test_one_end_at_a_time(session, alice, sam):
    duty_id = make_duty(session, alice)
    first = report(session, alice, duty_id)
    with pytest.raises(AlreadyReportedError):
        report(session, alice, duty_id)
    decide(session, sam, first)
    with pytest.raises(DutyEndedError):
        report(session, alice, duty_id)
    with pytest.raises(DutyEndedError):
        outcomes.report_progress(session, alice.actor, id=new_id(), duty_id=duty_id, state=Progress.STARTED, note=None)


def test_reporting_twice_is_once(session, alice):
    duty_id, form = make_duty(session, alice), new_id()
    for _twice in range(2):
        report(session, alice, duty_id, id=form, sentence="已办结")
    with pytest.raises(ContentDiffersError):
        report(session, alice, duty_id, id=form, sentence="别的话")


@pytest.mark.parametrize("day", [date(2026, 3, 10), date(2025, 12, 31), date(1990, 1, 1)])
def test_nothing_is_done_tomorrow_or_in_another_year(session, alice, day):
    with pytest.raises(WrongDayError):
        report(session, alice, make_duty(session, alice), ended_on=day)


def test_what_was_done_in_january_may_be_said_in_march(session, alice, sam):
    decide(session, sam, report(session, alice, make_duty(session, alice), ended_on=date(2026, 1, 9)))
    assert facts_of(session, alice) == [("duty.kept", date(2026, 1, 9))]


def test_helpers_look_on_and_do_not_report(session, alice, bob):
    duty_id = make_duty(session, alice, helper_ids=(bob.id,))
    assert queries.card(session, bob.actor, duty_id).matter
    with pytest.raises(NotHolderError) as refusal:
        report(session, bob, duty_id)
    assert alice.name in refusal.value.sentence


def test_others_see_nothing(session, alice, bob, olga, oscar):
    duty_id = make_duty(session, alice)
    for stranger in (bob, olga, oscar):
        with pytest.raises(NotFoundError):
            queries.card(session, stranger.actor, duty_id)
        with pytest.raises(NotFoundError):
            report(session, stranger, duty_id)
        with pytest.raises(NotFoundError):
            service.cancel(session, stranger.actor, duty_id=duty_id, reason="不该有")


def test_the_today_page_hears_of_what_is_due(session, alice):
    late = make_duty(session, alice, due_on=date(2026, 3, 2))
    soon = make_duty(session, alice, due_on=date(2026, 3, 16))
    coming = make_duty(session, alice, due_on=date(2026, 3, 17))
    make_duty(session, alice, due_on=date(2026, 4, 9))
    reported = make_duty(session, alice, due_on=date(2026, 3, 11))
    report(session, alice, reported)
    heard = {line.address: (line.is_late, line.is_ahead) for line in lines(session, alice.actor, today())}
    assert heard == {
        f"/shows/duties/{late}": (True, False),
        f"/shows/duties/{soon}": (False, False),
        f"/shows/duties/{coming}": (False, True),
    }
