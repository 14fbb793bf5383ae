"""Minutes: one text an item, which two writers cannot lose, and which only those read whom it concerns."""

import pytest
from sqlalchemy.exc import DatabaseError

from app.features.meetings.attendance.rules import Kind
from app.features.meetings.minutes import lecture, service
from app.features.meetings.minutes.models import Minutes
from app.features.meetings.ticks.service import cancel_meeting
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from tests.features.meetings.gatherings.makers import FRIDAY, facts_of, make_meeting, tick
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page
from tests.races import race

TEXT = "<b>学习</b> 🙂\n讨论"


def write(session, by, event_id, kind=Kind.MEMBERS_MEETING, version=0, **said):
    said = {"topic": None, "text": TEXT, "chair_id": None, "recorder_id": None, "speaker": None, **said}
    service.write_minutes(session, by.actor, event_id=event_id, kind=kind, version=version, **said)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_sam_writes_the_minutes_of_an_item_and_alice_reads_them_as_text(
    client, given, sam, alice, olga, carl, headers, status
):
    event_id = given(make_meeting, sam, Kind.LECTURE, Kind.MEMBERS_MEETING)
    address = f"/meetings/{event_id}/minutes/lecture"
    form = {
        "version": "0",
        "topic": "党课",
        "text": TEXT.replace("\n", "\r\n"),
        "speaker": "康立",
        "chair_id": str(alice.id),
    }
    for _ in range(2):  # twice is once
        answer = client.post(address, data=form, headers=headers | as_member(sam))
        assert answer.status_code in (status, 204)
    read = page(client.get(address, headers=ENGLISH | as_member(alice)))
    assert read.select_one("p.said").get_text() == TEXT
    assert not read.select("form[action*=minutes]")
    shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(alice))).select_one("#minutes")
    assert "党课" in shown.get_text()
    assert "not written yet" not in shown.get_text()
    assert client.post(address, data=form, headers=as_member(alice)).status_code == 404
    for stranger in (olga, carl):
        assert client.get(address, headers=as_member(stranger)).status_code == 404
    assert client.get(f"/meetings/{event_id}/minutes/group", headers=as_member(sam)).status_code == 404
    filled = page(client.get(address, headers=ENGLISH | as_member(sam)))
    assert filled.select_one("[name=version]")["value"] == "1"
    assert "8 of at most 4000 characters".replace("8", str(len(TEXT))) in filled.get_text()


def test_of_two_writers_the_second_sees_both_texts_and_loses_none(client, given, sam, dora):
    event_id = given(make_meeting, sam)
    address = f"/meetings/{event_id}/minutes/members_meeting"
    given(write, sam, event_id, text="书记记的")
    form = {"version": "0", "text": "副书记记的"}
    shown = page(client.post(address, data=form, headers=ENGLISH | as_member(dora)), 409)
    assert shown.select_one("textarea[name=text]").get_text() == "副书记记的"
    assert "书记记的" in shown.select_one("#stands").get_text()
    both = form | {"version": shown.select_one("[name=version]")["value"], "text": "书记记的；副书记记的"}
    assert client.post(address, data=both, headers=as_member(dora)).status_code == 303
    long = page(
        client.post(address, data={"version": "2", "text": "长" * 4001}, headers=ENGLISH | as_member(dora)), 422
    )
    assert len(long.select_one("textarea[name=text]").get_text()) == 4001
    nothing = client.post(address, data={"version": "2"}, headers=ENGLISH | as_member(dora))
    assert "what was said" in page(nothing, 422).get_text()


def test_two_who_save_at_one_moment_are_told_of_each_other(database, given, sam, dora):
    event_id = given(make_meeting, sam)

    def save(number):
        with database.write() as session:
            write(session, (sam, dora)[number], event_id, text=f"第{number}份")

    assert [getattr(one, "code", None) for one in race(2, save)].count("written_meanwhile") == 1


def test_minutes_of_the_committee_are_its_own_and_a_leader_writes_those_of_the_own_group(
    client, given, sam, dora, alice, bob, branch, group
):
    given(make_member, branch, "欧组", roles=(Role.ORGANISATION,))
    leader = given(make_member, branch, "吕长", roles=(Role.GROUP_LEADER,), at=group, group=group)
    committee = given(make_meeting, sam, Kind.COMMITTEE)
    given(write, sam, committee, Kind.COMMITTEE)
    assert client.get(f"/meetings/{committee}/minutes/committee", headers=as_member(dora)).status_code == 200
    assert client.get(f"/meetings/{committee}/minutes/committee", headers=as_member(alice)).status_code == 404
    of_group = given(make_meeting, leader, Kind.GROUP, group_id=group.id)
    given(write, leader, of_group, Kind.GROUP)
    assert client.get(f"/meetings/{of_group}/minutes/group", headers=as_member(bob)).status_code == 200
    members = given(make_meeting, sam)
    address = f"/meetings/{members}/minutes/members_meeting"
    assert client.post(address, data={"text": "组长"}, headers=as_member(leader)).status_code == 404


def test_a_cancelled_meeting_has_no_minutes_and_the_database_wants_words(database, given, sam):
    event_id = given(make_meeting, sam)
    with pytest.raises(DatabaseError, match="says_something"), database.write() as session:
        session.add(Minutes(event_id=event_id, kind=Kind.LECTURE, text=" ", written_by_id=sam.id))
    with database.write() as session:
        cancel_meeting(session, sam.actor, event_id=event_id, reason="改期")
    with pytest.raises(service.NotHeldError), database.write() as session:
        write(session, sam, event_id)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_lecture_of_a_member_counts_once_when_another_officer_has_said_so(
    client, database, given, branch, sam, dora, alice, bob, olga, headers, status
):
    event_id = given(make_meeting, sam, Kind.LECTURE)
    address = f"/meetings/{event_id}/lecture"
    assert (
        client.post(address, data={"member_id": str(dora.id)}, headers=as_member(sam)).status_code == 404
    )  # too early
    given(tick, sam, event_id)
    for whom, expected in ((olga, 409), (dora, status), (dora, status), (bob, 409)):
        answer = client.post(address, data={"member_id": str(whom.id)}, headers=headers | as_member(sam))
        assert answer.status_code == expected
    assert client.post(address, data={"member_id": str(bob.id)}, headers=as_member(alice)).status_code == 404
    with database.read() as session:
        review_id = lecture.standing(session, event_id).id
    with database.write() as session:
        refused = reviews.approve(session, dora.actor, [review_id]).refused  # the speaker's own
        assert len(refused) == 1
    other = given(make_member, branch, "欧组", roles=(Role.ORGANISATION,))
    with database.write() as session:
        assert reviews.approve(session, other.actor, [review_id]).done
        assert facts_of(session, dora) == [("bonus.lecture", FRIDAY)]
    assert client.get(f"/meetings/lectures/{review_id}", headers=as_member(dora)).status_code == 303
    assert client.get(f"/meetings/lectures/{review_id}", headers=as_member(olga)).status_code == 404
    with database.write() as session:
        decision_id = session.get_one(Review, review_id).decision_id
        reviews.undo(session, other.actor, decision_id=decision_id)
        assert facts_of(session, dora) == []
