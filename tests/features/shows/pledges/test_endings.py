"""How a pledge ended: said by its member or for them, decided by another person, and then a fact."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.reviews import service as reviews
from app.features.reviews.errors import AlreadyDecidedError, NotYoursError, OwnRecordError
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag
from app.features.shows.pledges import progress, queries
from app.features.shows.pledges.errors import EvaluatedError, InPublicityError, OutcomeWaitsError, ReasonMissingError
from app.features.shows.pledges.review_kinds import advise_on_outcome, describe_outcome, outcome_particulars
from app.features.shows.pledges.rules import Ending, PledgeState, Progress
from tests.features.shows.pledges.makers import DECEMBER, JANUARY, MARCH, make_approved, make_ended


@pytest.fixture(autouse=True)
def in_december():
    with time_machine.travel(DECEMBER, tick=False):
        yield


def propose(session, person, pledge_id, outcome=Ending.DONE, **other):
    form = {"id": new_id(), "pledge_id": pledge_id, "outcome": outcome, **other}
    return progress.report_outcome(session, person.actor, **form)


def facts(session):
    rows = session.scalars(select(Fact).order_by(Fact.seq)).all()
    taken_back = {row.reversal_of for row in rows}
    return [row for row in rows if row.reversal_of is None and row.id not in taken_back]


@pytest.mark.parametrize(
    ("ending", "fact_type"),
    [
        (Ending.DONE, FactType.PLEDGE_KEPT),
        (Ending.NOT_MET, FactType.PLEDGE_MISSED),
        (Ending.EXCUSED, FactType.PLEDGE_EXCUSED),
    ],
)
def test_a_decided_end_is_one_fact(session, alice, sam, ending, fact_type):
    pledge_id, ending_id = make_ended(session, alice, sam, ending)
    assert facts(session) == []
    reviews.approve(session, sam.actor, [ending_id])
    (fact,) = facts(session)
    assert (fact.member_id, fact.fact_type, fact.occurred_on) == (alice.id, fact_type, date(2026, 12, 14))
    assert (fact.source, fact.source_id) == ("pledge.outcome", f"{ending_id}:1")
    assert (fact.recorded_by_id, fact.confirmed_by_id) == (alice.id, sam.id)
    assert "信访件 5 个工作日内答复" in fact.note
    assert queries.one(session, alice.actor, pledge_id).state is PledgeState.EVALUATED


def test_it_may_end_before_its_date(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        reviews.approve(session, sam.actor, [propose(session, alice, pledge_id).id])
    assert facts(session)[0].occurred_on == date(2026, 3, 16)


def test_said_after_its_date_the_fact_keeps_the_date(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    with time_machine.travel("2027-01-12 10:00:00+08:00", tick=False):
        review = propose(session, alice, pledge_id)
        assert review.flags == ()
        reviews.approve(session, sam.actor, [review.id])
    (fact,) = facts(session)
    assert (fact.occurred_on, fact.counts_in) == (date(2026, 12, 20), date(2026, 12, 1))


def test_said_after_the_year_is_locked_an_officer_looks_twice(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    with time_machine.travel("2027-02-12 10:00:00+08:00", tick=False):
        review = propose(session, alice, pledge_id)
        assert review.flags == (Flag.PERIOD_CLOSED,)
        reviews.approve(session, sam.actor, [review.id], acknowledged=True)
    assert facts(session)[0].counts_in == date(2027, 2, 1)


def test_not_during_the_publicity(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    with time_machine.travel(JANUARY, tick=False), pytest.raises(InPublicityError):
        propose(session, alice, pledge_id)


def test_an_objective_reason_is_named_and_confirmed_by_the_committee(session, alice, sam, english):
    pledge_id, _other = make_approved(session, alice, sam)
    with pytest.raises(ReasonMissingError):
        propose(session, alice, pledge_id, Ending.EXCUSED)
    review = propose(session, alice, pledge_id, Ending.EXCUSED, said="对口单位撤并")
    assert "the committee's confirmation" in " ".join(advise_on_outcome(review.detail))
    assert "confirmation" not in describe_outcome(review.detail), "the member reads this line too"


def test_twice_is_once(session, alice, bob, sam):
    (pledge_id, _one), (theirs, _two) = make_approved(session, alice, sam), make_approved(session, bob, sam)
    ending_id = new_id()
    for _time in range(2):
        assert propose(session, alice, pledge_id, id=ending_id).id == ending_id
    with pytest.raises(ContentDiffersError):
        propose(session, alice, pledge_id, Ending.NOT_MET, id=ending_id)
    with pytest.raises(NotYoursError):
        propose(session, bob, theirs, id=ending_id)
    with pytest.raises(OutcomeWaitsError):
        propose(session, alice, pledge_id, Ending.NOT_MET)


def test_what_came_back_is_said_anew(session, alice, sam):
    pledge_id, ending_id = make_ended(session, alice, sam)
    reviews.return_to_member(session, sam.actor, [ending_id], reason="清单缺两件")
    pledge = queries.one(session, alice.actor, pledge_id)
    assert (pledge.state, pledge.outcome_advice) == (PledgeState.IN_PROGRESS, "清单缺两件")
    again = propose(session, alice, pledge_id, Ending.NOT_MET)
    assert again.corrects_id == ending_id
    reviews.approve(session, sam.actor, [again.id])
    assert [fact.fact_type for fact in facts(session)] == [FactType.PLEDGE_MISSED]


def test_taken_back_it_is_said_anew(session, alice, sam):
    pledge_id, _ending_id = make_ended(session, alice, sam)
    for _time in range(2):
        progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
    assert queries.one(session, alice.actor, pledge_id).state is PledgeState.IN_PROGRESS
    assert propose(session, alice, pledge_id).corrects_id is None


def test_a_correction_taken_back_may_be_corrected_again(session, alice, sam):
    pledge_id, ending_id = make_ended(session, alice, sam)
    reviews.return_to_member(session, sam.actor, [ending_id], reason="清单缺两件")
    propose(session, alice, pledge_id)
    progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
    assert propose(session, alice, pledge_id, Ending.NOT_MET).corrects_id == ending_id


def test_what_is_decided_stays(session, alice, sam):
    pledge_id, ending_id = make_ended(session, alice, sam)
    reviews.approve(session, sam.actor, [ending_id])
    with pytest.raises(AlreadyDecidedError):
        progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
    with pytest.raises(EvaluatedError):
        propose(session, alice, pledge_id)


def test_an_undone_decision_takes_the_fact_back(session, alice, sam):
    pledge_id, ending_id = make_ended(session, alice, sam)
    decision_id = reviews.approve(session, sam.actor, [ending_id]).decision_id
    reviews.undo(session, sam.actor, decision_id=decision_id)
    assert facts(session) == []
    assert queries.one(session, alice.actor, pledge_id).state is PledgeState.DONE


def test_who_says_it_for_a_member_does_not_decide(session, alice, sam, dora):
    pledge_id, _other = make_approved(session, alice, sam)
    review = propose(session, sam, pledge_id, Ending.NOT_MET)
    (refused,) = reviews.approve(session, sam.actor, [review.id]).refused
    assert isinstance(refused.error, OwnRecordError)
    reviews.approve(session, dora.actor, [review.id])
    assert queries.one(session, alice.actor, pledge_id).outcome_entered_by == sam.name


def test_the_secretarys_own_is_decided_by_the_deputy(session, sam, dora):
    _pledge_id, ending_id = make_ended(session, sam, dora)
    assert reviews.approve(session, sam.actor, [ending_id]).done == ()
    assert len(reviews.approve(session, dora.actor, [ending_id]).done) == 1


@pytest.mark.parametrize("stranger", ["bob", "olga", "oscar"])
def test_nobody_else_says_it(session, alice, sam, request, stranger):
    stranger = request.getfixturevalue(stranger)
    pledge_id, _other = make_approved(session, alice, sam)
    with pytest.raises(NotFoundError):
        propose(session, stranger, pledge_id)
    with pytest.raises(NotFoundError):
        progress.withdraw_outcome(session, stranger.actor, pledge_id=pledge_id)


def test_the_officer_reads_the_whole_year(session, alice, sam, english):
    pledge_id, _other = make_approved(session, alice, sam)
    with time_machine.travel(MARCH, tick=False):
        progress.report_progress(
            session, alice.actor, id=new_id(), pledge_id=pledge_id, state=Progress.IN_DIFFICULTY, note="人手紧"
        )
    review = propose(session, alice, pledge_id, said="全年 42 件")
    told = [(str(label), text) for label, text in outcome_particulars(session, review.id)]
    assert told[:3] == [
        ("How it ended", "Kept"),
        ("In a sentence", "全年 42 件"),
        ("Pledge", "信访件 5 个工作日内答复"),
    ]
    assert ("Quarter 1", "In difficulty · 人手紧") in told
    assert describe_outcome(session.get(Review, review.id).detail).startswith("Kept · 全年 42 件 · Evidence: ")


def test_archived_with_the_year(session, alice, sam):
    pledge_id, ending_id = make_ended(session, alice, sam)
    reviews.approve(session, sam.actor, [ending_id])
    with time_machine.travel("2027-01-15 10:00:00+08:00", tick=False):
        assert queries.one(session, alice.actor, pledge_id).state is PledgeState.ARCHIVED
