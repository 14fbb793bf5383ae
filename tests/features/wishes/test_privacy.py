"""Red line 10: who can read what of a wisher, on every page, export and API; and what the database and the log know."""

import io
import logging
import zipfile
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import MetaData, Table, inspect, select

from app.core import clock
from app.core.routing import route_doors
from app.features.members.rules import OrganisationKind, Role
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.carrying import claims, slips
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.models import ContactErasure, WishContact
from app.features.wishes.intake import service as intake
from app.features.wishes.wisher import service as withdrawal
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_draft
from tests.features.wishes.residents.makers import make_poster
from tests.makers import HTMX, Place, as_member, make_member
from tests.page import page

NAME, PHONE, ADDRESS, NOTE = "欧阳翠屏", "13698765432", "梧桐弄77号4栋1203室", "重度听障请用力敲门"
SECRETS = (NAME, PHONE, ADDRESS, NOTE)
CONTACT = Contact(name=NAME, phone=PHONE, address=ADDRESS, note=NOTE)
SENT = {"name": NAME, "phone": PHONE, "address": ADDRESS, "note": NOTE, "consent_ordinary": "yes"}


@pytest.fixture
def reachable(given, wish, cora):
    given(
        lambda session: intake.add_contact(
            session, cora.actor, wish_id=wish.id, contact=CONTACT, consents=frozenset(ConsentKind)
        )
    )
    return wish


@pytest.fixture
def people(given, reachable, alice, bob, sam, olga, oscar, carl, cora, committee, branch, other_branch):
    """Everybody who could be curious; Bob holds the wish, Eve has given it back."""
    eve = given(make_member, branch, "伊薇")
    given(make_claimed, reachable, eve)
    given(lambda session: claims.release(session, eve.actor, wish_id=reachable.id))
    given(make_claimed, reachable, bob)
    far = given(make_community, other_branch, name="远山社区")
    return {
        "a member who has not claimed": alice,
        "who holds it": bob,
        "who held it before": eve,
        "the secretary": sam,
        "a member of another branch": olga,
        "the secretary of another branch": oscar,
        "a committee officer": carl,
        "the collector": cora,
        "a collector elsewhere": given(make_collector, far, "袁方"),
        "the business administrator": given(
            make_member, branch, "白雅", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee
        ),
        "the audit administrator": given(make_member, branch, "温林", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee),
    }


OPEN_IT = frozenset({"who holds it", "the collector", "the secretary"})


def test_nobody_reads_a_contact_on_any_page_or_in_any_file(client, application, people, reachable):
    paths = [path for methods, path, _door in route_doors(application) if "GET" in methods]
    this_month = clock.today()
    read = {who: set() for who in people}
    with time_machine.travel(clock.now() + timedelta(days=40)):  # the month's list is ready, and the wish stands on it
        for who, person in people.items():
            for path in paths:
                address = _filled_in(path, person, reachable, this_month)
                response = client.get(address, headers=as_member(person))
                assert response.status_code < 500, (who, path)
                assert told(response) == [], (who, path)
                if response.status_code == 200:
                    read[who].add(path)
    number = {who: len(paths) for who, paths in read.items()}
    assert min(number.values()) > 10  # whoever reads nothing proves nothing
    assert number["the secretary"] > number["a member who has not claimed"] > number["the collector"]
    for path in ("/wishes/desk/{wish_id:uuid}", "/wishes/months/{month}", "/wishes/months/{month}/list.xlsx"):
        assert {who for who in people if path in read[who]} >= {"the secretary", "the collector"}
        assert not {who for who in people if path in read[who]} & {"a member who has not claimed", "who held it before"}


def test_a_stranger_with_the_poster_and_a_found_slip_reads_no_contact(client, given, application, reachable, cora):
    """Nobody has signed in; the slip lies in the street, the poster hangs in the stairwell."""
    slip = given(lambda session: slips.issue_slip(session, cora.actor, wish_id=reachable.id)).token
    poster = given(make_poster, Place(reachable.community_id, "荔园社区", OrganisationKind.COMMUNITY), cora)
    for methods, path, _door in route_doors(application):
        if "GET" in methods:
            for token in (slip, poster):
                response = client.get(_filled_in(path.replace("{token}", token), cora, reachable, clock.today()))
                assert told(response) == [], path
    for address in (f"/w/{slip}", f"/c/{poster}"):
        assert client.get(address).status_code == 200
    assert client.post(f"/wishes/{reachable.id}/contact").status_code in {303, 401}


def test_who_may_open_it_and_who_not(client, people, reachable):
    address = f"/wishes/{reachable.id}/contact"
    for who, person in people.items():
        for headers in ({}, HTMX):
            response = client.post(address, data={"reason": "核实"}, headers=headers | as_member(person))
            if who in OPEN_IT:
                assert told(response) == list(SECRETS), who
                assert response.headers["cache-control"] == "no-store"
            else:
                assert response.status_code in {403, 404}, who
                assert told(response) == [], who
    looks = page(client.get(f"/wishes/desk/{reachable.id}", headers=as_member(people["the collector"]))).text
    for who in OPEN_IT:
        assert people[who].name in looks


def test_who_gave_it_back_opens_it_no_more(client, given, reachable, alice):
    address = f"/wishes/{reachable.id}/contact"
    given(make_claimed, reachable, alice)
    assert told(client.post(address, headers=as_member(alice))) == list(SECRETS)
    assert client.post(f"/wishes/{reachable.id}/release", headers=as_member(alice)).status_code == 303
    refused = client.post(address, headers=as_member(alice))
    assert (refused.status_code, told(refused)) == (403, [])


def test_the_sheet_for_the_wisher_says_everything_and_is_a_look(client, reachable, cora, sam):
    address = f"/wishes/desk/{reachable.id}/held"
    sheet = client.post(address, headers=as_member(cora))
    assert told(sheet) == list(SECRETS)
    assert sheet.headers["cache-control"] == "no-store"
    again = page(client.post(address, headers=as_member(sam))).text
    assert cora.name in again


def test_no_copy_of_the_database_knows_a_contact(client, database, given, cora, reachable, sam):
    new = {"id": "01990000-0000-7000-8000-000000000009", "title": "修窗", "category": "repairs", "hand_in": "yes"}
    sent = new | SENT | {"consent_sensitive": "yes"}
    assert client.post("/wishes/desk/new", data=sent, headers=as_member(cora)).status_code == 303
    client.post(f"/wishes/{reachable.id}/contact", data={"reason": "核实"}, headers=as_member(sam))
    with database.read() as session:
        assert len(session.scalars(select(WishContact)).all()) == 2
    known = everything_in(database)
    assert "核实" in known
    assert [secret for secret in SECRETS if secret in known] == []


@pytest.mark.parametrize("end", ["withdrawn", "purged"])
def test_after_the_end_nothing_is_left_in_any_table(database, given, cora, reachable, community, branch, end):
    draft = given(make_draft, community, branch, cora)
    given(
        lambda session: intake.add_contact(
            session, cora.actor, wish_id=draft.id, contact=CONTACT, consents=frozenset(ConsentKind)
        )
    )
    with database.read() as session:
        sealed = session.scalars(select(WishContact.sealed).where(WishContact.wish_id == draft.id)).one()
    assert sealed in everything_in(database)
    if end == "withdrawn":
        given(lambda session: withdrawal.withdraw(session, wish_id=draft.id, by_id=cora.id))
    else:
        assert given(contacts.purge, clock.now() + timedelta(days=90, minutes=1)) == 1
    left = everything_in(database)
    assert sealed not in left
    assert [secret for secret in SECRETS if secret in left] == []
    with database.read() as session:
        gone = session.scalars(select(ContactErasure).where(ContactErasure.wish_id == draft.id)).one()
        assert (gone.because, gone.fields) == ("withdrawn" if end == "withdrawn" else "retention", 4)


def test_no_log_knows_a_contact(lenient_client, caplog, reachable, cora, monkeypatch):
    with caplog.at_level(logging.DEBUG):
        as_cora = as_member(cora)
        new = {"id": "01990000-0000-7000-8000-000000000010", "title": "修窗", "category": "repairs"}
        lenient_client.post("/wishes/desk/new", data=new | SENT, headers=as_cora)
        lenient_client.post("/wishes/desk/new", data=SENT, headers=as_cora)
        lenient_client.post("/wishes/desk/new", data=new | SENT | {"phone": PHONE * 9}, headers=as_cora)
        lenient_client.post(f"/wishes/{reachable.id}/contact", headers=as_cora)
        monkeypatch.setattr(contacts, "_row", _fail)
        broken = lenient_client.post(f"/wishes/desk/{reachable.id}/contact", data=SENT, headers=as_cora)
        assert broken.status_code == 500
    assert "a fault of ours" in caplog.text
    assert [secret for secret in SECRETS if secret in caplog.text] == []


def test_texts_for_members_name_nobody(client, cora):
    as_cora = as_member(cora)
    new = {"id": "01990000-0000-7000-8000-000000000011", "title": "修窗", "category": "repairs"} | SENT
    for need in (f"打电话 {PHONE}", f"{NAME}家的窗", "身份证 11010519491231002X", "电话０７５５－１２３４５６７８"):
        response = client.post("/wishes/desk/new", data=new | {"need": need}, headers=as_cora)
        assert response.status_code == 422, need


def told(response) -> list[str]:
    """Which of the secrets an answer tells, whatever kind of file it is."""
    content = response.content
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(archive.read(name) for name in archive.namelist())
    said = content.decode("utf-8", "replace")
    return [secret for secret in SECRETS if secret in said]


def everything_in(database) -> str:
    """Every value of every table, as a copy of the database would show it."""
    with database.reader.connect() as connection:
        if database.is_sqlite:
            return "\n".join(connection.connection.dbapi_connection.iterdump())
        names = inspect(connection).get_table_names()
        tables = [Table(name, MetaData(), autoload_with=connection) for name in names]
        return "\n".join(str(row) for table in tables for row in connection.execute(select(table)))


def _filled_in(path: str, person, wish, day) -> str:
    known = {
        "year": day.year,
        "month": f"{day:%Y-%m}",
        "rule_id": "D2",
        "wish_id": wish.id,
        "community_id": wish.community_id,
        "member_id": person.id,
        "branch_id": person.branch_id,
    }
    parts = []
    for part in path.split("/"):
        name = part.strip("{}").split(":")[0]
        parts.append(str(known.get(name, wish.id)) if part.startswith("{") else part)
    return "/".join(parts)


def _fail(*_arguments):
    raise RuntimeError("a fault of ours")
