"""Drafts of wishes out of a phone's queue: without a contact, for collectors only, taken back while they are drafts."""

import json

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.ids import new_id
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.intake import service as intake
from app.features.wishes.models import Wish
from app.features.wishes.rules import Origin, Status
from tests.features.wishes.makers import make_community
from tests.makers import ENGLISH, as_member
from tests.page import page

DRAFT = {"title": "修一下水龙头", "need": "厨房，滴水。", "category": "repairs"}


@pytest.fixture
def send(client):
    def run(person, *items):
        now = clock.local_time(clock.now()).isoformat()
        batch = {
            "device_id": "phone",
            "member_id": str(person.id),
            "sent_at": now,
            "app_version": "1",
            "items": [
                {
                    "id": str(id_),
                    "kind": kind,
                    "payload": payload,
                    "occurred_at": "2026-11-20T10:00:00+08:00",
                    "seq": seq,
                    "made_offline": True,
                    "would_be_refused": None,
                }
                for seq, (id_, kind, payload) in enumerate(items, 1)
            ],
        }
        headers = {"Content-Type": "application/json"} | as_member(person)
        response = client.post("/sync", content=json.dumps(batch), headers=headers)
        assert response.status_code == 200, response.text
        return [(verdict["verdict"], verdict["code"]) for verdict in response.json()["verdicts"]]

    return run


def test_a_draft_arrives_once_and_waits_for_its_contact(send, client, database, cora, branch):
    item = (new_id(), "wish.draft", DRAFT)
    assert send(cora, item) == [("accepted", None)]
    assert send(cora, item) == [("duplicate", None)]
    with database.read() as session:
        wish = session.scalars(select(Wish)).one()
        assert (wish.id, wish.status, wish.origin) == (item[0], Status.DRAFT, Origin.COLLECTOR)
        assert (wish.entered_by_id, wish.branch_id) == (cora.id, branch.id)
    desk = page(client.get("/wishes/desk", headers=as_member(cora) | ENGLISH))
    assert "The contact is missing" in desk.text


@pytest.mark.parametrize("more", [{"phone": "13712345678"}, {"contact": {"name": "王桂芬"}}, {"name": "王桂芬"}])
def test_a_contact_never_travels_in_the_queue(send, database, cora, more):
    assert send(cora, (new_id(), "wish.draft", DRAFT | more)) == [("refused", "bad_payload")]
    with database.read() as session:
        assert session.scalars(select(Wish)).all() == []


def test_a_text_with_a_number_is_refused(send, cora):
    assert send(cora, (new_id(), "wish.draft", DRAFT | {"need": "电话 137 1234 5678"})) == [
        ("refused", "personal_data")
    ]


def test_members_capture_no_wishes_and_collectors_no_study(send, alice, cora):
    study = {"title": "党章", "minutes": 30, "kind": "self_study"}
    assert send(alice, (new_id(), "wish.draft", DRAFT)) == [("refused", "not_allowed")]
    assert send(cora, (new_id(), "study.record", study)) == [("refused", "not_allowed")]


def test_a_stranger_s_community_is_none(send, given, cora, other_branch):
    far = given(make_community, other_branch, name="远山社区")
    verdicts = send(cora, (new_id(), "wish.draft", DRAFT | {"community_id": str(far.id)}))
    assert verdicts == [("refused", "not_found")]


def test_a_draft_can_be_taken_back_until_it_is_handed_in(send, database, given, cora):
    first, second = new_id(), new_id()
    send(cora, (first, "wish.draft", DRAFT), (second, "wish.draft", DRAFT))
    given(_hand_in, cora, second)
    verdicts = send(cora, (new_id(), "withdraw", {"id": str(first)}), (new_id(), "withdraw", {"id": str(second)}))
    assert verdicts == [("accepted", None), ("refused", "not_changeable")]
    with database.read() as session:
        states = dict(session.execute(select(Wish.id, Wish.status)).all())
    assert states == {first: Status.WITHDRAWN, second: Status.TO_VERIFY}
    assert send(cora, (first, "wish.draft", DRAFT)) == [("withdrawn", "withdrawn")]


def _hand_in(session, cora, wish_id):
    intake.add_contact(
        session, cora.actor, wish_id=wish_id, contact=Contact(phone="0755 1234567"), consents={ConsentKind.ORDINARY}
    )
    intake.hand_in(session, cora.actor, wish_id=wish_id)


def test_the_page_that_records_opens_for_a_collector_who_is_no_member(client, cora, alice):
    headers = as_member(cora) | ENGLISH
    form = page(client.get("/study/new", headers=headers)).select_one("[data-kind='wish.draft'] form")
    assert form["action"] == "/wishes/desk/new"
    assert not form.select("[name=phone], [name=address]")
    refused = client.post("/study/records", data={"kind": "self_study", "minutes": "30"}, headers=headers)
    assert refused.status_code == 403
    offered = page(client.get("/study/new", headers=as_member(alice))).select_one("[data-open=wish]")
    assert offered.has_attr("hidden")
