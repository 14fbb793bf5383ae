"""Exemptions have a kind, a first and perhaps a last day; nobody decides on the own."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.core.errors import NotFoundError
from app.features.members import queries
from app.features.members.errors import AlreadyExemptError, EndsBeforeStartError, HasLeftError, OwnRecordError
from app.features.members.exemptions import service as exemptions
from app.features.members.rules import ExemptionKind
from tests.features.members.makers import audit_rows, make_exemption
from tests.makers import make_member

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


def exempt(session, actor, person, **changed):
    wanted = {"kind": ExemptionKind.ILLNESS, "starts_on": TODAY, **changed}
    return exemptions.exempt_member(session, actor, member_id=person.id, **wanted)


def test_sam_exempts_alice(session, sam, alice, branch):
    exempt(session, sam.actor, alice, ends_on=TOMORROW, note="住院")
    assert queries.exempt_on(session, branch.id, TODAY) == {alice.id: ExemptionKind.ILLNESS}
    assert queries.exemption(session, alice.id, TOMORROW) is ExemptionKind.ILLNESS
    assert queries.exemption(session, alice.id, TOMORROW + timedelta(days=1)) is None
    session.flush()
    assert audit_rows(session) == [
        (
            "exemption_given",
            alice.name,
            {
                "kind": [None, "illness"],
                "starts_on": [None, "2026-11-22"],
                "ends_on": [None, "2026-11-23"],
                "note": [None, "住院"],
            },
        )
    ]


def test_the_same_reason_twice_is_once(session, sam, alice, branch):
    exempt(session, sam.actor, alice)
    with pytest.raises(AlreadyExemptError):
        exempt(session, sam.actor, alice, starts_on=TOMORROW)
    exempt(session, sam.actor, alice, kind=ExemptionKind.AGE)
    assert len(queries.exemptions_of(session, alice.id)) == 2


def test_an_exemption_ends_once(session, sam, alice):
    exemption_id = make_exemption(session, alice)
    for _ in range(2):
        exemptions.end_exemption(session, sam.actor, member_id=alice.id, exemption_id=exemption_id, ends_on=TODAY)
        session.flush()
    assert audit_rows(session) == [("exemption_ended", alice.name, {"ends_on": [None, "2026-11-22"]})]


def test_a_longer_time_does_not_meet_the_next_one(session, sam, alice):
    first = make_exemption(session, alice, ends_on=TODAY)
    make_exemption(session, alice, starts_on=TOMORROW)
    with pytest.raises(AlreadyExemptError):
        exemptions.end_exemption(session, sam.actor, member_id=alice.id, exemption_id=first, ends_on=TOMORROW)
    session.flush()
    assert queries.exemptions_of(session, alice.id)[-1].ends_on == TODAY


def test_it_ends_after_it_starts(session, sam, alice):
    with pytest.raises(EndsBeforeStartError):
        exempt(session, sam.actor, alice, starts_on=TOMORROW, ends_on=TODAY)


def test_nobody_decides_on_the_own(session, sam):
    with pytest.raises(OwnRecordError):
        exempt(session, sam.actor, sam)
    own = make_exemption(session, sam)
    with pytest.raises(OwnRecordError):
        exemptions.end_exemption(session, sam.actor, member_id=sam.id, exemption_id=own, ends_on=TODAY)


def test_who_has_left_needs_none(session, sam, branch):
    gone = make_member(session, branch, "高远", left_on=TODAY)
    with pytest.raises(HasLeftError):
        exempt(session, sam.actor, gone)


@pytest.mark.parametrize("who", ["alice", "olga", "oscar"])
def test_others_find_nobody(session, request, who, bob):
    person = request.getfixturevalue(who)
    with pytest.raises(NotFoundError):
        exempt(session, person.actor, bob)
    theirs = make_exemption(session, bob)
    with pytest.raises(NotFoundError):
        exemptions.end_exemption(session, person.actor, member_id=bob.id, exemption_id=theirs, ends_on=TODAY)


def test_the_database_refuses_two_open_ones_of_a_kind(given, alice):
    given(make_exemption, alice)
    with pytest.raises(IntegrityError):
        given(make_exemption, alice, starts_on=TOMORROW)
