"""Duties remind politely: who is responsible, while there is something to do, and no longer."""

from datetime import date

import pytest
from sqlalchemy import select

from app.core import clock
from app.features.notices import queries as notices
from app.features.notices import service as notice_service
from app.features.notices.models import RaisedReminder
from app.features.notices.rules import ReminderState
from app.features.shows.duties import service
from app.features.shows.duties.due import DUE, due_for_all
from app.features.shows.duties.rules import DutyResult
from tests.features.shows.duties.makers import make_duty, report

SOON = date(2026, 3, 12)


def reminded(session):
    return {(one.member_id, one.subject_id) for one in due_for_all(session, clock.now())}


def sweep(session):
    return notice_service.raise_due(session, DUE, clock.now())


def test_what_is_due_soon_or_late_reminds_who_is_responsible(session, alice, bob, sam, monday):
    soon = make_duty(session, alice, due_on=SOON)
    late = make_duty(session, alice, due_on=date(2026, 3, 2))
    make_duty(session, alice, due_on=date(2026, 3, 17))
    make_duty(session, alice, due_on=date(2026, 1, 9))  # forgotten: the officers' matter
    handed = make_duty(session, alice, due_on=SOON, matter="值班表")
    service.hand_over(session, sam.actor, duty_id=handed, to_id=bob.id, starts_on=date(2026, 3, 9))
    reported = make_duty(session, alice, due_on=SOON)
    report(session, alice, reported)
    assert reminded(session) == {(alice.id, soon), (alice.id, late), (bob.id, handed)}


def test_the_sentence_is_kind(session, alice, english):
    make_duty(session, alice, due_on=SOON, matter="值班表")
    make_duty(session, alice, due_on=date(2026, 3, 2), matter="旧事")
    sentences = sorted(DUE.words(one.details) for one in due_for_all(session, clock.now()))
    assert sentences[0].startswith("“值班表” is due on Thursday 12 March")
    assert "if it is stuck, say that" in sentences[1]


@pytest.mark.parametrize("act", ["done", "cancelled", "handed over", "moved"])
def test_what_was_done_takes_its_reminder_back_at_once(session, alice, bob, sam, act):
    duty_id = make_duty(session, alice, by=sam, due_on=SOON)
    assert sweep(session) == 1
    match act:
        case "done":
            report(session, alice, duty_id, DutyResult.DONE)
        case "cancelled":
            service.cancel(session, sam.actor, duty_id=duty_id, reason="发错了")
        case "handed over":
            service.hand_over(session, sam.actor, duty_id=duty_id, to_id=bob.id, starts_on=date(2026, 3, 9))
        case _:
            service.move_due_day(session, sam.actor, duty_id=duty_id, due_on=date(2026, 4, 9))
    session.expire_all()
    assert session.scalars(select(RaisedReminder.state)).all() == [ReminderState.SETTLED]
    assert notices.shown(session, alice.actor) == []


def test_nobody_is_reminded_twice_in_three_days(session, alice, monday):
    make_duty(session, alice, due_on=SOON)
    assert [sweep(session), sweep(session)] == [1, 0]
    monday.move_to("2026-03-12 02:00:01Z")
    assert sweep(session) == 1
