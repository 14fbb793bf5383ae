"""Ten minutes in January: drafts are written, changed, removed, taken over, by oneself or for somebody."""

from datetime import date

import pytest
import time_machine

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.reviews.errors import NotYoursError
from app.features.shows.pledges import queries, service
from app.features.shows.pledges import service as drafts
from app.features.shows.pledges.errors import DueOutsideYearError, NotADraftError, TooManyPledgesError
from app.features.shows.pledges.rules import PledgeState, Side
from tests.features.shows.pledges.makers import JANUARY, make_approved, make_draft, make_submitted, words


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel(JANUARY, tick=False):
        yield


def of(session, person, year=2026):
    return queries.of_member(session, person.id, year)


def test_alice_writes_a_draft(session, alice):
    pledge_id = make_draft(session, alice)
    (pledge,) = of(session, alice)
    assert (pledge.id, pledge.state, pledge.entered_by) == (pledge_id, PledgeState.DRAFT, None)
    assert (pledge.text, pledge.side, pledge.due_on) == ("信访件 5 个工作日内答复", Side.WORK, date(2026, 12, 20))
    assert queries.shown(session, alice.id, 2026) == []


def test_twice_is_once(session, alice, bob):
    pledge_id = new_id()
    assert make_draft(session, alice, id=pledge_id) == make_draft(session, alice, id=pledge_id)
    assert len(of(session, alice)) == 1
    with pytest.raises(ContentDiffersError):
        make_draft(session, alice, id=pledge_id, text="每月研读一部法规")
    with pytest.raises(NotYoursError):
        make_draft(session, bob, id=pledge_id)


def test_a_date_of_another_year_is_refused(session, alice):
    with pytest.raises(DueOutsideYearError):
        make_draft(session, alice, due_on=date(2027, 1, 1))


def test_a_year_has_five(session, alice):
    for number in range(5):
        make_draft(session, alice, text=f"走访 {number} 户")
    with pytest.raises(TooManyPledgesError):
        make_draft(session, alice)


def test_a_draft_is_changed_and_removed(session, alice):
    pledge_id = make_draft(session, alice)
    drafts.change_draft(session, alice.actor, pledge_id=pledge_id, **words(text="每月研读一部法规", side=Side.LEARNING))
    assert [(pledge.text, pledge.side) for pledge in of(session, alice)] == [("每月研读一部法规", Side.LEARNING)]
    drafts.remove_draft(session, alice.actor, pledge_id=pledge_id)
    assert of(session, alice) == []
    with pytest.raises(NotFoundError):
        drafts.remove_draft(session, alice.actor, pledge_id=pledge_id)


def test_what_was_handed_in_is_not_changed(session, alice):
    pledge_id, _other = make_submitted(session, alice)
    with pytest.raises(NotADraftError):
        drafts.change_draft(session, alice.actor, pledge_id=pledge_id, **words())
    with pytest.raises(NotADraftError):
        drafts.remove_draft(session, alice.actor, pledge_id=pledge_id)


def test_sam_writes_for_bob_and_it_says_so(session, bob, sam):
    make_draft(session, bob, by=sam)
    assert of(session, bob)[0].entered_by == sam.name


def test_bob_makes_it_his_own_by_changing_it(session, bob, sam):
    pledge_id = make_draft(session, bob, by=sam)
    drafts.change_draft(session, bob.actor, pledge_id=pledge_id, **words(text="每月研读一部法规"))
    assert of(session, bob)[0].entered_by is None


@pytest.mark.parametrize("stranger", ["bob", "olga", "oscar"])
def test_nobody_else_reaches_a_draft(session, alice, request, stranger):
    stranger = request.getfixturevalue(stranger)
    pledge_id = make_draft(session, alice)
    with pytest.raises(NotFoundError):
        make_draft(session, alice, by=stranger)
    for act in (drafts.remove_draft, service.withdraw):
        with pytest.raises(NotFoundError):
            act(session, stranger.actor, pledge_id=pledge_id)
    with pytest.raises(NotFoundError):
        drafts.change_draft(session, stranger.actor, pledge_id=pledge_id, **words())
    with pytest.raises(NotFoundError):
        queries.one(session, stranger.actor, pledge_id)


def test_last_year_is_taken_over_once(session, alice, sam):
    last = make_approved(session, alice, sam)
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False):
        assert drafts.take_over(session, alice.actor) == 2
        assert drafts.take_over(session, alice.actor) == 0
        begun = of(session, alice, 2027)
    assert {draft.copied_from_id for draft in begun} == set(last)
    assert {(draft.state, draft.due_on) for draft in begun} == {(PledgeState.DRAFT, date(2027, 12, 20))}


def test_no_more_is_taken_over_than_there_is_room(session, alice, sam):
    make_approved(session, alice, sam, "一", "二", "三")
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False):
        for number in range(4):
            make_draft(session, alice, text=f"走访 {number} 户", due_on=date(2027, 6, 30))
        assert drafts.take_over(session, alice.actor) == 1


def test_what_was_removed_can_be_taken_over_again(session, alice, sam):
    make_approved(session, alice, sam)
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False):
        drafts.take_over(session, alice.actor)
        drafts.remove_draft(session, alice.actor, pledge_id=of(session, alice, 2027)[0].id)
        assert drafts.take_over(session, alice.actor) == 1


def test_nothing_is_taken_over_from_an_empty_year(session, alice):
    assert drafts.take_over(session, alice.actor) == 0


def test_years_are_those_with_pledges(session, alice, sam):
    make_approved(session, alice, sam)
    assert queries.years(session, alice.id) == [2026]
