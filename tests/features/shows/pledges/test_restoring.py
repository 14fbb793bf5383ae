"""A withdrawal or a deletion that was a slip is taken back by one tap on the line that says it was done."""

import json
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import update

from app.core.errors import NotFoundError
from app.core.pages import MESSAGE_COOKIE
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.reviews import service as reviews
from app.features.reviews.errors import CorrectedSinceError, UndoOverError
from app.features.reviews.models import Review
from app.features.reviews.rules import UNDO_LASTS
from app.features.shows.pledges import progress, queries, restoring, service
from app.features.shows.pledges.errors import (
    DraftChangedError,
    EndedOnceError,
    NotADraftError,
    OutcomeWaitsError,
    TooManyPledgesError,
)
from app.features.shows.pledges.rules import Ending, PledgeState
from tests.features.shows.pledges.makers import (
    DECEMBER,
    JANUARY,
    make_draft,
    make_ended,
    make_submitted,
    words,
)
from tests.makers import HTMX, as_member
from tests.page import page


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel(JANUARY, tick=False) as time:
        yield time


def states(session, person):
    return sorted(pledge.state for pledge in queries.of_member(session, person.id, 2026))


def offered(client, person, address):
    """What the page offers after something was done at ``address``: where that goes, and what it sends."""
    done = client.post(address, headers=as_member(person))
    cookie = f"{as_member(person)['Cookie']}; {MESSAGE_COOKIE}={done.cookies[MESSAGE_COOKIE]}"
    form = page(client.get(done.headers["location"], headers={"Cookie": cookie})).select_one("#message form")
    return form["action"], {one["name"]: one["value"] for one in form.select("input")}


def test_a_withdrawn_pledge_waits_again_and_its_draft_goes(session, alice):
    one, _other = make_submitted(session, alice)
    draft_id = service.withdraw(session, alice.actor, pledge_id=one)
    assert states(session, alice) == [PledgeState.DRAFT, PledgeState.SUBMITTED]
    for _twice in range(2):
        restoring.restore(session, alice.actor, pledge_id=one, draft_id=draft_id)
        assert states(session, alice) == [PledgeState.SUBMITTED, PledgeState.SUBMITTED]


def test_what_was_written_anew_in_the_draft_is_never_lost(session, alice):
    one, _other = make_submitted(session, alice)
    draft_id = service.withdraw(session, alice.actor, pledge_id=one)
    service.change_draft(session, alice.actor, pledge_id=draft_id, **words(text="信访件 3 个工作日内答复"))
    with pytest.raises(DraftChangedError):
        restoring.restore(session, alice.actor, pledge_id=one, draft_id=draft_id)
    restoring.restore(session, alice.actor, pledge_id=one)
    kept = [pledge.text for pledge in queries.of_member(session, alice.id, 2026) if pledge.state is PledgeState.DRAFT]
    assert kept == ["信访件 3 个工作日内答复"]


def test_withdrawn_by_two_taps_it_still_stands_once(session, alice):
    one, _other = make_submitted(session, alice)
    service.withdraw(session, alice.actor, pledge_id=one)
    assert service.withdraw(session, alice.actor, pledge_id=one) is None
    restoring.restore(session, alice.actor, pledge_id=one, draft_id=one)
    assert states(session, alice) == [PledgeState.SUBMITTED, PledgeState.SUBMITTED]


def test_not_when_the_draft_was_handed_in_meanwhile(session, alice):
    one, _other = make_submitted(session, alice)
    draft_id = service.withdraw(session, alice.actor, pledge_id=one)
    service.submit(session, alice.actor)
    with pytest.raises(NotADraftError):
        restoring.restore(session, alice.actor, pledge_id=one, draft_id=draft_id)


def test_not_when_the_year_is_full_meanwhile(session, alice):
    one, _other = make_submitted(session, alice)
    draft_id = service.withdraw(session, alice.actor, pledge_id=one)
    service.remove_draft(session, alice.actor, pledge_id=draft_id)
    for number in range(4):
        make_draft(session, alice, text=f"走访 {number} 户")
    with pytest.raises(TooManyPledgesError):
        restoring.restore(session, alice.actor, pledge_id=one, draft_id=draft_id)


def test_not_after_ten_minutes_and_not_by_others(session, alice, bob, in_january):
    one, _other = make_submitted(session, alice)
    draft_id = service.withdraw(session, alice.actor, pledge_id=one)
    with pytest.raises(NotFoundError):
        restoring.restore(session, bob.actor, pledge_id=one, draft_id=draft_id)
    in_january.shift(UNDO_LASTS + timedelta(seconds=1))
    with pytest.raises(UndoOverError):
        restoring.restore(session, alice.actor, pledge_id=one, draft_id=draft_id)


def test_a_correction_comes_back_only_while_nothing_took_its_place(session, alice, sam):
    one, _other = make_submitted(session, alice)
    reviews.return_to_member(session, sam.actor, [one], reason="写明做多少")
    said = words(text="走访 2 户")
    correction = service.correct(session, alice.actor, id=UUID(int=1), pledge_id=one, **said)
    service.withdraw(session, alice.actor, pledge_id=correction.id)
    restoring.restore(session, alice.actor, pledge_id=correction.id)
    assert states(session, alice) == [PledgeState.SUBMITTED, PledgeState.SUBMITTED]
    service.withdraw(session, alice.actor, pledge_id=correction.id)
    service.correct(session, alice.actor, id=UUID(int=2), pledge_id=one, **said)
    with pytest.raises(CorrectedSinceError):
        restoring.restore(session, alice.actor, pledge_id=correction.id)


def test_what_was_said_of_an_ending_waits_again(session, alice, sam):
    pledge_id, outcome_id = make_ended(session, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        assert progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id) == outcome_id
        for _twice in range(2):
            restoring.restore_outcome(session, alice.actor, pledge_id=pledge_id, outcome_id=outcome_id)
            assert queries.one(session, alice.actor, pledge_id).state is PledgeState.DONE
        progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
        progress.report_outcome(session, alice.actor, id=UUID(int=3), pledge_id=pledge_id, outcome=Ending.NOT_MET)
        with pytest.raises(OutcomeWaitsError):
            restoring.restore_outcome(session, alice.actor, pledge_id=pledge_id, outcome_id=outcome_id)


def test_not_when_an_officer_gave_back_what_was_said_since(session, alice, sam):
    pledge_id, outcome_id = make_ended(session, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
        since = UUID(int=3)
        progress.report_outcome(session, alice.actor, id=since, pledge_id=pledge_id, outcome=Ending.DONE)
        reviews.return_to_member(session, sam.actor, [since], reason="写明做多少")
        with pytest.raises(OutcomeWaitsError):
            restoring.restore_outcome(session, alice.actor, pledge_id=pledge_id, outcome_id=outcome_id)


def test_of_two_ends_of_a_pledge_one_becomes_a_fact(session, alice, sam):
    pledge_id, first = make_ended(session, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        reviews.return_to_member(session, sam.actor, [first], reason="写明做多少")
        second = UUID(int=3)
        progress.report_outcome(session, alice.actor, id=second, pledge_id=pledge_id, outcome=Ending.DONE)
        waits = {"status": "pending", "decided_by_id": None, "decided_at": None, "decision_id": None, "reason": None}
        session.execute(update(Review).where(Review.id == first), waits)  # however it came to wait again
        reviews.approve(session, sam.actor, [second], acknowledged=True)
        with pytest.raises(EndedOnceError):
            reviews.approve(session, sam.actor, [first], acknowledged=True)
    kept = [fact for fact in session.query(Fact).where(Fact.member_id == alice.id) if fact.reversal_of is None]
    assert [fact.fact_type for fact in kept] == [FactType.PLEDGE_KEPT]


def test_what_an_officer_said_for_her_is_not_restored(session, alice, sam, dora):
    pledge_id, _first = make_ended(session, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
        said = UUID(int=3)
        progress.report_outcome(session, dora.actor, id=said, pledge_id=pledge_id, outcome=Ending.DONE)
        progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
        for who in (dora, alice):
            with pytest.raises(NotFoundError):
                restoring.restore_outcome(session, who.actor, pledge_id=pledge_id, outcome_id=said)


def test_of_another_pledge_nothing_is_taken_back(session, alice, sam):
    pledge_id, outcome_id = make_ended(session, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        progress.withdraw_outcome(session, alice.actor, pledge_id=pledge_id)
        (other,) = (one.id for one in queries.of_member(session, alice.id, 2026) if one.id != pledge_id)
        with pytest.raises(NotFoundError):
            restoring.restore_outcome(session, alice.actor, pledge_id=other, outcome_id=outcome_id)


def stands(database, person):
    with database.read() as session:
        return queries.of_member(session, person.id, 2026)


def test_alice_restores_a_draft_that_she_deleted(client, given, database, alice):
    draft_id = given(make_draft, alice)
    before = stands(database, alice)
    to, sends = offered(client, alice, f"/shows/pledges/{draft_id}/remove")
    assert stands(database, alice) == []
    for _twice in range(2):
        assert client.post(to, data=sends, headers=as_member(alice)).status_code == 303
        assert stands(database, alice) == before


def test_one_that_was_last_years_stays_last_years(client, given, database, alice, bob):
    with time_machine.travel("2025-01-10 10:00:00+08:00", tick=False):
        last = given(make_draft, alice, due_on=date(2025, 12, 20))
    draft_id = given(make_draft, alice, copied_from_id=last)
    with pytest.raises(NotFoundError):
        given(make_draft, bob, copied_from_id=last)
    to, sends = offered(client, alice, f"/shows/pledges/{draft_id}/remove")
    client.post(to, data=sends, headers=as_member(alice))
    assert [(one.id, one.copied_from_id) for one in stands(database, alice)] == [(draft_id, last)]


def test_with_htmx_the_offer_comes_with_the_message(client, given, database, alice):
    one, _other = given(make_submitted, alice)
    response = client.post(f"/shows/pledges/{one}/withdraw", headers=as_member(alice) | HTMX)
    undo = json.loads(response.headers["HX-Trigger"])["sanliang:message"]["undo"]
    assert (undo["to"], undo["label"]) == (f"/shows/pledges/{one}/restore", "恢复")
    assert client.post(undo["to"], data=undo["sends"], headers=as_member(alice) | HTMX).status_code == 200
    assert {pledge.state for pledge in stands(database, alice)} == {PledgeState.SUBMITTED}


def test_the_ending_is_restored_from_its_page(client, given, database, alice, sam):
    pledge_id, _outcome_id = given(make_ended, alice, sam)
    with time_machine.travel(DECEMBER, tick=False):
        to, sends = offered(client, alice, f"/shows/pledges/{pledge_id}/ending/withdraw")
        assert client.post(to, data=sends, headers=as_member(alice)).status_code == 303
        assert PledgeState.DONE in {pledge.state for pledge in stands(database, alice)}
