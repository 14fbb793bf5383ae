"""A duty as a list shows it: its own row, who is responsible, the last word on it and how it ended."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.i18n import LazyText
from app.core.rows import IDS, AnyRow
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty, DutyHandOver, DutyHelper, DutyOutcome, DutyProgress
from app.features.shows.duties.rules import (
    DAY_PASSED,
    OPEN_STATES,
    DutyKind,
    DutyResult,
    DutySource,
    DutyState,
    Progress,
    Repeat,
    Urgency,
    in_days,
    state_of,
    urgency,
)

DAY: Final = bindparam("day", type_=Date())
"""The day for which the list is made: today."""
_Group = aliased(Organisation)
_STANDS: Final = Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED))
HOLDER_ID: Final = func.coalesce(
    select(DutyHandOver.to_id)
    .where(
        DutyHandOver.duty_id == Duty.id,
        DutyHandOver.starts_on <= DAY,
        or_(DutyHandOver.ends_on.is_(None), DutyHandOver.ends_on >= DAY),
    )
    .order_by(DutyHandOver.id.desc())
    .limit(1)
    .correlate(Duty)
    .scalar_subquery(),
    Duty.member_id,
)
"""Who holds a duty on ``day``; the same as ``rules.holder_on``."""
_Last = aliased(Review)
_LAST_OUTCOME: Final = (
    select(DutyOutcome.id)
    .join(_Last, _Last.id == DutyOutcome.id)
    .where(DutyOutcome.duty_id == Duty.id, _Last.status != ReviewStatus.WITHDRAWN)
    .order_by(case((_Last.status == ReviewStatus.APPROVED, 0), else_=1), DutyOutcome.attempt.desc())
    .limit(1)
    .correlate(Duty)
    .scalar_subquery()
)
_LAST_PROGRESS: Final = (
    select(DutyProgress.id)
    .where(DutyProgress.duty_id == Duty.id)
    .order_by(DutyProgress.said_at.desc(), DutyProgress.id.desc())
    .limit(1)
    .correlate(Duty)
    .scalar_subquery()
)
RESPONSIBLE_ID: Final = case((_STANDS, DutyOutcome.member_id), else_=HOLDER_ID)
"""Whose duty it is: of one that has ended, whose it was then."""
ENDS: Final = (
    select(Duty.id)
    .select_from(Duty)
    .outerjoin(DutyOutcome, DutyOutcome.id == _LAST_OUTCOME)
    .outerjoin(Review, Review.id == DutyOutcome.id)
)
"""Duties, and how each ended: all that ``LATE`` asks, for numbers that do not say whose they are."""
LIST: Final = (
    ENDS.with_only_columns(
        Duty.id,
        Duty.branch_id,
        Duty.member_id.label("first_id"),
        Duty.kind,
        Duty.matter,
        Duty.basis,
        Duty.due_on,
        Duty.source,
        Duty.repeat,
        Duty.series_place,
        Duty.made_by_id,
        Duty.cancelled_at.is_not(None).label("is_cancelled"),
        Member.id.label("responsible_id"),
        Member.name.label("responsible"),
        Member.member_number,
        Member.left_on,
        Member.branch_id.label("their_branch_id"),
        _Group.name.label("group_name"),
        DutyProgress.state.label("progress"),
        DutyProgress.note,
        DutyOutcome.id.label("outcome_id"),
        DutyOutcome.result.label("last_result"),
        DutyOutcome.sentence.label("last_sentence"),
        DutyOutcome.ended_on.label("last_ended_on"),
        DutyOutcome.member_id.label("ended_by_id"),
        DutyOutcome.recorded_by_id.label("last_reported_by_id"),
        Review.status.label("decided"),
        Review.reason.label("last_reason"),
    )
    .outerjoin(DutyProgress, DutyProgress.id == _LAST_PROGRESS)
    .join(Member, Member.id == RESPONSIBLE_ID)
    .outerjoin(_Group, _Group.id == Member.group_id)
)
OF_IDS: Final = LIST.where(Duty.id.in_(IDS)).order_by(Duty.id)
_HELPERS: Final = (
    select(DutyHelper.duty_id, DutyHelper.member_id, Member.name)
    .join(Member, Member.id == DutyHelper.member_id)
    .where(DutyHelper.duty_id.in_(IDS))
    .order_by(Member.pinyin, Member.id)
)
_AT_ONCE: Final = 1000
"""Ids in one statement; SQLite takes 32,766 parameters."""


class Helper(NamedTuple):
    """Somebody who helps with a duty."""

    member_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A row of ``LIST``: its columns, in their order."""

    id: UUID
    branch_id: UUID
    first_id: UUID
    kind: DutyKind
    matter: str
    basis: str | None
    due_on: date
    source: DutySource
    repeat: Repeat
    series_place: int
    made_by_id: UUID
    is_cancelled: bool
    responsible_id: UUID
    responsible: str
    member_number: str
    left_on: date | None
    their_branch_id: UUID
    group: str | None
    progress: Progress | None
    note: str | None
    """The last word on how it goes."""
    outcome_id: UUID | None
    last_result: DutyResult | None
    """How it ended, as somebody said last; whether that stands, the state says."""
    last_sentence: str | None
    last_ended_on: date | None
    ended_by_id: UUID | None
    last_reported_by_id: UUID | None
    decided: ReviewStatus | None
    last_reason: str | None

    @property
    def state(self) -> DutyState:
        """Where it stands."""
        return state_of(
            is_cancelled=self.is_cancelled, progress=self.progress, result=self.last_result, decided=self.decided
        )


@dataclass(frozen=True, slots=True)
class ShownDuty(DutyRow):
    """A duty as pages show it."""

    helper_rows: Sequence[Helper]
    today: date

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN_STATES

    @property
    def urgency(self) -> Urgency:
        """How near its day is."""
        return urgency(self.due_on, today=self.today)

    @property
    def days(self) -> int:
        """Until the due day; below 0 when it has passed."""
        return (self.due_on - self.today).days

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and nobody has said how it ended."""
        return self.is_open and self.urgency is Urgency.OVERDUE

    @property
    def has_left(self) -> bool:
        """Whether who is responsible no longer belongs to the branch of the duty: somebody has to take it over."""
        return self.their_branch_id != self.branch_id or (self.left_on is not None and self.left_on <= self.today)

    @property
    def helpers(self) -> tuple[str, ...]:
        """Names of those who help with it."""
        return tuple(helper.name for helper in self.helper_rows if helper.member_id != self.responsible_id)

    @property
    def helper_ids(self) -> tuple[UUID, ...]:
        """The same as they are ticked in the form."""
        return tuple(helper.member_id for helper in self.helper_rows)

    @property
    def result(self) -> DutyResult | None:
        """How it ended, while that stands."""
        return self.last_result if self._stands else None

    @property
    def sentence(self) -> str | None:
        """The result in one sentence, or the reason."""
        return self.last_sentence if self._stands else None

    @property
    def ended_on(self) -> date | None:
        """The day on which it ended, while that stands."""
        return self.last_ended_on if self._stands else None

    @property
    def reported_by_id(self) -> UUID | None:
        """Who reported how it ended, while that stands."""
        return self.last_reported_by_id if self._stands else None

    @property
    def reason(self) -> str | None:
        """Why an officer gave the reported end back, while it is open again."""
        return self.last_reason if self.is_open and self.decided is ReviewStatus.RETURNED else None

    @property
    def state_label(self) -> LazyText:
        """Where it stands; what is past its day and not begun says that."""
        return DAY_PASSED if self.state is DutyState.OPEN and self.is_overdue else self.state.label

    @property
    def tone(self) -> str:
        """Of the chip that says so."""
        return "need" if self.state is DutyState.OPEN and self.is_overdue else self.state.tone

    @property
    def when(self) -> str:
        """How far its day is, while it is open."""
        return in_days(self.days)

    @property
    def _stands(self) -> bool:
        return not self.is_open and self.state is not DutyState.CANCELLED


def helpers_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[Helper]]:
    """Who helps with these duties, in the order of names."""
    found: dict[UUID, list[Helper]] = defaultdict(list)
    wanted = sorted(ids)
    for first in range(0, len(wanted), _AT_ONCE):
        for row in session.execute(_HELPERS, {"ids": wanted[first : first + _AT_ONCE]}):
            found[row.duty_id].append(Helper(row.member_id, row.name))
    return found


def shown(session: Session, rows: Sequence[AnyRow], *, today: date) -> list[ShownDuty]:
    """Rows of ``LIST`` as pages show them; one more statement for all helpers."""
    helpers = helpers_of(session, [row.id for row in rows]) if rows else {}
    values: list[tuple[Any, ...]] = [(*row, helpers.get(row.id, ()), today) for row in rows]
    return [ShownDuty(*columns) for columns in values]
