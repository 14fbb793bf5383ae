"""Who is attached where: for the person, for officers of the two branches, and for those who ask who is expected."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.rows import IDS, one_row
from app.features.meetings.attachments.models import Attachment
from app.features.meetings.attachments.rules import AttachmentKind, State, asks_for_move, last_day, state_of
from app.features.members.actor import Actor
from app.features.members.models import AuditEntry, Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import AuditAction, Permission
from app.features.members.said import SaidLine
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_Home, _Host = aliased(Organisation), aliased(Organisation)
_Enterer, _Decider, _Ender = aliased(Member), aliased(Member), aliased(Member)
_DAY: Final = bindparam("day", type_=Attachment.first_on.type)
LIST: Final = (
    select(
        Attachment.id,
        Attachment.member_id,
        Member.name,
        Attachment.home_id,
        _Home.name.label("home"),
        Attachment.host_id,
        _Host.name.label("host"),
        Attachment.kind,
        Attachment.first_on,
        Attachment.last_on,
        Attachment.ended_on,
        Review.status,
        Review.reason,
        Review.branch_id.label("decided_in"),
        _Enterer.name.label("entered_by"),
        _Decider.name.label("decided_by"),
        _Ender.name.label("ended_by"),
    )
    .join(Review, Review.id == Attachment.id)
    .join(Member, Member.id == Attachment.member_id)
    .join(_Home, _Home.id == Attachment.home_id)
    .join(_Host, _Host.id == Attachment.host_id)
    .join(_Enterer, _Enterer.id == Attachment.entered_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
    .outerjoin(_Ender, _Ender.id == Attachment.ended_by_id)
    .order_by(Member.pinyin, Member.id, Attachment.first_on.desc())
)
_ME: Final = bindparam("me", type_=Uuid())
_SEES: Final = bindparam("sees", type_=Uuid())
VISIBLE: Final = or_(Attachment.member_id == _ME, Attachment.home_id == _SEES, Attachment.host_id == _SEES)
_ONE: Final = LIST.where(Attachment.id == bindparam("attachment"))
_VISIBLE_ONE: Final = _ONE.where(VISIBLE)
_ALL: Final = LIST.where(VISIBLE)
_OF_MEMBER: Final = _ALL.where(Attachment.member_id == bindparam("member"))
_STANDS: Final = and_(
    Review.status == ReviewStatus.APPROVED,
    Attachment.first_on <= _DAY,
    or_(Attachment.last_on.is_(None), Attachment.last_on >= _DAY),
    or_(Attachment.ended_on.is_(None), Attachment.ended_on >= _DAY),
)
_AT_HOST: Final = (
    select(Attachment.member_id, Attachment.home_id)
    .join(Review, Review.id == Attachment.id)
    .join(Member, Member.id == Attachment.member_id)
    .where(Attachment.host_id.in_(IDS), _STANDS, or_(Member.left_on.is_(None), Member.left_on > _DAY))
)
_ELSEWHERE: Final = (
    select(Attachment.member_id, Attachment.home_id, _Host.name.label("host"))
    .join(Review, Review.id == Attachment.id)
    .join(_Host, _Host.id == Attachment.host_id)
    .where(Attachment.member_id.in_(IDS), _STANDS)
)
_HOMES: Final = select(Member.id, Member.branch_id).where(Member.id.in_(IDS))
_LEFT_LATER: Final = (
    select(AuditEntry.subject_id, AuditEntry.place_id)
    .where(
        AuditEntry.subject_id.in_(IDS),
        AuditEntry.action == AuditAction.MEMBER_MOVED_AWAY,
        AuditEntry.at >= bindparam("since", type_=AuditEntry.at.type),
    )
    .order_by(AuditEntry.id.desc())
)
_OVERLAPPING: Final = LIST.where(
    Attachment.member_id == bindparam("member"),
    Attachment.id != bindparam("besides"),
    Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    or_(
        bindparam("last", type_=Attachment.first_on.type).is_(None),
        Attachment.first_on <= bindparam("last", type_=Attachment.first_on.type),
    ),
    or_(Attachment.last_on.is_(None), Attachment.last_on >= bindparam("first", type_=Attachment.first_on.type)),
    or_(
        Attachment.ended_on.is_(None),
        and_(
            Attachment.ended_on >= bindparam("first", type_=Attachment.first_on.type),
            Attachment.ended_on >= Attachment.first_on,  # else it ended before it began
        ),
    ),
)


class Shown(NamedTuple):
    """One as it is shown; the columns of ``LIST``."""

    id: UUID
    member_id: UUID
    name: str
    home_id: UUID
    home: str
    host_id: UUID
    host: str
    kind: AttachmentKind
    first_on: date
    last_on: date | None
    ended_on: date | None
    status: ReviewStatus
    reason: str | None
    decided_in: UUID
    """The branch whose officer decides: not the one that entered it."""
    entered_by: str
    decided_by: str | None
    ended_by: str | None

    @property
    def until(self) -> date | None:
        """Its last day; ``None``: open."""
        return last_day(self.last_on, self.ended_on)

    @property
    def state(self) -> State | None:
        """Where it stands today; ``None``: withdrawn."""
        return state_of(self.status, self.first_on, self.until, today=clock.today())

    @property
    def can_end(self) -> bool:
        """Whether there is anything to end."""
        return self.state in {State.ASKED, State.AHEAD, State.RUNNING} and self.ended_on is None

    @property
    def asks_for_move(self) -> bool:
        """Whether to talk about the Party relation (JY25)."""
        return self.state in {State.AHEAD, State.RUNNING} and asks_for_move(
            self.first_on, self.until, today=clock.today()
        )

    @property
    def dates(self) -> str:
        """``3月4日 – 9月30日``, or from a day on."""
        first = formats.day(self.first_on)
        return f"{first} – {formats.day(self.until)}" if self.until else _("from %(day)s") % {"day": first}


def sight(actor: Actor) -> dict[str, object]:
    """The values that ``VISIBLE`` asks for."""
    return {"me": actor.member_id, "sees": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None}


def card(session: Session, actor: Actor, attachment_id: UUID) -> Shown:
    """One, for the person and the officers of both branches."""
    return Shown._make(one_row(session, _VISIBLE_ONE, {"attachment": attachment_id, **sight(actor)}))


def whole(session: Session, attachment_id: UUID) -> Shown:
    """The same, whoever asks: for the queue, which knows who decides."""
    return Shown._make(one_row(session, _ONE, {"attachment": attachment_id}))


def listed(session: Session, actor: Actor) -> list[Shown]:
    """The own ones and, for officers, those of the branch, both ways; by name. What was withdrawn is left out."""
    return _shown(session.execute(_ALL, sight(actor)).all())


def said_of(session: Session, actor: Actor, member_id: UUID) -> Iterator[SaidLine]:
    """What stands or waits, for the member's page."""
    for one in _shown(session.execute(_OF_MEMBER, {"member": member_id, **sight(actor)}).all()):
        if one.can_end:
            words = f"{one.dates} · {one.state.label}" if one.state else one.dates
            yield SaidLine(_("Takes part elsewhere"), f"{one.host} · {one.kind.label}", words, f"/attachments/{one.id}")


def at_hosts(session: Session, host_ids: Collection[UUID], day: date) -> Mapping[UUID, UUID]:
    """Who is attached to one of these branches on ``day``, with the own branch of that day.

    Who has moved since it was agreed is attached no longer: the new branch agreed to nothing.
    """
    return _still_there(session, session.execute(_AT_HOST, {"ids": sorted(host_ids), "day": day}).all(), day)


def elsewhere(session: Session, member_ids: Collection[UUID], day: date) -> Mapping[UUID, str]:
    """Who of these is attached to another branch on ``day``, and to which."""
    if not member_ids:
        return {}
    rows = session.execute(_ELSEWHERE, {"ids": sorted(member_ids), "day": day}).all()
    there = _still_there(session, rows, day)
    return {row.member_id: row.host for row in rows if row.member_id in there}


def overlapping(session: Session, member_id: UUID, first: date, last: date | None, *, besides: UUID) -> Shown | None:
    """Another one of the member, agreed or waiting, that has some of these days."""
    asked = {"member": member_id, "first": first, "last": last, "besides": besides}
    return next(iter(_shown(session.execute(_OVERLAPPING, asked).all())), None)


def _still_there(session: Session, rows: Sequence[AnyRow], day: date) -> dict[UUID, UUID]:
    """Of these, with the own branch, those who belonged to it on ``day``."""
    if not rows:
        return {}
    asked: dict[str, Any] = {"ids": sorted({row.member_id for row in rows})}
    homes: dict[UUID, UUID] = {row.id: row.branch_id for row in session.execute(_HOMES, asked)}
    if day < clock.today():
        since = clock.midnight(day + timedelta(days=1))
        for row in session.execute(_LEFT_LATER, {**asked, "since": since}):
            homes[row.subject_id] = row.place_id  # what was left first comes last
    return {row.member_id: row.home_id for row in rows if homes[row.member_id] == row.home_id}


def _shown(rows: Sequence[AnyRow]) -> list[Shown]:
    return [one for one in map(Shown._make, rows) if one.state]
