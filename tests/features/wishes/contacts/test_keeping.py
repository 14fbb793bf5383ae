"""Keeping, opening, correcting and erasing a contact; each with what it leaves behind."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.core import clock, sealing
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.settings import Settings
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction, Role
from app.features.private.rules import (
    ConsentKind,
    ConsentMissingError,
    Contact,
    GuardianMissingError,
    SensitiveMissingError,
    check_consents,
)
from app.features.wishes.carrying import claims, revisits
from app.features.wishes.contacts import queries, service
from app.features.wishes.contacts.models import ContactErasure, ContactLook, WishConsent, WishContact
from app.features.wishes.contacts.rules import (
    Capacity,
    ErasedBecause,
    NoContactError,
    NotReadableError,
    ReasonMissingError,
)
from app.features.wishes.desk import service as rights
from app.features.wishes.desk.rules import NeedsContactError
from app.features.wishes.intake import service as intake
from app.features.wishes.intake.rules import NotChangeableError, PersonalDataError
from app.features.wishes.models import Wish
from app.features.wishes.rules import Category, Helped
from app.features.wishes.wisher import service as withdrawal
from tests.features.wishes.makers import make_claimed, make_realised, make_wish
from tests.makers import as_member, make_member

CONTACT = Contact(name="王桂芬", phone="13712345678", address="荔园路8号2栋301")
ALL = frozenset(ConsentKind)


@pytest.fixture
def reachable(given, wish, cora):
    """The wish on the board, with its contact."""
    given(lambda session: intake.add_contact(session, cora.actor, wish_id=wish.id, contact=CONTACT, consents=ALL))
    return wish


def test_who_answers_for_it_opens_it_and_leaves_a_trace(reachable, cora, sam, session):
    assert service.look(session, cora.actor, wish_id=reachable.id, reason="kept to myself") == CONTACT
    assert service.look(session, sam.actor, wish_id=reachable.id, reason="核实需要") == CONTACT
    seen = [(look.name, look.capacity, look.reason) for look in queries.looks(session, reachable.id)]
    assert seen == [(sam.name, Capacity.OFFICER, "核实需要"), (cora.name, Capacity.COLLECTOR, None)]
    noted = session.query(AuditEntry).where(AuditEntry.action == AuditAction.CONTACT_OPENED).order_by(AuditEntry.id)
    assert [(row.actor_id, row.subject_id, row.place_id) for row in noted] == [
        (who.id, reachable.id, sam.branch_id) for who in (cora, sam)
    ]
    assert "核实需要" not in str([(row.subject, row.changes) for row in noted])


def test_an_officer_says_why(reachable, sam, session):
    with pytest.raises(ReasonMissingError):
        service.look(session, sam.actor, wish_id=reachable.id, reason="   ")
    assert queries.looks(session, reachable.id) == []


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE, Role.GROUP_LEADER])
def test_of_the_officers_the_secretary_alone_opens_it(given, client, reachable, branch, group, role):
    place = group if role is Role.GROUP_LEADER else branch
    officer = given(make_member, branch, "关若", roles=(role,), at=place)
    for method in ("get", "post"):
        answer = client.request(
            method, f"/wishes/{reachable.id}/contact", data={"reason": "核实需要"}, headers=as_member(officer)
        )
        assert answer.status_code == 403
        assert CONTACT.phone not in answer.text


def test_only_who_holds_it_now_opens_it(reachable, alice, bob, olga, session):
    with pytest.raises(NotReadableError):
        service.look(session, alice.actor, wish_id=reachable.id)
    make_claimed(session, reachable, alice)
    assert service.look(session, alice.actor, wish_id=reachable.id) == CONTACT
    with pytest.raises(NotReadableError):
        service.look(session, bob.actor, wish_id=reachable.id)
    claims.invite(session, alice.actor, wish_id=reachable.id, member_ids=[bob.id])
    with pytest.raises(NotReadableError):
        service.look(session, bob.actor, wish_id=reachable.id)
    claims.join(session, bob.actor, wish_id=reachable.id)
    assert service.look(session, bob.actor, wish_id=reachable.id) == CONTACT
    claims.release(session, alice.actor, wish_id=reachable.id)
    with pytest.raises(NotReadableError):
        service.look(session, alice.actor, wish_id=reachable.id)
    with pytest.raises(NotFoundError):
        service.look(session, olga.actor, wish_id=reachable.id)


def test_once_it_came_true_its_claimer_needs_it_no_more(reachable, alice, cora, session):
    make_realised(session, reachable, alice, cora)
    with pytest.raises(NotReadableError):
        service.look(session, alice.actor, wish_id=reachable.id)
    assert service.look(session, cora.actor, wish_id=reachable.id) == CONTACT


def test_a_correction_leaves_what_it_does_not_say(reachable, cora, session):
    intake.add_contact(session, cora.actor, wish_id=reachable.id, contact=Contact(phone="075512345678"), consents=())
    opened = service.look(session, cora.actor, wish_id=reachable.id)
    assert (opened.name, opened.phone, opened.address) == (CONTACT.name, "075512345678", CONTACT.address)


@pytest.mark.parametrize(
    ("contact", "given_consents", "is_child", "refusal"),
    [
        (CONTACT, set(), False, ConsentMissingError),
        (Contact(phone="1", note="听力不好"), {ConsentKind.ORDINARY}, False, SensitiveMissingError),
        (CONTACT, {ConsentKind.ORDINARY}, True, GuardianMissingError),
    ],
)
def test_nothing_is_kept_that_nobody_agreed_to(contact, given_consents, is_child, refusal):
    with pytest.raises(refusal):
        check_consents(contact, given_consents, is_child=is_child)
    check_consents(contact, ALL, is_child=is_child)
    check_consents(Contact(), set(), is_child=is_child)


def test_consents_are_noted_once_with_their_version(reachable, cora, session):
    intake.add_contact(session, cora.actor, wish_id=reachable.id, contact=CONTACT, consents=ALL)
    rows = session.scalars(select(WishConsent).where(WishConsent.wish_id == reachable.id)).all()
    assert {(row.kind, row.version, row.recorded_by_id) for row in rows} == {(kind, "2026.1", cora.id) for kind in ALL}


def test_a_text_that_names_the_wisher_takes_no_contact(reachable, cora, session):
    with pytest.raises(PersonalDataError):
        intake.add_contact(
            session, cora.actor, wish_id=reachable.id, contact=Contact(name="收音机", phone="13712345678"), consents=ALL
        )


def test_taking_back_erases_at_once(reachable, alice, cora, session):
    make_claimed(session, reachable, alice)
    rights.withdraw(session, cora.actor, wish_id=reachable.id)
    assert session.get(WishContact, reachable.id) is None
    (gone,) = queries.erasures(session, reachable.id)
    assert (gone.because, gone.fields, gone.by) == (ErasedBecause.WITHDRAWN, 3, cora.name)
    with pytest.raises(NoContactError):
        service.look(session, cora.actor, wish_id=reachable.id)
    with pytest.raises(NotChangeableError):
        intake.add_contact(session, cora.actor, wish_id=reachable.id, contact=CONTACT, consents=ALL)


def test_the_wisher_may_have_it_erased_once_nobody_needs_it(reachable, alice, cora, sam, session):
    with pytest.raises(NeedsContactError):
        rights.erase_contact(session, cora.actor, wish_id=reachable.id)
    make_realised(session, reachable, alice, cora)
    assert rights.erase_contact(session, sam.actor, wish_id=reachable.id)
    assert not rights.erase_contact(session, sam.actor, wish_id=reachable.id)


def test_ninety_days_after_the_end_it_is_gone(reachable, alice, cora, sam, session):
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False) as travel:
        session.execute(update(WishContact).values(kept_at=clock.now()))
        make_realised(session, reachable, alice, cora)
        service.purge(session, clock.now() + timedelta(days=400))
        assert session.get(WishContact, reachable.id)  # realised, not over: somebody still looks back
        travel.shift(timedelta(days=20))
        revisits.revisit(session, sam.actor, wish_id=reachable.id, helped=Helped.YES, sentence="好用")
        closed = clock.now()
        assert service.purge(session, closed + timedelta(days=90) - timedelta(seconds=1)) == 0
        assert service.purge(session, closed + timedelta(days=90)) == 1
        assert service.purge(session, closed + timedelta(days=90)) == 0
        (gone,) = queries.erasures(session, reachable.id)
        assert (gone.because, gone.fields, gone.by) == (ErasedBecause.RETENTION, 3, None)


def test_ninety_days_after_its_day_has_passed_an_unclaimed_wish_gives_its_contact_up(reachable, session):
    kept = session.get(WishContact, reachable.id).kept_at
    session.execute(update(Wish).where(Wish.id == reachable.id).values(wanted_by=clock.local_day(kept)))
    with time_machine.travel(kept + timedelta(days=2), tick=False):
        assert claims.expire(session, clock.now()) == 1
        expired = clock.now()
    assert service.purge(session, expired + timedelta(days=89)) == 0
    assert service.purge(session, expired + timedelta(days=90)) == 1
    assert session.get(WishContact, reachable.id) is None


def test_a_forgotten_draft_gives_its_contact_up_too(community, cora, session):
    with time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False):
        draft = intake.enter(
            session,
            cora.actor,
            id=new_id(),
            community_id=community.id,
            text=intake.WishText(title="修水管", need="", category=Category.REPAIRS),
            contact=CONTACT,
            consents=ALL,
        )
        now = clock.now()
    assert service.purge(session, now + timedelta(days=89)) == 0
    assert service.purge(session, now + timedelta(days=90)) == 1
    assert session.get(WishContact, draft.id) is None


@pytest.mark.parametrize("table", [ContactLook, ContactErasure, WishConsent])
def test_the_database_keeps_what_was_noted(given, database, reachable, cora, table):
    given(lambda session: service.look(session, cora.actor, wish_id=reachable.id))
    given(lambda session: withdrawal.withdraw(session, wish_id=reachable.id, by_id=cora.id))
    for change in (update(table).values(wish_id=reachable.id), delete(table)):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
            session.execute(change)
    with database.read() as session:
        assert session.scalars(select(table)).first()


def test_without_the_key_pages_stand_and_contacts_wait(reachable, cora, monkeypatch, tmp_path, session):
    monkeypatch.setattr(sealing, "settings", lambda: Settings(contacts_key=tmp_path / "none"))
    with pytest.raises(sealing.KeyMissingError):
        service.look(session, cora.actor, wish_id=reachable.id)
    assert queries.looks(session, reachable.id) == []
    assert queries.kept(session, reachable.id).filled == ["name", "phone", "address"]
    rights.withdraw(session, cora.actor, wish_id=reachable.id)  # erasing needs no key
    assert session.get(WishContact, reachable.id) is None


def test_a_row_moved_to_another_wish_does_not_open(reachable, cora, sam, branch, community, session):
    other = make_wish(session, community, branch, cora, sam)
    session.execute(update(WishContact).values(wish_id=other.id).execution_options(synchronize_session=False))
    session.expire_all()
    with pytest.raises(sealing.BrokenSealError):
        service.look(session, cora.actor, wish_id=other.id)


def test_nothing_of_a_contact_shows_in_its_repr():
    assert repr(CONTACT) == "Contact()"
    assert str(CONTACT) == "Contact()"
    assert str([CONTACT]) == "[Contact()]"
