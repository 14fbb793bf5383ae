"""Everything that was ever said and changed about one duty, oldest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core import formats
from app.core.i18n import gettext as _
from app.core.rows import AnyRow
from app.features.history.service import Happened
from app.features.history.service import history as happenings
from app.features.members.models import Member
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty, DutyHandOver, DutyOutcome, DutyProgress
from app.features.shows.duties.rules import ChangeKind, DutyResult, DutySource, Repeat

_By, _Decider = aliased(Member), aliased(Member)
_DUTY: Final = bindparam("duty", type_=Uuid())
_MADE: Final = (
    select(Duty.made_at.label("at"), Duty.source, Member.name, _By.name.label("by"))
    .join(Member, Member.id == Duty.member_id)
    .join(_By, _By.id == Duty.made_by_id)
    .where(Duty.id == _DUTY)
)
_HAND_OVERS: Final = (
    select(
        DutyHandOver.recorded_at.label("at"),
        DutyHandOver.starts_on,
        DutyHandOver.ends_on,
        DutyHandOver.reason,
        Member.name,
        _By.name.label("by"),
    )
    .join(Member, Member.id == DutyHandOver.to_id)
    .join(_By, _By.id == DutyHandOver.recorded_by_id)
    .where(DutyHandOver.duty_id == _DUTY)
)
_PROGRESS: Final = (
    select(DutyProgress.said_at.label("at"), DutyProgress.state, DutyProgress.note, Member.name, _By.name.label("by"))
    .join(Member, Member.id == DutyProgress.member_id)
    .join(_By, _By.id == DutyProgress.recorded_by_id)
    .where(DutyProgress.duty_id == _DUTY)
)
_OUTCOMES: Final = (
    select(
        DutyOutcome.id,
        DutyOutcome.recorded_at.label("at"),
        DutyOutcome.result,
        DutyOutcome.sentence,
        DutyOutcome.ended_on,
        Member.name,
        _By.name.label("by"),
        Review.status,
        Review.reason,
        Review.decided_at,
        _Decider.name.label("decided_by"),
    )
    .join(Review, Review.id == DutyOutcome.id)
    .join(Member, Member.id == DutyOutcome.member_id)
    .join(_By, _By.id == DutyOutcome.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
    .where(DutyOutcome.duty_id == _DUTY)
)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history, in words."""

    at: datetime
    by: str
    """Who said, changed or decided it."""
    text: str
    words: str | None = None
    """The sentence somebody added."""


def history(session: Session, duty_id: UUID) -> list[Event]:
    """The history of a duty, for whoever may open it: five statements."""
    events = [
        *(_made(row) for row in _rows(session, _MADE, duty_id)),
        *(_handed_over(row) for row in _rows(session, _HAND_OVERS, duty_id)),
        *(_changed(happened) for happened in happenings(session, duty_id)),
        *(_went(row) for row in _rows(session, _PROGRESS, duty_id)),
        *(event for row in _rows(session, _OUTCOMES, duty_id) for event in _ended(row)),
    ]
    return sorted(events, key=lambda event: event.at)


def _rows(session: Session, statement: Select[*tuple[Any, ...]], duty_id: UUID) -> list[AnyRow]:
    return list(session.execute(statement, {"duty": duty_id}))


def _made(row: AnyRow) -> Event:
    if row.source is DutySource.ASSIGNED:
        return Event(row.at, row.by, _("Assigned to %(name)s") % {"name": row.name})
    return Event(row.at, row.by, _("%(name)s: %(how)s") % {"name": row.name, "how": row.source.label})


def _handed_over(row: AnyRow) -> Event:
    said = {"name": row.name, "first": formats.day(row.starts_on)}
    if row.ends_on is None:
        text = _("Handed over to %(name)s from %(first)s on") % said
    else:
        text = _("Handed over to %(name)s from %(first)s until %(last)s") % {**said, "last": formats.day(row.ends_on)}
    return Event(row.at, row.by, text, row.reason)


def _changed(happened: Happened) -> Event:
    before, after = (str(happened.detail.get(name) or "") for name in ("before", "after"))
    match ChangeKind(happened.step):
        case ChangeKind.DUE_ON:
            days = {"before": formats.day(date.fromisoformat(before)), "after": formats.day(date.fromisoformat(after))}
            text = _("Due day moved from %(before)s to %(after)s") % days
        case ChangeKind.REPEAT:
            text = _("No longer comes again (it was: %(before)s)") % {"before": Repeat(before).label}
        case ChangeKind.HELPERS:
            text = _("Helpers: %(after)s (before: %(before)s)") % {
                "before": before or _("nobody"),
                "after": after or _("nobody"),
            }
        case ChangeKind.CANCELLED:
            text = _("Cancelled")
        case _:
            text = _("Taken up again")
    return Event(happened.at, happened.by or "", text, happened.note)


def _went(row: AnyRow) -> Event:
    return Event(row.at, row.by, str(row.state.label) + _for(row), row.note)


def _ended(row: AnyRow) -> Iterator[Event]:
    if row.result is DutyResult.DONE:
        text = _("Reported as done on %(day)s") % {"day": formats.day(row.ended_on)}
    elif row.result is DutyResult.NOT_DONE:
        text = _("Reported as not done")
    else:
        text = _("Reported as not done, for an objective reason")
    yield Event(row.at, row.by, text + _for(row), row.sentence)
    if row.status is ReviewStatus.WITHDRAWN:
        yield Event(row.decided_at, row.by, _("Taken back"))
    elif row.status is not ReviewStatus.PENDING:
        yield Event(row.decided_at, row.decided_by, _decision(row), row.reason)


def _decision(row: AnyRow) -> str:
    if row.status is ReviewStatus.APPROVED and row.result is DutyResult.OBJECTIVE:
        return _("Confirmed by the committee: it does not count against anybody")
    return str(row.status.label)


def _for(row: AnyRow) -> str:
    return "" if row.by == row.name else " · " + _("for %(name)s") % {"name": row.name}
