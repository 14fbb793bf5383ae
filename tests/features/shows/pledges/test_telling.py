"""One tap a quarter. The last word of a quarter holds, and a quarter without one costs nothing."""

import pytest
import time_machine
from sqlalchemy import select

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.reviews import service as reviews
from app.features.reviews.errors import NotYoursError
from app.features.shows.pledges import progress, queries
from app.features.shows.pledges.errors import EvaluatedError, NotApprovedError
from app.features.shows.pledges.models import PledgeProgress
from app.features.shows.pledges.progress import PLEDGE_PROGRESS
from app.features.shows.pledges.rules import Ending, Progress
from app.features.sync.rules import ACCEPTED
from tests.features.shows.pledges.makers import JANUARY, MARCH, make_approved, make_ended, make_submitted
from tests.features.shows.pledges.test_captures import captured


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(MARCH, tick=False):
        yield


def tell(session, person, pledge_id, state=Progress.ON_TRACK, **other):
    progress.report_progress(session, person.actor, **{"id": new_id(), "pledge_id": pledge_id, "state": state, **other})


def test_alice_says_how_it_goes(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    tell(session, alice, pledge_id, note="已答复 12 件")
    pledge = queries.one(session, alice.actor, pledge_id)
    assert (pledge.latest.state, pledge.latest.note, pledge.latest.entered_by) == (
        Progress.ON_TRACK,
        "已答复 12 件",
        None,
    )
    assert [said and said.state for said in pledge.marks.values()] == [Progress.ON_TRACK, None, None, None]


def test_the_last_word_of_a_quarter_holds(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    tell(session, alice, pledge_id, Progress.DONE)
    with time_machine.travel("2026-03-17 10:00:00+08:00", tick=False):
        tell(session, alice, pledge_id, Progress.IN_DIFFICULTY)
    with time_machine.travel("2026-06-17 10:00:00+08:00", tick=False):
        tell(session, alice, pledge_id)
    marks = queries.one(session, alice.actor, pledge_id).marks
    assert [said and said.state for said in marks.values()] == [Progress.IN_DIFFICULTY, Progress.ON_TRACK, None, None]
    assert len(session.scalars(select(PledgeProgress.id)).all()) == 3


def test_twice_is_once(session, alice, bob, sam):
    (pledge_id, _one), (theirs, _two) = make_approved(session, alice, sam), make_approved(session, bob, sam)
    tap = new_id()
    for _time in range(2):
        tell(session, alice, pledge_id, id=tap)
    assert len(queries.one(session, alice.actor, pledge_id).progress) == 1
    with pytest.raises(ContentDiffersError):
        tell(session, alice, pledge_id, Progress.DONE, id=tap)
    with pytest.raises(NotYoursError):
        tell(session, bob, theirs, id=tap)


def test_done_brings_no_fact_by_itself(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    tell(session, alice, pledge_id, Progress.DONE)
    pledge = queries.one(session, alice.actor, pledge_id)
    assert pledge.proposal is Ending.DONE
    assert session.scalars(select(Fact)).all() == []


def test_sam_says_it_for_bob_and_it_says_so(session, bob, sam, dora):
    pledge_id, _other = make_approved(session, bob, sam)
    tell(session, dora, pledge_id)
    assert queries.one(session, bob.actor, pledge_id).latest.entered_by == dora.name


def test_what_is_not_approved_does_not_go_on(session, alice):
    with time_machine.travel(JANUARY, tick=False):
        pledge_id, _other = make_submitted(session, alice)
        with pytest.raises(NotApprovedError):
            tell(session, alice, pledge_id)


def test_what_is_evaluated_does_not_either(session, alice, sam):
    pledge_id, ending_id = make_ended(session, alice, sam)
    reviews.approve(session, sam.actor, [ending_id])
    with pytest.raises(EvaluatedError):
        tell(session, alice, pledge_id)


@pytest.mark.parametrize("stranger", ["bob", "olga", "oscar"])
def test_nobody_else_says_it(session, alice, sam, request, stranger):
    pledge_id, _other = make_approved(session, alice, sam)
    with pytest.raises(NotFoundError):
        tell(session, request.getfixturevalue(stranger), pledge_id)


def test_one_form_speaks_of_one_quarter(session, alice, sam):
    pledge_id, _other = make_approved(session, alice, sam)
    tap = new_id()
    with time_machine.travel("2026-04-16 10:00:00+08:00", tick=False):
        for _time in range(2):
            tell(session, alice, pledge_id, id=tap, quarter=1)
        with pytest.raises(ContentDiffersError):
            tell(session, alice, pledge_id, id=tap, quarter=2)
        sent = captured(alice, pledge_id, {"quarter": 2}, id=tap)
        assert PLEDGE_PROGRESS.take(session, [sent])[tap].code == ContentDiffersError.code
        assert PLEDGE_PROGRESS.take(session, [captured(alice, pledge_id, {"quarter": 1}, id=tap)])[tap] is ACCEPTED
    assert [one.quarter for one in queries.one(session, alice.actor, pledge_id).progress] == [1]
