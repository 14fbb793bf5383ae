"""A member signs the own sheet; nobody is forced to, and an officer notes what did not happen on the screen."""

from datetime import UTC, date, datetime

import pytest

from app.core.errors import NotFoundError
from app.features.ledger.rules import FactType
from app.features.members.two_people import SamePersonError, Second, Stands
from app.features.scores.archive import queries, signing
from app.features.scores.archive.rules import (
    AboutOneselfError,
    NoReservationError,
    NotSettledError,
    SaidByNowError,
    SignatureWords,
    SigningRunsError,
    State,
    Why,
)
from app.features.scores.sheet import Veto
from app.features.scores.vetoes.models import MemberVeto
from tests.features.scores.archive.makers import YEAR, noon, signature_of
from tests.features.scores.makers import make_facts


def states(given, person):
    return {one.id: one.state for one in given(queries.people, person.branch_id, YEAR)}


def make_veto(session, member, kind, entered_by, decided_by):
    said = MemberVeto(member_id=member.id, year=YEAR, kind=kind, basis="通报", document="纪 1 号")
    said.dated, said.stands, said.entered_by_id = date(2027, 1, 19), Stands.CONFIRMED, entered_by.id
    said.decided_by_id, said.decided_at = decided_by.id, datetime(2027, 1, 20, 4, tzinfo=UTC)
    session.add(said)


def test_nobody_is_asked_before_objections_are_over(settled, given, sam, alice):
    settled.move_to(datetime(2027, 1, 14, 4, tzinfo=UTC))
    with pytest.raises(NotSettledError):
        given(signing.ask, sam.actor, year=YEAR)
    with pytest.raises(NotFoundError):
        given(signing.ask, alice.actor, year=YEAR)  # who takes no step of the branch


def test_all_are_asked_once_and_their_last_day_is_stored(settled, given, sam, alice):
    assert given(signing.ask, sam.actor, year=YEAR) == 4
    assert given(signing.ask, sam.actor, year=YEAR) == 0
    row = given(signature_of, alice)
    assert (row.opened_on, row.due_on) == (date(2027, 1, 20), date(2027, 1, 27))
    assert set(states(given, sam).values()) == {State.WAITING}


def test_alice_notes_her_sheet_with_a_reservation(asked, given, alice):
    with pytest.raises(NoReservationError):
        given(signing.sign, alice.actor, year=YEAR, said=SignatureWords.RESERVED, words="")
    for _time in range(2):
        given(signing.sign, alice.actor, year=YEAR, said=SignatureWords.RESERVED, words="五月那次会我请过假。")
    row = given(signature_of, alice)
    assert (row.said, row.words, row.said_by_id) == (SignatureWords.RESERVED, "五月那次会我请过假。", alice.id)
    assert states(given, alice)[alice.id] is State.READY


def test_what_changes_after_the_signature_is_signed_again(asked, given, sam, alice):
    given(signing.sign, alice.actor, year=YEAR, said=SignatureWords.AGREED)
    given(
        make_facts,
        alice,
        FactType.REVIEW_RESULT,
        date(2026, 12, 31),
        quantity=933,
        counts_in=date(2026, 12, 1),
    )
    assert states(given, sam)[alice.id] is State.CHANGED
    asked.move_to(datetime(2027, 1, 22, 4, tzinfo=UTC))
    assert given(signing.ask, sam.actor, year=YEAR) == 1
    assert given(signature_of, alice).due_on == date(2027, 1, 29)
    given(signing.sign, alice.actor, year=YEAR, said=SignatureWords.AGREED)
    assert states(given, sam)[alice.id] is State.READY


def test_after_five_working_days_an_officer_notes_why_bob_has_not_signed(asked, given, sam, bob):
    row = given(signature_of, bob)
    with pytest.raises(SigningRunsError):
        given(signing.note_unsigned, sam.actor, signature_id=row.id, why=Why.AWAY)
    with noon(2027, 1, 28):
        given(signing.note_unsigned, sam.actor, signature_id=row.id, why=Why.AWAY)
        assert states(given, sam)[bob.id] is State.READY
        with pytest.raises(AboutOneselfError):
            given(signing.note_unsigned, sam.actor, signature_id=given(signature_of, sam).id, why=Why.AWAY)
        given(signing.sign, bob.actor, year=YEAR, said=SignatureWords.AGREED)  # back in time after all
        assert given(signature_of, bob).why is None
        with pytest.raises(SaidByNowError):
            given(signing.note_unsigned, sam.actor, signature_id=row.id, why=Why.OTHER)


def test_a_signed_paper_is_seen_by_two_officers(asked, given, sam, dora, alice, bob, oscar):
    row = given(signature_of, bob)
    with pytest.raises(NotFoundError):
        given(signing.note_paper, oscar.actor, signature_id=row.id)
    given(signing.note_paper, sam.actor, signature_id=row.id, words="保留意见：心愿应计两次。")
    assert states(given, sam)[bob.id] is State.ON_PAPER
    with pytest.raises(SamePersonError):
        given(signing.decide_paper, sam.actor, signature_id=row.id, second=Second.CONFIRM)
    given(signing.decide_paper, dora.actor, signature_id=row.id, second=Second.CONFIRM)
    assert states(given, sam)[bob.id] is State.READY
    declined = given(signature_of, alice)
    given(signing.note_paper, sam.actor, signature_id=declined.id)
    given(signing.decide_paper, dora.actor, signature_id=declined.id, second=Second.DECLINE)
    assert states(given, sam)[alice.id] is State.WAITING
    given(signing.note_paper, sam.actor, signature_id=declined.id)
    given(signing.decide_paper, sam.actor, signature_id=declined.id, second=Second.DECLINE)  # the wrong person's
    assert states(given, sam)[alice.id] is State.WAITING


def test_a_veto_that_comes_after_the_signature_is_read_and_signed_as_well(asked, given, sam, dora, alice):
    given(make_veto, alice, Veto.FALSIFIED, sam, dora)
    given(signing.sign, alice.actor, year=YEAR, said=SignatureWords.AGREED)
    assert states(given, sam)[alice.id] is State.READY
    given(make_veto, alice, Veto.LIABILITY, sam, dora)  # no number of the sheet changes
    assert states(given, sam)[alice.id] is State.CHANGED
