"""All drafts go in together, each is looked at by itself, what comes back is said better in a new row."""

import pytest
import time_machine
from sqlalchemy import select

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.reviews import service as reviews
from app.features.reviews.errors import AlreadyDecidedError, NotYoursError, OwnRecordError
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges import queries, service
from app.features.shows.pledges import service as drafts
from app.features.shows.pledges.errors import (
    NothingToSubmitError,
    NotReturnedError,
    OtherYearError,
    TooFewPledgesError,
)
from app.features.shows.pledges.review_kinds import advise_on_pledge, describe_pledge, pledge_particulars
from app.features.shows.pledges.rules import PledgeState
from tests.features.shows.pledges.makers import JANUARY, make_draft, make_submitted, words

ADVICE = "写明做多少"


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel(JANUARY, tick=False):
        yield


def states(session, person):
    return {pledge.text: pledge.state for pledge in queries.of_member(session, person.id, 2026)}


def give_back(session, sam, pledge_id):
    reviews.return_to_member(session, sam.actor, [pledge_id], reason=ADVICE)


def test_all_drafts_go_in_together(session, alice):
    for text in ("走访 2 户", "办结 3 件积案"):
        make_draft(session, alice, text=text)
    handed_in = service.submit(session, alice.actor)
    assert {review.title for review in handed_in} == {"走访 2 户", "办结 3 件积案"}
    assert {review.recorded_by_id for review in handed_in} == {alice.id}
    assert set(states(session, alice).values()) == {PledgeState.SUBMITTED}
    with pytest.raises(NothingToSubmitError):
        service.submit(session, alice.actor)


def test_one_alone_is_not_handed_in(session, alice):
    make_draft(session, alice)
    with pytest.raises(TooFewPledgesError):
        service.submit(session, alice.actor)


def test_one_more_is_handed_in_later(session, alice):
    make_submitted(session, alice)
    make_draft(session, alice, text="走访 2 户")
    assert len(service.submit(session, alice.actor)) == 1


def test_an_approval_brings_no_fact(session, alice, sam):
    ids = make_submitted(session, alice)
    assert len(reviews.approve(session, sam.actor, ids).done) == 2
    assert set(states(session, alice).values()) == {PledgeState.PUBLICITY}
    assert session.scalars(select(Fact)).all() == []


def test_each_is_decided_by_itself(session, alice, sam):
    one, other = make_submitted(session, alice, "走访 2 户", "努力工作")
    reviews.approve(session, sam.actor, [one])
    give_back(session, sam, other)
    assert states(session, alice) == {"走访 2 户": PledgeState.PUBLICITY, "努力工作": PledgeState.RETURNED}
    (returned,) = (pledge for pledge in queries.of_member(session, alice.id, 2026) if pledge.id == other)
    assert (returned.advice, returned.decided_by) == (ADVICE, sam.name)


def test_a_correction_is_a_new_row(session, alice, sam):
    pledge_id, _other = make_submitted(session, alice, "努力工作", "走访 2 户")
    give_back(session, sam, pledge_id)
    form = {"id": new_id(), "pledge_id": pledge_id, **words(text="办结 3 件积案")}
    review = service.correct(session, alice.actor, **form)
    assert service.correct(session, alice.actor, **form).id == review.id
    assert (review.corrects_id, review.status) == (pledge_id, ReviewStatus.PENDING)
    assert states(session, alice) == {"办结 3 件积案": PledgeState.SUBMITTED, "走访 2 户": PledgeState.SUBMITTED}
    with pytest.raises(NotReturnedError):
        service.correct(session, alice.actor, **form | {"id": new_id()})
    with pytest.raises(ContentDiffersError):
        service.correct(session, alice.actor, **form | {"text": "走访 3 户"})


def test_what_did_not_come_back_is_not_corrected(session, alice, bob, sam):
    pledge_id, other = make_submitted(session, alice)
    form = {"id": new_id(), "pledge_id": pledge_id, **words()}
    with pytest.raises(NotReturnedError):
        service.correct(session, alice.actor, **form)
    give_back(session, sam, pledge_id)
    with pytest.raises(NotFoundError):
        service.correct(session, bob.actor, **form)
    with pytest.raises(ContentDiffersError):
        service.correct(session, alice.actor, **form | {"id": other})
    theirs, _other = make_submitted(session, bob)
    with pytest.raises(NotYoursError):
        service.correct(session, alice.actor, **form | {"id": theirs})


def test_a_year_that_is_over_is_not_corrected(session, alice, sam):
    pledge_id, _other = make_submitted(session, alice)
    give_back(session, sam, pledge_id)
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False), pytest.raises(OtherYearError):
        service.correct(session, alice.actor, id=new_id(), pledge_id=pledge_id, **words())


def test_taken_back_it_is_a_draft_again(session, alice):
    pledge_id, _other = make_submitted(session, alice, "走访 2 户", "办结 3 件积案")
    service.withdraw(session, alice.actor, pledge_id=pledge_id)
    service.withdraw(session, alice.actor, pledge_id=pledge_id)
    assert states(session, alice) == {"走访 2 户": PledgeState.DRAFT, "办结 3 件积案": PledgeState.SUBMITTED}
    assert session.get(Review, pledge_id).status is ReviewStatus.WITHDRAWN


def test_a_correction_taken_back_leaves_the_returned_one(session, alice, sam):
    pledge_id, _other = make_submitted(session, alice, "努力工作", "走访 2 户")
    give_back(session, sam, pledge_id)
    corrected = service.correct(session, alice.actor, id=new_id(), pledge_id=pledge_id, **words(text="办结 3 件积案"))
    service.withdraw(session, alice.actor, pledge_id=corrected.id)
    assert states(session, alice) == {"努力工作": PledgeState.RETURNED, "走访 2 户": PledgeState.SUBMITTED}
    service.correct(session, alice.actor, id=new_id(), pledge_id=pledge_id, **words(text="办结 4 件积案"))
    assert "办结 4 件积案" in states(session, alice)


def test_what_is_decided_is_not_taken_back(session, alice, sam):
    ids = make_submitted(session, alice)
    reviews.approve(session, sam.actor, ids)
    with pytest.raises(AlreadyDecidedError):
        service.withdraw(session, alice.actor, pledge_id=ids[0])


def test_who_recorded_it_does_not_decide(session, alice, sam, dora):
    ids = make_submitted(session, alice, by=sam)
    refused = reviews.approve(session, sam.actor, ids).refused
    assert {type(one.error) for one in refused} == {OwnRecordError}
    assert len(reviews.approve(session, dora.actor, ids).done) == 2
    assert {pledge.entered_by for pledge in queries.of_member(session, alice.id, 2026)} == {sam.name}


def test_what_sam_wrote_and_alice_handed_in_sam_does_not_decide(session, alice, sam):
    for text in ("走访 2 户", "办结 3 件积案"):
        make_draft(session, alice, by=sam, text=text)
    ids = [review.id for review in service.submit(session, alice.actor)]
    assert reviews.approve(session, sam.actor, ids).done == ()


def test_who_hands_in_for_somebody_has_recorded_it(session, alice, sam, dora):
    for text in ("走访 2 户", "办结 3 件积案"):
        make_draft(session, alice, text=text)
    handed_in = service.submit(session, dora.actor, member_id=alice.id)
    assert {review.recorded_by_id for review in handed_in} == {dora.id}
    assert reviews.approve(session, dora.actor, [review.id for review in handed_in]).done == ()


@pytest.mark.parametrize("stranger", ["bob", "olga", "oscar"])
def test_nobody_else_hands_in_for_alice(session, alice, request, stranger):
    with pytest.raises(NotFoundError):
        service.submit(session, request.getfixturevalue(stranger).actor, member_id=alice.id)


def test_the_officer_reads_what_could_be_asked(session, alice, english):
    pledge_id, _other = make_submitted(session, alice, "努力学习，不断提高", "走访 2 户")
    detail = session.get(Review, pledge_id).detail
    assert advise_on_pledge(detail) == ["perhaps hollow"]
    line = describe_pledge(detail)
    assert line == "Work · by 20 Dec · Evidence: 全年答复清单，逐件注明日期", "the member reads this line too"
    told = [(str(label), text) for label, text in pledge_particulars(session, pledge_id)]
    assert ("Pledge", "努力学习，不断提高") in told
    assert ("Hint", "Perhaps hollow: what exactly, how many, by when, for whom?") in told


def test_the_officer_reads_what_became_of_it_last_year(session, alice, sam, english):
    reviews.approve(session, sam.actor, make_submitted(session, alice))
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False):
        drafts.take_over(session, alice.actor)
        pledge_id = service.submit(session, alice.actor)[0].id
        told = dict(pledge_particulars(session, pledge_id))
    assert any(text.endswith("being kept") for label, text in told.items() if str(label) == "Last year")
