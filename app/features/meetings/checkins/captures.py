"""Codes of the room out of phones' queues."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import AppError, ConflictError, ImpossibleError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.rows import IDS
from app.core.sealing import BrokenSealError, KeyMissingError
from app.features.meetings.checkins.models import MeetingCheckIn
from app.features.meetings.checkins.queries import NewCheckIn
from app.features.meetings.checkins.service import Checked, check_in
from app.features.meetings.venue_code.rules import CheckIn, Moment, Reason, typed
from app.features.reviews.rules import reasons
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, SyncOutcome, Verdict, for_review, later, refused

_ARRIVED: Final = select(MeetingCheckIn.id).where(MeetingCheckIn.id.in_(IDS))
CODE_LENGTH: Final = 20
"""Characters of what is typed: six digits, and spaces."""


def _digits(code: str) -> str:
    try:
        return typed(code)
    except ImpossibleError as wrong:
        raise ValueError(wrong.sentence) from wrong


Code = Annotated[str, Field(max_length=CODE_LENGTH), AfterValidator(_digits)]


class CheckInStaysError(ConflictError):
    """A check-in is a word on where somebody was; whoever was not there tells the organiser."""

    code = "progress_stays"
    message = lazy_gettext("A check-in that has arrived stays. If it is wrong, tell the organiser.")


class CheckInPayload(BaseModel):
    """A code as it was typed."""

    event_id: UUID
    code: Code


def take(session: Session, items: Sequence[Item[CheckInPayload]]) -> Mapping[UUID, SyncOutcome]:
    """Judge what a phone brings by the time of our clock; what is refused is kept as what it is."""
    try:
        checked = check_in(session, [_new(item) for item in items])
    except (KeyMissingError, BrokenSealError):
        return {item.id: later() for item in items}
    return {name: outcome(one) for name, one in checked.items()}


def take_back(session: Session, ids: Collection[UUID], _member_id: UUID) -> Mapping[UUID, AppError]:
    """Nothing that has arrived is withdrawn; what has not is kept out."""
    return dict.fromkeys(session.scalars(_ARRIVED, {"ids": sorted(ids)}), CheckInStaysError())


def outcome(checked: Checked) -> SyncOutcome:
    """What a phone hears of a check-in."""
    judged = checked.judged
    if judged.outcome is CheckIn.REFUSED and judged.reason:
        return refused(judged.reason.value, str(judged.reason.label))
    if judged.reason is Reason.CANCELLED:
        return for_review({judged.reason.value: judged.reason.label})
    if checked.flags:
        return for_review(reasons(checked.flags))
    if judged.outcome is CheckIn.LATE:
        late = _("Recorded: %(n)s minutes after the beginning.") % {"n": judged.minutes_late}
        return SyncOutcome(Verdict.ACCEPTED, judged.outcome.value, late)
    return ACCEPTED


def _new(item: Item[CheckInPayload]) -> NewCheckIn:
    sent_at = None if item.handed_over_by_id else item.received_at - (item.corrected_at - item.occurred_at)
    return NewCheckIn(
        id=item.id,
        event_id=item.payload.event_id,
        member_id=item.member_id,
        branch_id=item.branch_id,
        recorded_by_id=item.recorded_by_id,
        code=item.payload.code,
        moment=Moment(item.occurred_at, sent_at, item.received_at),
        received_at=item.received_at,
        device_id=item.device_id,
        seq=item.seq,
        flags=item.flags,
    )


CHECK_IN: Final = CapturedKind(
    name="meeting.checkin",
    payload=CheckInPayload,
    take=take,
    take_back=take_back,
    words={"event_id": lazy_gettext("Meeting"), "code": lazy_gettext("Code of the room")},
    on_phone=OnPhone(
        icon="check",
        label=lazy_gettext("Code of the room"),
        page="/m",
        stands_in_for=r"/m/[\da-f-]{36}(/code)?",
        arrived=lazy_gettext("Arrived; an officer confirms it with the others"),
    ),
)
