"""What officers see of a leave in the approval queue, and what their word brings: a day for its closing, no fact."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.errors import AppError
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.rows import IDS, locked
from app.features.leave import queries, rules
from app.features.leave.errors import OverlapsError
from app.features.leave.life import REQUEST, Approval
from app.features.leave.models import Leave
from app.features.leave.rules import Days, Half, Span
from app.features.leave.view import dates_words, days_words
from app.features.reviews.kinds import ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_HELD: Final = locked(select(Leave).where(Leave.id.in_(IDS)).order_by(Leave.id))
_LATE: Final = lazy_gettext("asked for after it began")


def detail_of(said: Mapping[str, Any], span: Span, *, asked_at: datetime, days: Days) -> dict[str, Any]:
    """What ``describe`` and ``advise`` need of the columns of a leave."""
    return {
        "first": [span.first.isoformat(), span.first_half.value],
        "days": list(days),
        "last": [span.last.isoformat(), span.last_half.value],
        "approval": said["approval"].value,
        "approved_by": said["approved_by"],
        "extends": said["extends_id"] is not None,
        "late": rules.is_asked_late(said["leave"], span, asked_at=asked_at),
    }


def describe(detail: Mapping[str, Any]) -> str:
    """``3月4日 – 3月6日 · 3 天, 其中工作日 3 天 · 单位已批准: 王处长``."""
    (first, first_half), (last, last_half) = detail["first"], detail["last"]
    span = Span(date.fromisoformat(first), date.fromisoformat(last), Half(first_half), Half(last_half))
    by = f": {detail['approved_by']}" if detail["approved_by"] else ""
    said = [dates_words(span), days_words(Days(*detail["days"])), f"{Approval(detail['approval']).label}{by}"]
    return " · ".join([_("Extension"), *said] if detail["extends"] else said)


def advise(detail: Mapping[str, Any]) -> list[str]:
    """What should have been asked for before it began wants a look."""
    return [str(_LATE)] if detail["late"] else []


def _barred(session: Session, _by_id: UUID, reviews: Sequence[Review], status: ReviewStatus) -> dict[UUID, AppError]:
    """Those whose days another leave has, approved or before them in this batch: an undone return lets two wait.

    A leave and its extension have their days together.
    """
    waiting = [review.id for review in reviews if review.status is ReviewStatus.PENDING]
    if status is not ReviewStatus.APPROVED or not waiting:
        return {}
    leaves = queries.by_ids(session, waiting)
    since, until = min(leave.first_on for leave in leaves), max(leave.last_on for leave in leaves)
    around = queries.around(session, {leave.member_id for leave in leaves}, since, until)
    passed: set[UUID] = set()
    refused: dict[UUID, AppError] = {}
    for leave in leaves:
        for other in around.get(leave.member_id, ()):
            stands = other.away.is_decided or other.id in passed
            is_same = leave.id in {other.id, other.extends_id} or leave.extends_id == other.id
            if stands and not is_same and not rules.may_stand_beside(leave.leave, leave.span, other.leave, other.taken):
                refused[leave.id] = OverlapsError(leave=other.leave.label, days=dates_words(other.taken))
        if leave.id not in refused:
            passed.add(leave.id)
    return refused


def particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    """Days, where to, who stands in and who approved."""
    leave = queries.by_ids(session, [review_id])[0]
    told: list[tuple[LazyText | str, str | None]] = [
        (_("Kind"), str(leave.leave.label)),
        (_("When"), f"{leave.dates} · {leave.days}"),
        (_("City"), leave.destination),
        (_("Stands in"), leave.stand_in),
        (_("Approval"), str(leave.approval.label)),
        (_("Approved by"), leave.approved_by),
    ]
    return [(label, text) for label, text in told if text]


def _set_due(session: Session, reviews: Sequence[Review]) -> None:
    """The closing opens now: its day is computed once and stored; decided again, it moves in the member's favour."""
    today, calendar = clock.today(), holidays.calendar(session)
    for leave in session.scalars(_HELD, {"ids": [review.id for review in reviews]}):
        leave.due_on = rules.closing_due(leave.last_on, decided_on=today, stored=leave.due_on, calendar=calendar)
    session.flush()


LEAVE: Final = ReviewKind(
    name=REQUEST,
    label=lazy_gettext("Leave"),
    describe=describe,
    advise=advise,
    particulars=particulars,
    listed_at="/leave",
    correction="/leave/new?corrects={id}",
    found_at="/leave/{id}",
    barred=_barred,
    on_approved=_set_due,
)
