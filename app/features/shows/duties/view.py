"""A duty as a list shows it: its own row, who is responsible, the last word on it and how it ended."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Row, Uuid, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.i18n import LazyText
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty, DutyHandOver, DutyHelper, DutyOutcome, DutyProgress
from app.features.shows.duties.rules import (
    DAY_PASSED,
    OPEN_STATES,
    DutyKind,
    DutySource,
    DutyState,
    Repeat,
    Result,
    Urgency,
    in_days,
    state_of,
    urgency,
)

AnyRow = Row[*tuple[Any, ...]]
DAY: Final = bindparam("day", type_=Date())
"""The day for which the list is made: today."""
IDS: Final[Any] = bindparam("ids", type_=Uuid(), expanding=True)
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
LIST: Final = (
    select(
        Duty.id,
        Duty.branch_id,
        Duty.member_id.label("first_id"),
        Duty.kind,
        Duty.matter,
        Duty.basis,
        Duty.due_on,
        Duty.source,
        Duty.repeat,
        Duty.series_id,
        Duty.series_place,
        Duty.made_by_id,
        Duty.cancelled_at.is_not(None).label("is_cancelled"),
        HOLDER_ID.label("holder_id"),
        Member.id.label("responsible_id"),
        Member.name.label("responsible"),
        Member.member_number,
        Member.left_on,
        Member.branch_id.label("their_branch_id"),
        _Group.name.label("group_name"),
        DutyProgress.state.label("progress"),
        DutyProgress.note,
        DutyOutcome.id.label("outcome_id"),
        DutyOutcome.result,
        DutyOutcome.sentence,
        DutyOutcome.ended_on,
        DutyOutcome.member_id.label("ended_by_id"),
        DutyOutcome.recorded_by_id.label("reported_by_id"),
        Review.status.label("decided"),
        Review.reason,
    )
    .select_from(Duty)
    .outerjoin(DutyOutcome, DutyOutcome.id == _LAST_OUTCOME)
    .outerjoin(Review, Review.id == DutyOutcome.id)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDuty:
    """A duty as pages show it."""

    id: UUID
    branch_id: UUID
    matter: str
    kind: DutyKind
    basis: str | None
    due_on: date
    source: DutySource
    repeat: Repeat
    state: DutyState
    urgency: Urgency
    days: int
    """Until the due day; below 0 when it has passed."""
    responsible_id: UUID
    responsible: str
    member_number: str
    group: str | None
    has_left: bool
    """Whether who is responsible no longer belongs to the branch of the duty: somebody has to take it over."""
    helpers: tuple[str, ...]
    helper_ids: tuple[UUID, ...]
    note: str | None
    """The last word on how it goes."""
    result: Result | None
    sentence: str | None
    """The result in one sentence, or the reason."""
    ended_on: date | None
    reason: str | None
    """Why an officer gave the reported end back, while it is open again."""
    reported_by_id: UUID | None
    made_by_id: UUID
    series_place: int

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN_STATES

    @property
    def kind_label(self) -> LazyText:
        """Work or Party duty."""
        return self.kind.label

    @property
    def state_label(self) -> LazyText:
        """Where it stands; what is past its day and not begun says that."""
        return DAY_PASSED if self.state is DutyState.OPEN and self.is_overdue else self.state.label

    @property
    def tone(self) -> str:
        """Of the chip that says so."""
        return "warn" if self.state is DutyState.OPEN and self.is_overdue else self.state.tone

    @property
    def repeat_label(self) -> LazyText:
        """How often it comes."""
        return self.repeat.label

    @property
    def when(self) -> str:
        """How far its day is, while it is open."""
        return in_days(self.days)

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and nobody has said how it ended."""
        return self.is_open and self.urgency is Urgency.OVERDUE


def state_of_row(row: AnyRow) -> DutyState:
    """Where the duty of a row of ``LIST`` stands."""
    return state_of(is_cancelled=row.is_cancelled, progress=row.progress, result=row.result, decided=row.decided)


def helpers_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, list[AnyRow]]:
    """Rows ``member_id, name`` by duty, in the order of names."""
    found: dict[UUID, list[AnyRow]] = defaultdict(list)
    wanted = sorted(ids)
    for first in range(0, len(wanted), _AT_ONCE):
        for row in session.execute(_HELPERS, {"ids": wanted[first : first + _AT_ONCE]}):
            found[row.duty_id].append(row)
    return found


def shown(session: Session, rows: Sequence[AnyRow], *, today: date) -> list[ShownDuty]:
    """Rows of ``LIST`` as pages show them; one more statement for all helpers."""
    helpers = helpers_of(session, [row.id for row in rows]) if rows else {}
    return [_shown(row, helpers.get(row.id, ()), today) for row in rows]


def _shown(row: AnyRow, helpers: Sequence[AnyRow], today: date) -> ShownDuty:
    state = state_of_row(row)
    stands = state in (DutyState.REPORTED, DutyState.KEPT, DutyState.MISSED, DutyState.EXCUSED)
    has_left = row.their_branch_id != row.branch_id or (row.left_on is not None and row.left_on <= today)
    return ShownDuty(
        id=row.id,
        branch_id=row.branch_id,
        matter=row.matter,
        kind=row.kind,
        basis=row.basis,
        due_on=row.due_on,
        source=row.source,
        repeat=row.repeat,
        state=state,
        urgency=urgency(row.due_on, today=today),
        days=(row.due_on - today).days,
        responsible_id=row.responsible_id,
        responsible=row.responsible,
        member_number=row.member_number,
        group=row.group_name,
        has_left=has_left,
        helpers=tuple(helper.name for helper in helpers if helper.member_id != row.responsible_id),
        helper_ids=tuple(helper.member_id for helper in helpers),
        note=row.note,
        result=row.result if stands else None,
        sentence=row.sentence if stands else None,
        ended_on=row.ended_on if stands else None,
        reason=row.reason if state in OPEN_STATES and row.decided is ReviewStatus.RETURNED else None,
        reported_by_id=row.reported_by_id if stands else None,
        made_by_id=row.made_by_id,
        series_place=row.series_place,
    )
