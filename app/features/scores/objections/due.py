"""Objections on the page of today and in polite reminders: who answers by when, and what a member does then."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import Date, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.notices.sources import DueLine, Reminder, ReminderSource, Taps
from app.features.scores.objections import deciders, queries, view
from app.features.scores.objections.models import Objection
from app.features.scores.objections.queries import IS_PENDING
from app.features.scores.objections.rules import WAITING, State, called
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import Period
from app.features.stream import Queue

TOLD_FOR: Final = timedelta(days=14)
"""How long a member is told of what was decided; the own list says it for good."""
_DAY: Final = bindparam("day", type_=Date())
_OPEN: Final = (
    deciders.CASES.add_columns(Objection.answer_by, Objection.decide_by, Objection.year, Objection.number)
    .where(Objection.state.in_(WAITING))
    .order_by(Objection.id)
)
_TOLD: Final = (
    select(
        Objection.id,
        Objection.member_id,
        Objection.state,
        Objection.year,
        Objection.number,
        Objection.answer_by,
        Objection.escalate_until,
    )
    .where(
        or_(
            (Objection.state == State.ANSWERED) & (Objection.escalate_until >= _DAY),
            (Objection.state == State.FILED) & (Objection.answer_by < _DAY),
            (Objection.state == State.DECIDED)
            & (Objection.decided_at >= bindparam("since", type_=Objection.decided_at.type)),
            (Objection.state == State.DECLINED)
            & (Objection.taken_at >= bindparam("since", type_=Objection.taken_at.type)),
        )
    )
    .order_by(Objection.id)
)

NEWS_FOR: Final = timedelta(days=14)
"""After that nobody needs to hear it."""
_SETTLED_DAY: Final = bindparam("day", type_=Date())
_SETTLED: Final = (
    select(Publicity.id, Publicity.year, Publicity.quarter, Publicity.objections_until, Member.id.label("member_id"))
    .join(Member, Member.branch_id == Publicity.branch_id)
    .where(
        Publicity.withdrawn_at.is_(None),
        Publicity.quarter.is_not(None),  # of the year people hear when they are asked to sign
        Publicity.objections_until < _SETTLED_DAY,
        Publicity.objections_until >= bindparam("since", type_=Date()),
        or_(Member.left_on.is_(None), Member.left_on > _SETTLED_DAY),
        ~exists().where(Objection.member_id == Member.id, Objection.year == Publicity.year, IS_PENDING),
    )
)


def queues(session: Session, actor: Actor) -> Iterator[Queue]:
    """What waits for the actor's word."""
    if rows := queries.to_answer(session, actor):
        by = queries.day_of(rows[0])
        words = _("The first by %(day)s") % {"day": formats.short_day(by)} if by else _("late ones")
        late = by is not None and by < clock.today()
        yield Queue(_("Objections to answer"), len(rows), "/objections", words, is_late=late)


def _lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    for row in queries.mine_to_say(session, actor, today):
        taps = Taps(
            f"/objections/{row.id}/say",
            kind="",
            subject=row.id,
            called=lazy_gettext("Objection"),
            choices=view.member_steps(row, today),
            sends={},
        )
        title = _("Objection %(number)s") % {"number": called(row.year, row.number)}
        yield DueLine(
            row.escalate_until or today,
            _("%(label)s: %(sentence)s")
            % {"label": title, "sentence": row.outcome.label if row.outcome else _("not answered in time")},
            view.by(row) if row.outcome else _("You can take it further now."),
            f"/objections/{row.id}",
            is_late=False,
            taps=taps,
            about=_("Objection"),
        )


def _due_for_anybody(session: Session, now: datetime) -> Sequence[Reminder]:
    """Four statements."""
    today = clock.local_day(now)
    cases = session.execute(_OPEN).all()
    able = deciders.answerers(session, cases)
    told = session.execute(_TOLD, {"day": today, "since": now - TOLD_FOR})
    return [
        *(
            Reminder(
                member_id=person,
                subject_id=case.id,
                address=f"/objections/{case.id}",
                details={"number": called(case.year, case.number), "state": case.state, "by": _iso(case)},
            )
            for case in cases
            for person in sorted(able[case.id])
        ),
        *(
            Reminder(
                member_id=row.member_id,
                subject_id=uuid5(row.id, row.state),
                address=f"/objections/{row.id}",
                details={
                    "number": called(row.year, row.number),
                    "state": "silent" if row.state is State.FILED else row.state,
                    "by": row.escalate_until.isoformat() if row.escalate_until else None,
                },
                until=row.escalate_until if row.state is State.ANSWERED else None,
                once=True,
            )
            for row in told
        ),
    ]


def _iso(case: Any) -> str | None:
    day = case.decide_by if case.state is State.ESCALATED else case.answer_by
    return day.isoformat() if day else None


def _words(details: Mapping[str, Any]) -> str:
    said = {"number": details["number"]}
    if details["by"]:
        said["day"] = formats.short_day(date.fromisoformat(details["by"]))
    match details["state"]:
        case State.FILED | State.ESCALATED:
            return _("Objection %(number)s waits for your answer by %(day)s") % said
        case State.LATE:
            return _("A late objection, %(number)s, waits to be taken up or not") % said
        case State.ANSWERED:
            return _("Your objection %(number)s is answered; it can be taken further until %(day)s") % said
        case "silent":
            return _("Your objection %(number)s was not answered in time; you can take it further") % said
        case _:
            return _("Your objection %(number)s has been decided") % said


OBJECTIONS: Final = ReminderSource(
    name="objection",
    label=lazy_gettext("Objections to answer, and answers to your own"),
    due=_due_for_anybody,
    words=_words,
    lines=_lines,
    is_listed=lambda details: details["state"] in (State.ANSWERED, "silent", State.FILED, State.LATE, State.ESCALATED),
)


def _due(session: Session, now: datetime) -> list[Reminder]:
    """One statement."""
    today = clock.local_day(now)
    return [
        Reminder(
            member_id=row.member_id,
            subject_id=row.id,
            address=f"/sheet/{row.year}?through={row.year}-{3 * row.quarter:02}",
            details={"year": row.year, "quarter": row.quarter},
            until=row.objections_until + NEWS_FOR,
            once=True,
        )
        for row in session.execute(_SETTLED, {"day": today, "since": today - NEWS_FOR})
    ]


def _settled_words(details: Mapping[str, Any]) -> str:
    return _("%(period)s: the publicity and the days for objections are over. Your sheet shows how it stands.") % {
        "period": Period(details["year"], details["quarter"]).words
    }


SETTLED: Final = ReminderSource(
    name="publicity.settled", label=lazy_gettext("Quarters that are settled"), due=_due, words=_settled_words
)
