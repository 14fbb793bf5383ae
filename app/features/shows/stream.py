"""The three shows 三亮 (identity, pledges, duty list), as the house knows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.cards import service as public_cards
from app.features.shows.duties import coverage as branch_duties
from app.features.shows.duties import queries as duties
from app.features.shows.duties import recurrence
from app.features.shows.duties.captures import DUTY_PROGRESS
from app.features.shows.duties.due import DUE
from app.features.shows.duties.review_kind import DUTY
from app.features.shows.duties.rules import DutyState
from app.features.shows.duties.view import ShownDuty
from app.features.shows.own_data import SECTIONS
from app.features.shows.pledges import coverage as branch_pledges
from app.features.shows.pledges import queries as pledges
from app.features.shows.pledges.calendar import year_is_open
from app.features.shows.pledges.due import PLEDGES
from app.features.shows.pledges.progress import PLEDGE_PROGRESS
from app.features.shows.pledges.review_kinds import OUTCOME, PLEDGE
from app.features.shows.pledges.view import ShownPledge
from app.features.stream import OwnPage, Stream, SweepStep, in_one_unit


def lists(session: Session, actor: Actor) -> Mapping[str, Any]:
    """The actor's open pledges and duties."""
    if not actor.may(Permission.BE_MEMBER):
        return {"pledges": [], "duties": []}
    today = clock.today()
    years = [year for year in (today.year - 1, today.year) if year_is_open(year, today)]
    standing = [pledge for year in years for pledge in pledges.of_member(session, actor.member_id, year)]
    mine = duties.mine(session, actor)
    return {
        "pledges": [_pledge(pledge) for pledge in standing if pledge.is_open],
        "duties": [_duty(duty) for duty in (*mine.overdue, *mine.soon, *mine.later)],
    }


def _pledge(pledge: ShownPledge) -> dict[str, Any]:
    said = pledge.latest
    last = f"{said.label} · {formats.short_day(clock.local_day(said.said_at))}" if said else None
    about = f"{pledge.side.label} · {gettext('by %(day)s') % {'day': formats.short_day(pledge.due_on)}}"
    return _row(pledge.id, pledge.text, about, pledge.due_on, last)


def _duty(duty: ShownDuty) -> dict[str, Any]:
    about = f"{duty.kind.label} · {gettext('due %(day)s') % {'day': formats.short_day(duty.due_on)}}"
    last = None if duty.state is DutyState.OPEN else str(duty.state_label)
    return _row(duty.id, duty.matter, about, duty.due_on, last)


def _row(row_id: object, title: str, about: str, due_on: object, last: str | None) -> dict[str, Any]:
    return {"id": str(row_id), "title": title, "about": about, "due_on": str(due_on), "last": last}


def _continue_duties(session: Session, now: datetime) -> int:
    return recurrence.continue_series(session, today=clock.local_day(now))


_BRANCH: Final = _("your branch")
SHOWS: Final = Stream(
    name="shows",
    routes=(
        "app.features.shows.cards.routes",
        "app.features.shows.duties.imports.routes",
        "app.features.shows.duties.routes",
        "app.features.shows.pledges.routes",
        "app.features.shows.pledges.telling.routes",
        "app.features.shows.pledges.branch.routes",
        "app.features.shows.wall.routes",
    ),
    review_kinds=(DUTY, PLEDGE, OUTCOME),
    captures=(PLEDGE_PROGRESS, DUTY_PROGRESS),
    reminders=(DUE, PLEDGES),
    lists=lists,
    queues=lambda session, actor, today: (
        *branch_duties.queues(session, actor, today),
        *branch_pledges.queues(session, actor, today),
    ),
    week=lambda session, actor, today: (
        *branch_pledges.week(session, actor, today),
        *branch_duties.week(session, actor, today),
    ),
    pages=(OwnPage("/shows", "sun", _("Shows"), is_tab=True),),
    own_data=SECTIONS,
    purposes={
        "pledges": Purpose(_("Pledges and duties"), _BRANCH, _("so that others know what you stand for")),
        "card": Purpose(
            _("What else your card tells"),
            _("your branch, or whom you have chosen"),
            _("so that others know you, and whom to ask"),
        ),
    },
    sweep=(
        SweepStep(
            _("Portraits and cards of people who left a year ago, erased: %(number)s."),
            in_one_unit(public_cards.forget_leavers),
            erases=True,
        ),
        SweepStep(_("Duties that come again, made: %(number)s."), in_one_unit(_continue_duties)),
    ),
)
