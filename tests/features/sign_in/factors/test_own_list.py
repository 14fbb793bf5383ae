"""The own devices for the second step: added, taken away, and never shown again what they are made of."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError

from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction, Role
from app.features.sign_in.factors.models import FactorReset, RecoveryCode, SecondFactor
from app.features.sign_in.factors.rules import FactorKind
from tests.features.sign_in.factors.makers import code_now, make_app
from tests.makers import as_member, make_member
from tests.page import message, page

NOON = datetime(2026, 3, 9, 4, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def new_app(client, person):
    """The sealed secret on the page for a new app, and the same for people."""
    soup = page(client.get("/me/factors/app", headers=as_member(person)))
    return soup.select_one("[name=secret]")["value"], soup.select_one(".factor-key").get_text().replace(" ", "")


def add(client, person, sealed, code, **fields):
    return client.post("/me/factors/app", headers=as_member(person), data={"secret": sealed, "code": code} | fields)


def listed(client, person):
    soup = page(client.get("/me/factors", headers=as_member(person)))
    return [row.b.get_text() for row in soup.select("ul.rows > li") if row.b]


def test_the_first_app_brings_codes_on_paper_the_second_one_none(client, alice, database):
    sealed, key = new_app(client, alice)
    assert len(page(add(client, alice, sealed, code_now(key), label="工作手机")).select(".factor-codes li")) == 10
    sealed, key = new_app(client, alice)
    assert add(client, alice, sealed, code_now(key)).headers["location"] == "/me/factors"
    assert listed(client, alice) == ["工作手机", "验证器应用"]
    with database.read() as session:
        assert session.query(RecoveryCode).count() == 10
        for factor in session.query(SecondFactor):
            assert key not in (factor.sealed or "")


def test_a_wrong_first_code_keeps_the_picture(client, alice):
    sealed, _key = new_app(client, alice)
    soup = page(add(client, alice, sealed, "000000"), 422)
    assert soup.select_one("[name=secret]")["value"] == sealed
    assert listed(client, alice) == []


def test_one_secret_is_one_device(client, alice):
    sealed, key = new_app(client, alice)
    add(client, alice, sealed, code_now(key))
    page(add(client, alice, sealed, code_now(key, 1)), 409)
    assert len(listed(client, alice)) == 1


def test_bob_s_secret_is_none_for_alice(client, alice, bob):
    sealed, key = new_app(client, bob)
    page(add(client, alice, sealed, code_now(key)), 422)
    assert listed(client, alice) == []


def test_the_code_that_added_it_does_not_open_as_well(client, alice, database):
    sealed, key = new_app(client, alice)
    add(client, alice, sealed, code_now(key))
    client.cookies.clear()
    client.post("/sign-in", data={"login": alice.phone, "password": alice.password})
    assert client.post("/sign-in/second", data={"code": code_now(key)}).status_code == 422


def test_a_member_removes_the_last_one_and_the_codes_go_with_it(client, alice, given, database):
    given(make_app, alice)
    with database.read() as session:
        factor = session.query(SecondFactor).one()
    response = client.post(f"/me/factors/{factor.id}/remove", headers=as_member(alice))
    assert response.headers["location"] == "/me/factors"
    with database.read() as session:
        assert session.query(RecoveryCode).count() == session.query(SecondFactor).count() == 0
        noted = session.query(AuditEntry).one()
        assert (noted.action, noted.changes) == (AuditAction.SECOND_FACTOR_REMOVED, {"device": ["手机", None]})


def test_an_administrator_keeps_one(client, branch, committee, given, database):
    administrator = given(make_member, branch, "安管", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)
    given(make_app, administrator)
    with database.read() as session:
        factor = session.query(SecondFactor).one()
    soup = page(client.post(f"/me/factors/{factor.id}/remove", headers=as_member(administrator)), 409)
    assert "至少要保留一项" in message(soup)
    given(make_app, administrator, "电脑")
    assert client.post(f"/me/factors/{factor.id}/remove", headers=as_member(administrator)).status_code == 303


def test_nobody_removes_somebody_else_s(client, alice, bob, olga, given, database):
    given(make_app, alice)
    with database.read() as session:
        factor = session.query(SecondFactor).one()
    for person in (bob, olga):
        assert client.post(f"/me/factors/{factor.id}/remove", headers=as_member(person)).status_code == 404
        assert listed(client, person) == []


def test_a_new_list_of_codes_makes_the_old_one_worthless(client, alice, bob, given, database):
    given(make_app, alice)
    with database.read() as session:
        old = session.query(RecoveryCode).one().code_digest
    assert len(page(client.post("/me/factors/codes", headers=as_member(alice))).select(".factor-codes li")) == 10
    with database.read() as session:
        assert old not in {code.code_digest for code in session.query(RecoveryCode)}
    assert client.post("/me/factors/codes", headers=as_member(bob)).status_code == 404


def test_the_own_data_name_the_device_and_no_secret(client, alice, given):
    secret = given(make_app, alice)
    told = client.get("/me/export.json", headers=as_member(alice))
    (row,) = told.json()["second_factors"]
    assert (row["label"], row["kind"]) == ("手机", "app")
    assert set(row) == {"label", "kind", "created_at", "used_at"}
    assert secret not in told.text


def test_the_key_of_contacts_is_changed_for_secrets_too(client, alice, given, database):
    from app.features.private import resealing

    given(make_app, alice)
    assert "second_factors" in {table.name for table in resealing.tables()}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": FactorKind.APP},
        {"kind": FactorKind.PASSKEY, "credential_id": "x"},
        {"kind": FactorKind.PASSKEY, "credential_id": "x", "public_key": "y", "sealed": "z", "key_id": "k"},
    ],
)
def test_the_database_refuses_half_a_factor(given, alice, wrong):
    with pytest.raises(IntegrityError):
        given(lambda session: session.add(SecondFactor(member_id=alice.id, label="x", **wrong)))


def make_reset(session, **columns):
    session.add(FactorReset(**columns))


def test_the_database_refuses_a_reset_by_one_person(given, alice, bob):
    for proposed_by, decided_by in ((alice, None), (bob, bob), (bob, alice)):
        decided = {"state": "done", "decided_by_id": decided_by.id} if decided_by else {}
        with pytest.raises(IntegrityError):
            given(make_reset, member_id=alice.id, proposed_by_id=proposed_by.id, **decided)
