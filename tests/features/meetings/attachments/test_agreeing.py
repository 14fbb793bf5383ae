"""An officer of one branch enters it, an officer of the other agrees, either ends it: two people of two branches."""

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import DatabaseError

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.home import own_data
from app.features.leave.rules import LeaveType
from app.features.meetings.attachments import queries, service
from app.features.meetings.attachments.models import Attachment
from app.features.meetings.attachments.rules import (
    AttachedAlreadyError,
    DaysOutOfReachError,
    NobodyOfThisNameError,
    OwnAttachmentError,
    SameBranchError,
    State,
)
from tests.features.leave.makers import approved, days
from tests.features.meetings.attachments.makers import FIRST, agree, attached, enter
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, page
from tests.races import race

BOTH = pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])


def typed(**said):
    return {"id": str(new_id()), "kind": "seconded", "first": "2026-11-02", **said}


@BOTH
def test_sam_enters_oscar_agrees_alice_reads_it_and_either_ends_it(
    client, database, sam, dora, oscar, alice, bob, headers, status
):
    said = typed(member_id=str(alice.id), branch="第二", last="2027-06-30")
    name = said["id"]
    for _twice in range(2):
        assert client.post("/attachments", data=said, headers=as_member(sam)).status_code == 303
    decision = {"decision": "approve", "ids": name, "acknowledged": "yes"}
    for officer in (sam, dora):  # the own branch has said it already
        assert client.post("/approvals/decide", data=decision, headers=as_member(officer)).status_code == 404
    shown = page(client.get(f"/approvals/{name}", headers=ENGLISH | as_member(oscar))).get_text(" ", strip=True)
    assert "Own branch 第一党支部 Takes part in 第二党支部" in shown
    assert client.post("/approvals/decide", data=decision, headers=as_member(oscar)).status_code == 303
    for reader, address in ((alice, "/attachments"), (sam, f"/members/{alice.id}"), (oscar, f"/attachments/{name}")):
        text = page(client.get(address, headers=ENGLISH | as_member(reader))).get_text(" ", strip=True)
        assert "第二党支部" in text, address
    assert "talk about whether the Party relation should move" in text
    assert client.get(f"/attachments/{name}", headers=as_member(bob)).status_code == 404
    for stranger in (bob, alice):
        assert client.post(f"/attachments/{name}/end", headers=as_member(stranger)).status_code == 403
    for officer in (oscar, sam):  # twice is once
        assert client.post(f"/attachments/{name}/end", headers=headers | as_member(officer)).status_code == status
    with database.read() as session:
        row = session.get(Attachment, UUID(name))
        assert (row.ended_on, row.ended_by_id) == (date(2026, 11, 6), oscar.id)
        kept = json.loads(own_data.as_json(session, alice.actor))["attachments"]
    assert [(one["home"], one["host"]) for one in kept] == [("第一党支部", "第二党支部")]


def test_the_host_names_who_comes_and_the_own_branch_agrees(session, sam, oscar, alice, olga):
    attachment_id = enter(session, oscar, "第一党支部", name=alice.name)
    with pytest.raises(NotFoundError):
        agree(session, oscar, attachment_id)
    assert agree(session, sam, attachment_id) == []
    assert queries.card(session, alice.actor, attachment_id).state is State.RUNNING
    with pytest.raises(NobodyOfThisNameError):
        enter(session, oscar, "第一党支部", name=olga.name)


def test_nobody_has_a_second_voice_in_it(session, other_branch, sam, dora, oscar, alice, carl):
    """Not the person, not who entered it and moved, not the committee's officer where one of the branch may."""
    with pytest.raises(OwnAttachmentError):
        enter(session, sam, "第二", sam)
    own = enter(session, oscar, "第一", name=sam.name)
    assert agree(session, sam, own) == ["own_record"]
    assert agree(session, dora, own) == []
    with pytest.raises(OwnAttachmentError):
        service.end(session, sam.actor, attachment_id=own)
    entered = enter(session, sam, "第二", alice)
    with pytest.raises(NotFoundError):
        agree(session, carl, entered)
    assert agree(session, replace(sam, actor=replace(sam.actor, branch_id=other_branch.id)), entered) == ["own_record"]


def test_where_the_only_officer_is_the_one_who_goes_the_committee_agrees(session, sam, oscar, carl):
    assert agree(session, carl, enter(session, sam, "第二", name=oscar.name)) == []


def test_what_waits_only_the_branch_that_entered_it_takes_back(session, sam, dora, oscar, alice):
    attachment_id = enter(session, sam, "第二", alice)
    with pytest.raises(NotFoundError):
        service.end(session, oscar.actor, attachment_id=attachment_id)
    service.end(session, dora.actor, attachment_id=attachment_id)
    assert agree(session, oscar, attachment_id) == ["withdrawn"]


def test_what_cannot_be_is_refused(session, sam, oscar, alice):
    attached(session, alice, sam, oscar, last=FIRST + timedelta(days=60))
    for refusal, said in (
        (SameBranchError, {"branch": "第一"}),
        (AttachedAlreadyError, {"first": FIRST + timedelta(days=60)}),
        (DaysOutOfReachError, {"first": date(2025, 9, 1)}),
        (DaysOutOfReachError, {"first": FIRST, "last": FIRST - timedelta(days=1)}),
    ):
        with pytest.raises(refusal):
            enter(session, sam, **{"branch": "第二", "person": alice, **said})
    assert enter(session, sam, "第二", alice, first=FIRST + timedelta(days=61))


def test_what_ended_before_it_began_takes_no_days_and_what_is_over_does_not_end_again(session, sam, oscar, alice):
    over = attached(session, alice, sam, oscar, last=FIRST + timedelta(days=9))
    ahead = attached(session, alice, sam, oscar, first=date(2026, 12, 1))
    for one in (over, ahead):
        service.end(session, sam.actor, attachment_id=one)
    assert queries.card(session, alice.actor, over).ended_on is None
    assert enter(session, sam, "第二", alice, first=FIRST + timedelta(days=10))


@pytest.mark.race
def test_two_officers_of_two_branches_at_one_moment_enter_it_once(database, sam, oscar, alice):
    def act(number):
        with database.write() as session:
            return enter(session, *((sam, "第二", alice) if number else (oscar, "第一")), name=alice.name)

    assert [getattr(one, "code", "entered") for one in sorted(race(2, act), key=str)].count("attached_already") == 1


def test_out_of_a_secondment_it_is_one_button(client, given, sam, dora, alice):
    leave_id = given(approved, alice, dora, days((11, 2), (12, 31)), LeaveType.SECONDMENT)
    shown = page(client.get(f"/leave/{leave_id}", headers=ENGLISH | as_member(sam)))
    address = shown.select_one("a[href^='/attachments/new']")["href"]
    form = page(client.get(address, headers=ENGLISH | as_member(sam)))
    assert form.select_one("option[selected][value='seconded']")
    assert form.select_one(f"option[selected][value='{alice.id}']")
    assert form.select_one("#last")["value"] == "2026-12-31"
    own = page(client.get(f"/leave/{leave_id}", headers=ENGLISH | as_member(alice)))
    assert own.select_one("a[href^='/attachments']") is None
    nobody = client.post("/attachments", data=typed(member_id="", branch="第二"), headers=ENGLISH | as_member(sam))
    assert "Choose who" in errors(page(nobody, 422))["member_id"]
    wrong = typed(member_id=str(alice.id), branch="第九")
    answer = client.post("/attachments", data=wrong, headers=ENGLISH | as_member(sam))
    assert "no branch" in errors(page(answer, 422))["branch"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("of_two_branches", lambda row, sam: setattr(row, "host_id", row.home_id)),
        ("ends_after_it_begins", lambda row, sam: setattr(row, "last_on", FIRST - timedelta(days=1))),
        ("by_whom_iff_ended", lambda row, sam: setattr(row, "ended_on", FIRST)),
        ("not_entered_by_oneself", lambda row, sam: setattr(row, "entered_by_id", row.member_id)),
    ],
)
def test_the_database_refuses(database, given, sam, alice, name, change):
    attachment_id = given(enter, sam, "第二", alice)
    with pytest.raises(DatabaseError, match=name), database.write() as session:
        change(session.get(Attachment, attachment_id), sam)
