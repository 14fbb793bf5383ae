"""Whoever is expected reads of a meeting on the page of today, is reminded once, and told what was changed."""

from datetime import date, time, timedelta

import pytest

from app.core import clock
from app.features.meetings import due
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import service
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.ticks.service import cancel_meeting
from app.features.members.rules import Role
from app.features.notices import service as notices
from tests.features.meetings.gatherings.makers import AFTERWARDS, BEFORE, confirm, make_meeting, tick
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

MORNING = BEFORE + timedelta(days=2)
"""Thursday, 10 o'clock."""


def today_of(client, person):
    return page(client.get("/", headers=ENGLISH | as_member(person))).select_one("main").get_text(" ", strip=True)


def test_a_meeting_of_tomorrow_is_a_thing_to_do_a_later_one_to_know(client, given, friday, sam, alice, olga):
    friday.move_to(MORNING)
    given(make_meeting, sam, title="本周大会", place="三楼会议室")
    given(make_meeting, sam, title="下周党课", day=date(2026, 11, 13))
    said = today_of(client, alice)
    assert "Meeting 本周大会 Friday 6 November 14:30 · 三楼会议室" in said
    assert said.index("本周大会") < said.index("Coming next") < said.index("下周党课")
    assert "本周大会" not in today_of(client, olga)


def test_a_committee_meeting_is_on_no_other_page(client, given, friday, branch, sam, alice):
    friday.move_to(MORNING)
    given(make_member, branch, "组织委员", roles=(Role.ORGANISATION,))
    event_id = given(make_meeting, sam, Kind.COMMITTEE, title="研究党费")
    assert client.get(f"/meetings/{event_id}", headers=as_member(alice)).status_code == 404
    assert "研究党费" in today_of(client, sam)
    assert "研究党费" not in today_of(client, alice)
    assert "研究党费" not in page(client.get("/today/text", headers=as_member(sam))).get_text()
    assert "研究党费" not in page(client.get("/meetings", headers=as_member(alice))).get_text()


def raised(session, source):
    return notices.raise_due(session, source, clock.now())


def test_each_is_reminded_once_and_again_only_of_another_day(session, friday, sam):
    friday.move_to(MORNING)
    event_id = make_meeting(session, sam)
    assert raised(session, due.COMING) == 4
    friday.move_to(MORNING + timedelta(hours=5))
    assert raised(session, due.COMING) == 0
    moved = {"kinds": [Kind.MEMBERS_MEETING], "day": date(2026, 11, 9)}
    service.change_meeting(session, sam.actor, event_id=event_id, begins=time(14, 30), ends=time(16, 30), **moved)
    friday.move_to(MORNING + timedelta(days=1, hours=6))
    assert raised(session, due.COMING) == 4


def test_who_organised_is_asked_and_reminded_politely_a_day_later(client, database, given, friday, sam, alice):
    given(make_meeting, sam, title="本周大会")
    assert "Record who was there" in today_of(client, sam)
    assert "本周大会" not in today_of(client, alice)
    with database.write() as session:
        assert raised(session, due.TO_RECORD_SOURCE) == 0
    friday.move_to(AFTERWARDS + timedelta(days=2, hours=16))  # Monday morning
    with database.write() as session:
        assert raised(session, due.TO_RECORD_SOURCE) == 1


@pytest.mark.usefixtures("english")
def test_a_correction_and_a_cancellation_are_told_once_to_whom_they_concern(session, friday, sam, dora, alice):
    friday.move_to(AFTERWARDS + timedelta(days=2, hours=16))
    event_id = make_meeting(session, sam, title="本周大会", reason="补")
    tick(session, sam, event_id, but={alice: Mark.ABSENT})
    confirm(session, dora, event_id)
    assert due.news_for_all(session, clock.now()) == []
    tick(session, sam, event_id, "出差", but={alice: Mark.OFFICIAL})
    assert due.news_for_all(session, clock.now()) == []  # nothing is changed before it is confirmed
    confirm(session, dora, event_id)
    (told,) = due.news_for_all(session, clock.now())
    assert told.member_id == alice.id
    assert "was corrected: official trip" in due.news_words(told.details)
    assert raised(session, due.NEWS) == 1
    assert raised(session, due.NEWS) == 0
    ahead = make_meeting(session, sam, title="下周党课", day=date(2026, 11, 20))
    cancel_meeting(session, sam.actor, event_id=ahead, reason="与全市会议冲突")
    session.flush()
    assert raised(session, due.NEWS) == 4
    said = [due.news_words(one.details) for one in due.news_for_all(session, clock.now()) if one.subject_id == ahead]
    assert said[0].endswith("is not held: 与全市会议冲突")


def test_the_text_for_the_group_chat_names_the_meetings_of_the_week(client, given, friday, sam):
    friday.move_to(MORNING)
    given(make_meeting, sam, title="本周大会", place="三楼会议室")
    assert "本周大会 · Friday 6 November 14:30 · 三楼会议室" in page(
        client.get("/today/text", headers=ENGLISH | as_member(sam))
    ).get_text(" ", strip=True)
