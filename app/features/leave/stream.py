"""Leave and travel 请假报备, as the house knows it."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, aliased

from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.leave import queries, service
from app.features.leave.due import DUE
from app.features.leave.findings import WORDS
from app.features.leave.life import TripCheck
from app.features.leave.models import Leave, LeaveFinding
from app.features.leave.review_kind import LEAVE as REQUEST
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.said import SaidLine
from app.features.stream import OwnPage, Queue, Stream, SweepStep, in_one_unit

_By = aliased(Member)


def _queues(session: Session, actor: Actor, today: date) -> Iterator[Queue]:
    if missed := queries.missed(session, actor, today):
        yield Queue(gettext("Leaves not closed in time"), len(missed), "/leave/branch")


def _said(session: Session, actor: Actor, member_id: UUID) -> Iterator[SaidLine]:
    """Kind and days, for the member and the officers of the branch."""
    for leave in queries.said_of(session, actor, member_id):
        yield SaidLine(
            REQUEST.label, str(leave.leave.label), f"{leave.dates} · {leave.state.label}", f"/leave/{leave.id}"
        )


LEAVE: Final = Stream(
    name="leave",
    routes=("app.features.leave.routes",),
    review_kinds=(REQUEST,),
    fact_sources=(WORDS,),
    reminders=(DUE,),
    queues=_queues,
    of_member=_said,
    pages=(OwnPage("/leave", "flag", REQUEST.label),),
    own_data=(
        section(
            "leaves",
            _("Leave"),
            {
                Leave.id: _("Id"),
                Leave.leave: _("Kind"),
                Leave.first_on: _("From"),
                Leave.first_half: _("From which part of the day"),
                Leave.last_on: _("Until"),
                Leave.last_half: _("Until which part of the day"),
                Leave.destination: _("City"),
                Leave.stand_in: _("Stands in"),
                Leave.approval: _("Approval"),
                Leave.approved_by: _("Approved by"),
                Leave.due_on: _("To be closed by"),
                Leave.ended_as: _("Closed or cancelled"),
                Leave.ended_on: _("Ended"),
                Leave.returned_on: _("Back on"),
                Leave.checks: _("Ticks before the trip"),
            },
            mine=Leave.member_id,
            by=(Leave.first_on, Leave.id),
            words={"checks": lambda checks: str(_(", ")).join(str(TripCheck(check).label) for check in checks)},
        ),
        section(
            "leave_findings",
            _("What officers said about leaves"),
            {
                LeaveFinding.finding: _("What"),
                LeaveFinding.verdict: _("State"),
                LeaveFinding.occurred_on: _("Day"),
                _By.name.label("said_by"): _("The officer"),
                LeaveFinding.said_at: _("When"),
                LeaveFinding.taken_back_at: _("Taken back"),
            },
            joined=lambda rows: rows.join(_By, _By.id == LeaveFinding.said_by_id),
            mine=LeaveFinding.member_id,
            by=(LeaveFinding.id,),
        ),
    ),
    sweep=(
        SweepStep(
            _("City and stand-in of leaves of people who left a year ago, erased: %(number)s."),
            in_one_unit(service.forget_leavers),
            erases=True,
        ),
    ),
    purposes={
        "leaves": Purpose(
            _("Leave and trips: kind, days, city"),
            _("you and the officers of your branch; others read only that you are on leave"),
            _("so that nobody takes you for absent; days away are never points"),
        )
    },
)
