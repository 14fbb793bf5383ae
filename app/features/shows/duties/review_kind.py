"""What officers see of a duty's reported end, and what its approval brings."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core import formats
from app.core.errors import AppError
from app.core.i18n import LazyText, lazy_gettext, ngettext
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.features.members.models import Member
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties import recurrence
from app.features.shows.duties.errors import EndedOnceError, HandedOverLateError
from app.features.shows.duties.history import history
from app.features.shows.duties.models import Duty, DutyHandOver, DutyOutcome
from app.features.shows.duties.queries import to_come
from app.features.shows.duties.rules import OUTCOME, DutyKind, DutyResult, fact_type_of
from app.features.shows.duties.view import helpers_of
from app.features.sync.captures import keep_out

_Other, _OtherReview = aliased(DutyOutcome), aliased(Review)
_OUTCOMES: Final = (
    select(
        DutyOutcome.id,
        DutyOutcome.duty_id,
        DutyOutcome.result,
        DutyOutcome.sentence,
        DutyOutcome.ended_on,
        DutyOutcome.due_on,
        DutyOutcome.recorded_at,
        Duty.matter,
        Duty.basis,
        Duty.kind,
        Member.name.label("responsible"),
    )
    .join(Duty, Duty.id == DutyOutcome.duty_id)
    .join(Member, Member.id == DutyOutcome.member_id)
    .where(DutyOutcome.id.in_(IDS))
)
_ENDED_ALREADY: Final = (
    select(Duty.matter)
    .join(DutyOutcome, DutyOutcome.duty_id == Duty.id)
    .join(_Other, (_Other.duty_id == DutyOutcome.duty_id) & (_Other.id != DutyOutcome.id))
    .join(_OtherReview, _OtherReview.id == _Other.id)
    .where(DutyOutcome.id.in_(IDS), _OtherReview.status == ReviewStatus.APPROVED)
)
_ENDS_HELD: Final = (
    select(DutyOutcome.id)
    .where(DutyOutcome.duty_id.in_(select(_Other.duty_id).where(_Other.id.in_(IDS))))
    .order_by(DutyOutcome.id)
    .with_for_update(key_share=True)
)
"""All that was ever said of how these duties ended, held: officers who decide on two of it do so one by one.

Not the duties: whoever reports or withdraws an end holds those before the reviews, and a decision the reviews first.
"""
_HANDED_OVER_LATE: Final = (
    select(DutyOutcome.id)
    .join(DutyHandOver, DutyHandOver.duty_id == DutyOutcome.duty_id)
    .where(
        DutyOutcome.id.in_(IDS),
        DutyHandOver.recorded_by_id == bindparam("by"),
        DutyHandOver.starts_on > DutyOutcome.due_on,
        DutyHandOver.starts_on <= DutyOutcome.ended_on,
    )
    .distinct()
)
"""What ended after somebody let it change hands late. A miss is of the due day: no later hand-over touches it."""


def detail_of(
    *, kind: DutyKind, result: DutyResult, due_on: date, ended_on: date, sentence: str | None = None
) -> dict[str, Any]:
    """What ``describe`` needs; of an objective reason, which an officer confirms, the ``sentence`` that names it."""
    said = {"kind": kind.value, "result": result.value, "due_on": due_on.isoformat(), "ended_on": ended_on.isoformat()}
    return said | ({"reason": sentence} if sentence and result is DutyResult.OBJECTIVE else {})


def describe(detail: Mapping[str, Any]) -> str:
    """``Work duty · Done, 5 days after the due day``, or ``Work duty · Objective reason · the post was moved``."""
    said = str(DutyResult(detail["result"]).label)
    late = _late(
        DutyResult(detail["result"]), date.fromisoformat(detail["due_on"]), date.fromisoformat(detail["ended_on"])
    )
    reason = [detail["reason"]] if "reason" in detail else []  # not noted before it was shown here
    return " · ".join([str(DutyKind(detail["kind"]).label), f"{said}{late}", *reason])


def facts(session: Session, reviews: Sequence[Review]) -> dict[UUID, FactDraft]:
    """One fact for each duty that ended.

    Raises:
        EndedOnceError: another end of the same duty stands approved; two wait only when a return was undone.
    """
    ids = [review.id for review in reviews]
    session.execute(_ENDS_HELD, {"ids": ids})
    if ended_already := session.scalars(_ENDED_ALREADY, {"ids": ids}).first():
        raise EndedOnceError(matter=ended_already)
    return {
        row.id: FactDraft(fact_type_of(row.result), row.ended_on, note=row.matter)
        for row in session.execute(_OUTCOMES, {"ids": ids})
    }


def particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    """The duty, how it ended, and what was said on the way."""
    row = session.execute(_OUTCOMES, {"ids": [review_id]}).one()
    told: list[tuple[LazyText | str, str]] = [
        (_("Kind"), str(row.kind.label)),
        (_("Responsible"), row.responsible),
        (_("Due"), formats.day(row.due_on)),
        (_("Result"), str(row.result.label) + _late(row.result, row.due_on, row.ended_on)),
    ]
    if row.sentence:
        told.append((_("Reason") if row.result is DutyResult.OBJECTIVE else _("In one sentence"), row.sentence))
    if row.basis:
        told.append((_("Basis"), row.basis))
    if helpers := helpers_of(session, [row.duty_id]).get(row.duty_id):
        told.append((_("Helpers"), _(", ").join(helper.name for helper in helpers)))
    for event in [event for event in history(session, row.duty_id) if event.at < row.recorded_at]:
        words = f" “{event.words}”" if event.words else ""
        told.append((formats.moment(event.at), f"{event.by} · {event.text}{words}"))
    return told


def _late(result: DutyResult, due_on: date, ended_on: date) -> str:
    days = (ended_on - due_on).days
    if result is not DutyResult.DONE or days <= 0:
        return ""
    return ngettext(", %(num)s day after the due day", ", %(num)s days after the due day", days) % {"num": days}


def _barred(session: Session, by_id: UUID, reviews: Sequence[Review], _status: ReviewStatus) -> dict[UUID, AppError]:
    """Ends of duties that this officer let change hands after their day: another one decides on them."""
    ids = [review.id for review in reviews]
    late = session.scalars(_HANDED_OVER_LATE, {"ids": ids, "by": by_id})
    return {review_id: HandedOverLateError() for review_id in late}


def _go_on(session: Session, reviews: Sequence[Review]) -> None:
    """The next of a series may be made as soon as its former has ended."""
    recurrence.continue_after(session, [review.id for review in reviews])


DUTY: Final = ReviewKind(
    name=OUTCOME,
    label=lazy_gettext("Duty list"),
    facts=facts,
    fact_types=[fact_type_of(result) for result in DutyResult],
    to_come=to_come,
    describe=describe,
    particulars=particulars,
    listed_at="/shows/duties",
    correction="/shows/duties/reports/{id}",
    found_at="/shows/duties/reports/{id}",
    one_by_one=True,
    barred=_barred,
    on_approved=_go_on,
    on_withdrawn=keep_out,
)
