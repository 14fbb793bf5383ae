"""Who is expected is written down with the plan, and follows those who move by the day of the meeting."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import expected, queries
from app.features.meetings.events.models import MeetingExpected
from app.features.meetings.ticks.rules import Mark, MarkNotOfferedError, NotExpectedHereError
from app.features.meetings.ticks.service import record_attendance
from app.features.members import service as members
from app.features.members.exemptions import service as exemptions
from app.features.members.models import Member
from app.features.members.posts.service import give_post
from app.features.members.rules import ExemptionKind, Role
from tests.features.meetings.gatherings.makers import (
    AFTERWARDS,
    BEFORE,
    confirm,
    facts_of,
    make_meeting,
    names,
    review_of,
    tick,
)
from tests.makers import as_member, make_group, make_member

FRIDAY_NOON = datetime(2026, 11, 6, 4, 0, tzinfo=UTC)


def test_the_committee_or_a_group_alone_is_expected(session, branch, group, sam, dora, alice, bob):
    org = make_member(session, branch, "组织委员", roles=(Role.ORGANISATION,))
    other = make_group(session, branch, "第二党小组")
    eva = make_member(session, branch, "二组人", group=other)
    assert names(session, make_meeting(session, sam, Kind.COMMITTEE), sam) == {sam.id, dora.id, org.id}
    assert names(session, make_meeting(session, sam, Kind.GROUP, group_id=group.id), sam) == {alice.id, bob.id}
    assert names(session, make_meeting(session, sam, Kind.GROUP), sam) == {alice.id, bob.id, eva.id}
    assert eva.id in names(session, make_meeting(session, sam, Kind.THEME_DAY, Kind.GROUP), sam)


@pytest.mark.parametrize(
    "moves_on", [BEFORE + timedelta(days=1), AFTERWARDS + timedelta(days=1)], ids=["before", "after"]
)
def test_a_transfer_between_planning_and_ticking(
    session, friday, committee, branch, other_branch, sam, alice, olga, moves_on
):
    root = make_member(session, other_branch, "管理员", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    friday.move_to(BEFORE)
    event_id = make_meeting(session, sam)
    friday.move_to(moves_on)
    members.move_member(session, root.actor, member_id=alice.id, branch_id=other_branch.id)
    members.move_member(session, root.actor, member_id=olga.id, branch_id=branch.id)
    session.flush()
    friday.move_to(AFTERWARDS + timedelta(days=2))
    was_there, came = (olga, alice) if moves_on < AFTERWARDS else (alice, olga)
    assert {was_there.id, came.id} & names(session, event_id, sam) == {was_there.id}
    tick(session, sam, event_id, but={was_there: Mark.ABSENT})
    assert review_of(session, event_id, was_there).branch_id == branch.id
    row = session.get(MeetingExpected, (event_id, came.id))
    assert row is None or row.is_gone


def test_exempt_members_are_invited_and_never_absent(session, friday, sam, dora, alice):
    friday.move_to(BEFORE)
    exemptions.exempt_member(session, sam.actor, member_id=alice.id, kind=ExemptionKind.AGE, starts_on=BEFORE.date())
    event_id = make_meeting(session, sam)
    friday.move_to(AFTERWARDS)
    with pytest.raises(MarkNotOfferedError):
        tick(session, sam, event_id, but={alice: Mark.ABSENT})
    tick(session, sam, event_id, but={alice: Mark.NOT_EXPECTED})
    confirm(session, dora, event_id)
    assert facts_of(session, alice) == []


def test_somebody_of_another_branch_is_not_ticked(session, sam, olga):
    event_id = make_meeting(session, sam)
    with pytest.raises(NotExpectedHereError):
        record_attendance(session, sam.actor, event_id=event_id, seen=1, marks={olga.id: Mark.PRESENT})


def test_who_came_reads_of_what_is_planned_and_who_went_no_more(
    client, database, given, friday, committee, branch, other_branch, sam, bob, alice, olga
):
    friday.move_to(BEFORE)
    root = given(make_member, other_branch, "管理员", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    given(make_member, branch, "组织委员", roles=(Role.ORGANISATION,))
    of_all, of_committee = given(make_meeting, sam), given(make_meeting, sam, Kind.COMMITTEE)
    friday.shift(timedelta(days=1))
    assert expected.bring_coming_along(database, clock.now()) == 0
    given(members.move_member, root.actor, member_id=alice.id, branch_id=other_branch.id)
    given(members.move_member, root.actor, member_id=olga.id, branch_id=branch.id)
    given(give_post, root.actor, member_id=bob.id, role=Role.PUBLICITY, starts_on=clock.today())
    assert expected.bring_coming_along(database, clock.now()) == 2
    read = {
        (who, event_id): client.get(f"/meetings/{event_id}", headers=as_member(person)).status_code
        for who, person in (("went", alice), ("came", olga), ("given a post", bob))
        for event_id in (of_all, of_committee)
    }
    assert [read[who, of_all] for who in ("went", "came", "given a post")] == [404, 200, 200]
    assert [read[who, of_committee] for who in ("went", "came", "given a post")] == [404, 404, 200]


def test_until_the_day_is_over_it_is_as_the_branch_is_then_as_it_was(
    database, given, friday, branch, group, sam, alice
):
    friday.move_to(BEFORE)
    event_id = given(make_meeting, sam, Kind.GROUP, group_id=group.id)
    eva = given(make_member, branch, "新来", group=group)
    given(move_into, alice, None)
    friday.move_to(FRIDAY_NOON)
    assert expected.bring_all_along(database, clock.now() + timedelta(hours=3)) == 1
    given(move_into, alice, group)
    given(move_into, eva, None)
    friday.move_to(AFTERWARDS + timedelta(days=3))
    with database.read() as session:
        there = names(session, event_id, sam)
    assert eva.id in there
    assert alice.id not in there


def test_who_was_exempted_between_planning_and_meeting_is_invited(session, friday, sam, alice):
    friday.move_to(BEFORE)
    event_id = make_meeting(session, sam)
    exemptions.exempt_member(session, sam.actor, member_id=alice.id, kind=ExemptionKind.LEAVE, starts_on=BEFORE.date())
    friday.move_to(AFTERWARDS + timedelta(days=3))
    there = expected.current(session, queries.whole(session, sam.actor, event_id))
    assert [member for member, one in there.items() if one.is_exempt] == [alice.id]


def move_into(session, person, group):
    session.get_one(Member, person.id).group_id = group and group.id
