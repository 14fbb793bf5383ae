"""What an officer of the other branch sees of an attachment; agreeing to it brings no fact."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import formats
from app.core.errors import AppError
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.features.meetings.attachments import queries
from app.features.meetings.attachments.rules import AttachedAlreadyError, AttachmentKind
from app.features.members import queries as members
from app.features.reviews.kinds import ReviewKind
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus


def describe(detail: Mapping[str, Any]) -> str:
    """``第二党支部 → 第三党支部 · 借调 · 3月4日``."""
    begins = formats.day(date.fromisoformat(detail["first"]))
    return f"{detail['home']} → {detail['host']} · {AttachmentKind(detail['kind']).label} · {begins}"


def particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    """Whose, from where to where, why and how long."""
    one = queries.whole(session, review_id)
    return [
        (_("Own branch"), one.home),
        (_("Takes part in"), one.host),
        (_("Kind"), str(one.kind.label)),
        (_("When"), one.dates),
        (_("Entered by"), one.entered_by),
    ]


def _barred(session: Session, _by_id: UUID, reviews: Sequence[Review], status: ReviewStatus) -> dict[UUID, AppError]:
    """What another one has the days of: an undone return lets two wait."""
    refused: dict[UUID, AppError] = {}
    for review in reviews if status is ReviewStatus.APPROVED else ():
        members.lock(session, review.member_id)
        one = queries.whole(session, review.id)
        other = queries.overlapping(session, one.member_id, one.first_on, one.until, besides=one.id)
        if other and other.status is ReviewStatus.APPROVED:
            refused[review.id] = AttachedAlreadyError(host=other.host)
    return refused


ATTACHMENT: Final = ReviewKind(
    name="meeting.attachment",
    label=lazy_gettext("Taking part in another branch"),
    describe=describe,
    particulars=particulars,
    listed_at="/attachments",
    found_at="/attachments/{id}",
    is_own_doing=False,
    one_by_one=True,
    barred=_barred,
)
"""Entered by an officer of one branch, it waits in the other: nobody agrees with themselves."""
