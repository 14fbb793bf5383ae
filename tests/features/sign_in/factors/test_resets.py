"""All lost: two administrators, or the console, and never one alone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.features.members.models import AuditEntry, Member, RoleTerm
from app.features.members.rules import AuditAction, Role
from app.features.sign_in.factors.models import FactorReset, RecoveryCode, SecondFactor
from app.features.sign_in.factors.rules import RESET_LASTS
from tests.features.sign_in.factors.makers import make_app
from tests.makers import as_member, make_member
from tests.page import errors, page
from tests.server import Server

NOON = datetime(2026, 3, 9, 4, 0, 10, tzinfo=UTC)
PAGE = "/second-factors"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def amy(given, branch, committee):
    """She keeps the people."""
    return given(make_member, branch, "安敏", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)


@pytest.fixture
def ben(given, branch, committee):
    """He reads the audit log."""
    return given(make_member, branch, "贲明", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)


@pytest.fixture
def lost(given, alice):
    """Alice, who has lost her phone."""
    given(make_app, alice)
    return alice


def propose(client, by, whom):
    return client.post(PAGE, headers=as_member(by), data={"login": whom.phone})


def waiting(database):
    with database.read() as session:
        return session.query(FactorReset).where(FactorReset.state == "waiting").one().id


def decide(client, by, reset_id, word="confirm"):
    return client.post(f"{PAGE}/{reset_id}/{word}", headers=as_member(by))


def factors(database):
    with database.read() as session:
        return session.query(SecondFactor).count()


def test_one_says_so_another_confirms_and_the_password_alone_opens(client, amy, ben, lost, database):
    assert propose(client, amy, lost).status_code == 303
    assert factors(database) == 1
    assert "艾莉" in page(client.get(PAGE, headers=as_member(ben))).get_text()
    assert decide(client, ben, waiting(database)).status_code == 303
    assert factors(database) == 0
    with database.read() as session:
        assert session.query(RecoveryCode).count() == 0
        noted = session.query(AuditEntry).where(AuditEntry.action == AuditAction.SECOND_FACTOR_REMOVED).one()
        assert (noted.actor_id, noted.subject_id) == (ben.id, lost.id)
        assert noted.changes["proposed_by"] == [None, "安敏"]
    assert client.get("/me", headers=as_member(lost)).headers["location"].startswith("/sign-in?ended=1")
    client.post("/sign-in", data={"login": lost.phone, "password": lost.password})
    assert client.get("/me/devices").status_code == 200


def test_nobody_is_the_own_second_person(client, amy, lost, database):
    propose(client, amy, lost)
    page(decide(client, amy, waiting(database)), 403)
    assert not page(client.get(PAGE, headers=as_member(amy))).select("form[action$=confirm]")
    assert factors(database) == 1


def test_nobody_resets_the_own(client, amy, ben, given, database):
    given(make_app, amy)
    page(propose(client, amy, amy), 403)
    assert propose(client, ben, amy).status_code == 303
    page(decide(client, amy, waiting(database)), 403)
    assert factors(database) == 1


def test_who_proposed_must_still_be_an_administrator(client, amy, ben, lost, database, given):
    propose(client, amy, lost)
    given(lambda session: session.query(RoleTerm).where(RoleTerm.member_id == amy.id).delete())
    page(decide(client, ben, waiting(database)), 403)
    assert factors(database) == 1


def test_twice_is_once_and_a_word_does_not_wait_for_ever(client, amy, ben, lost, database, noon):
    propose(client, amy, lost)
    first = waiting(database)
    assert "login" in errors(page(propose(client, ben, lost), 409))
    noon.shift(RESET_LASTS + timedelta(seconds=1))
    assert decide(client, ben, first).status_code == 404
    assert propose(client, amy, lost).status_code == 303
    assert decide(client, ben, waiting(database)).status_code == 303
    assert decide(client, ben, first).status_code == 404


def test_it_can_be_left(client, amy, ben, lost, database):
    propose(client, amy, lost)
    reset = waiting(database)
    assert decide(client, ben, reset, "decline").status_code == 303
    assert decide(client, ben, reset).status_code == 404
    assert factors(database) == 1


def test_somebody_without_one_has_nothing_to_lose(client, amy, bob):
    assert "login" in errors(page(propose(client, amy, bob), 422))


def test_only_administrators_come_here(client, lost, sam, carl, olga):
    for person in (lost, sam, carl, olga):
        assert client.get(PAGE, headers=as_member(person)).status_code == 403
        assert propose(client, person, lost).status_code == 403


def test_the_console_helps_where_no_two_can(database, lost, tmp_path):
    with Server(tmp_path, database.url.render_as_string(hide_password=False), is_born=True) as server:
        assert "艾莉" in server.run("second-factor", "reset", lost.phone)
        with pytest.raises(AssertionError):
            server.run("second-factor", "reset", lost.phone)
    assert factors(database) == 0
    with database.read() as session:
        assert session.query(AuditEntry).one().actor_id is None


def test_an_administrator_that_one_has_made_is_no_second_person(client, given, amy, ben, lost, database):
    given(lambda session: _opened(session.get_one(Member, ben.id), by=amy))
    propose(client, amy, lost)
    page(decide(client, ben, waiting(database)), 403)
    assert factors(database) == 1


def _opened(member, *, by):
    member.opened_by_id, member.opened_at = by.id, NOON - timedelta(days=1)


@pytest.mark.parametrize(("word", "said"), [(None, "factor_reset_proposed"), ("decline", "factor_reset_declined")])
def test_each_word_about_it_is_noted_and_the_person_is_told_at_once(client, amy, ben, lost, database, word, said):
    propose(client, amy, lost)
    if word:
        decide(client, ben, waiting(database), word)
    with database.read() as session:
        noted = session.query(AuditEntry).where(AuditEntry.action == said).one()
        assert noted.subject_id == lost.id
        assert noted.actor_id == (ben.id if word else amy.id)
