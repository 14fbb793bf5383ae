"""Half a day for others: recorded by the member or for them, approved by another, a fact of two half-days at most."""

from datetime import date
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.records import service as records
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag
from app.features.volunteering.models import VolunteeringRecord
from app.features.volunteering.stream import RECORD
from tests.features.entries.makers import facts
from tests.features.sync.makers import new_item
from tests.features.sync.makers import send as send_items
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page

MORNING = "2026-03-09 10:00:00+08:00"
FACT = "service.half_day"


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def send(client, alice):
    def post(person=alice, headers=None, **fields):
        said = {"id": str(new_id()), "half_days": "1", "title": "社区政策咨询", "day": "2026-03-08", **fields}
        return client.post("/volunteering/records", data=said, headers=ENGLISH | as_member(person) | (headers or {}))

    return post


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_records_a_day_sam_approves_and_may_undo(send, database, sam, alice, headers, status):
    record_id = new_id()
    for _again in range(2):
        assert send(id=str(record_id), half_days="2", headers=headers).status_code == status
    with database.write() as session:
        outcome = reviews.approve(session, sam.actor, [record_id])
        assert facts(session, alice, FACT) == [("", 200, False)]
        reviews.undo(session, sam.actor, decision_id=outcome.decision_id)
        assert sum(number for _g, number, _r in facts(session, alice, FACT)) == 0


def test_alice_finds_it_in_her_list_and_corrects_what_came_back(client, send, database, sam, alice):
    send(id=str(record_id := new_id()), half_days="2", title="社区政策咨询")
    shown = page(client.get("/volunteering", headers=ENGLISH | as_member(alice)))
    assert shown.select_one(f"#record-row-{record_id} small").get_text(strip=True) == "2 half-days"
    assert shown.select_one("main h2").get_text(strip=True) == "March 2026"
    with database.write() as session:
        reviews.return_to_member(session, sam.actor, [record_id], reason="哪一天")
    form = page(client.get(f"/volunteering/new?corrects={record_id}", headers=ENGLISH | as_member(alice)))
    assert form.select_one("[name=half_days][checked]")["value"] == "2"
    assert form.select_one("[name=corrects_id]")["value"] == str(record_id)


@pytest.mark.parametrize("half_days", ["1.25", "1.5", "0", "3", ""])
def test_only_whole_half_days_of_one_day(send, half_days):
    assert "half_days" in errors(page(send(half_days=half_days), status=422))


def test_an_officer_records_for_somebody_and_another_decides(send, database, sam, dora, bob):
    record_id = new_id()
    send(sam, id=str(record_id), member_id=str(bob.id), title="")
    with database.write() as session:
        assert session.get_one(VolunteeringRecord, record_id).title == "Volunteering"
        assert reviews.approve(session, sam.actor, [record_id]).done == ()
        reviews.approve(session, dora.actor, [record_id])
        assert facts(session, bob, FACT) == [("", 100, False)]


def test_a_third_half_day_of_one_day_is_marked(send, database):
    send(half_days="2")
    record_id = new_id()
    send(id=str(record_id), title="另一件事")
    with database.read() as session:
        assert Flag.OVERLAP in session.get_one(Review, record_id).flags


def test_it_is_kept_without_a_network_and_comes_once(client, database, alice):
    half_day = {"title": "", "half_days": 1}
    item = new_item("service.half_day", payload=half_day, occurred_at="2026-03-07T15:00:00+08:00")
    wrong = new_item("service.half_day", payload={"title": "", "half_days": 1.5})
    said = [[one["verdict"] for one in send_items(client, alice, item, wrong)] for _again in range(2)]
    assert said == [["accepted", "refused"], ["duplicate", "refused"]]
    with database.read() as session:
        record = session.scalars(select(VolunteeringRecord)).one()
        assert (record.id, record.half_days, str(record.occurred_on)) == (UUID(item["id"]), 1, "2026-03-07")


def test_strangers_see_nothing_and_alice_takes_it_back(client, send, alice, sam, olga, oscar):
    record_id = new_id()
    send(id=str(record_id))
    withdraw = f"/volunteering/records/{record_id}/withdraw"
    for stranger in olga, oscar:
        assert client.post(withdraw, headers=as_member(stranger)).status_code == 404
        assert "社区政策咨询" not in client.get("/volunteering", headers=as_member(stranger)).text
    assert client.get(f"/approvals/{record_id}", headers=as_member(oscar)).status_code == 404
    fragment(client.post(withdraw, headers=ENGLISH | HTMX | as_member(alice)))
    assert client.post(f"/volunteering/records/{record_id}/restore", headers=as_member(alice)).status_code == 303
    assert "社区政策咨询" in client.get("/approvals", headers=as_member(sam)).text


def test_the_database_refuses_by_name(session, alice):
    records.record(session, alice.actor, RECORD, id=new_id(), title="", half_days=1, day=date(2026, 3, 8))
    with pytest.raises(IntegrityError, match="half_days_of_a_day"), session.begin_nested():
        session.execute(VolunteeringRecord.__table__.update().values(half_days=3))
