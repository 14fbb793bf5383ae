"""Lines B1 and C of the sheet come from real work: a year without a loss is full, each loss is one that was lived."""

from datetime import UTC, date, datetime, timedelta

from app.features.leave import findings, service
from app.features.leave.life import Finding, LeaveDecision
from app.features.leave.rules import LeaveType, Span
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.makeups import service as makeups
from app.features.meetings.ticks.rules import How, Mark
from app.features.reviews import service as reviews
from app.features.scores.periods import Period
from app.features.scores.queries import member_sheet
from tests.features.leave.makers import approved
from tests.features.meetings.gatherings.makers import confirm, make_meeting, tick

LINES = ("B1", "C1", "C2", "C3")


def evening(day):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=10)


def test_alice_lives_a_year_without_a_loss_and_bob_does_not(session, sam, dora, alice, bob, friday):
    for month in range(1, 11):
        day = date(2026, month, 16)
        friday.move_to(evening(day))
        event_id = make_meeting(session, sam, Kind.THEME_DAY, Kind.LECTURE, day=day)
        own = {3: Mark.PRIVATE, 5: Mark.ABSENT}.get(month, Mark.PRESENT)
        tick(session, sam, event_id, but={alice: own, bob: Mark.ABSENT if month == 6 else Mark.PRESENT})
        confirm(session, dora, event_id)
        friday.move_to(evening(day + timedelta(days=2)))
        if month == 3:
            done_on = day + timedelta(days=2)
            made_up = makeups.report(
                session, alice.actor, id=event_id, event_id=event_id, done_on=done_on, how=How.TOLD
            )
            reviews.approve(session, sam.actor, [made_up.id])
        if month == 5:  # a trip that was approved only afterwards, and closed in time
            leave_id = approved(session, alice, dora, Span(day, day + timedelta(days=2)), LeaveType.OFFICIAL)
            service.close(session, alice.actor, leave_id=leave_id)
        if month == 7:
            forgotten = approved(session, bob, dora, Span(day, day + timedelta(days=3)), LeaveType.ANNUAL)
    friday.move_to(evening(date(2026, 11, 6)))
    findings.say(session, sam.actor, leave_id=forgotten, finding=Finding.UNCLOSED, verdict=LeaveDecision.CONFIRMED)
    this_year = Period(date(2026, 11, 6), is_running=True, is_closed=False)
    sheets = {one: member_sheet(session, one.actor, one.id, this_year) for one in (alice, bob)}
    assert [sheets[alice].section(one).points for one in "C"] == [sheets[alice].section("C").maximum]
    assert (sheets[alice].line("B1").points, sheets[bob].line("B1").points) == (2400, 2200)
    assert sheets[alice].line("B2").points == 450  # nine lectures, one of them made up for
    assert sheets[bob].section("C").points < sheets[alice].section("C").points
