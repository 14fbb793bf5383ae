"""Reads of the box: one's own, what waits for one's answer, and what a receipt opens."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import locked, one, one_row
from app.features.complaints.models import Complaint
from app.features.complaints.rules import ANSWERING, State
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.queries import AnyRow
from app.features.members.rules import Role
from app.features.sign_in.tokens import digest

_Sender, _About, _Answerer = aliased(Member), aliased(Member), aliased(Member)
_DAY: Final = bindparam("day", type_=RoleTerm.starts_on.type)
_POSTS: Final = (
    select(RoleTerm.organisation_id, Member.id, Member.name, RoleTerm.role)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(
        RoleTerm.organisation_id.in_(bindparam("places", type_=Uuid(), expanding=True)),
        RoleTerm.role.in_(sorted(ANSWERING)),
        RoleTerm.in_force(_DAY),
        RoleTerm.counts_at_home(),
        or_(Member.left_on.is_(None), Member.left_on > _DAY),
    )
    .order_by(Member.pinyin, Member.id)
)
_WAITS: Final = Complaint.state == State.WAITING
_ME: Final = bindparam("me", type_=Uuid())
_UP: Final = powers.everything_over(select(Complaint.place_id).where(_WAITS))
_HOLDS: Final = and_(
    RoleTerm.role.in_(sorted(ANSWERING)),
    RoleTerm.in_force(_DAY),
    RoleTerm.counts_at_home(),
    or_(Member.left_on.is_(None), Member.left_on > _DAY),
)
_IS_NOT_MEANT: Final = and_(
    or_(Complaint.about_id.is_(None), Complaint.about_id != Member.id),
    or_(Complaint.sender_id.is_(None), Complaint.sender_id != Member.id),
)
_ABLE: Final = (
    select(
        Complaint.id,
        Complaint.sent_on,
        Complaint.due_on,
        Member.id.label("member_id"),
        func.rank()  # ranks no people: the turn is that of places, the nearest first
        .over(partition_by=Complaint.id, order_by=_UP.c.height)
        .label("turn"),
    )
    .join(_UP, _UP.c.place_id == Complaint.place_id)
    .join(RoleTerm, RoleTerm.organisation_id == _UP.c.over_id)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(_WAITS, _HOLDS, _IS_NOT_MEANT)
    .subquery()
)
"""Who could answer what waits, asked anew whenever it is read: the nearest over its place have turn 1. Bind ``day``."""
ANSWERERS: Final = (
    select(_ABLE.c.id, _ABLE.c.sent_on, _ABLE.c.due_on, _ABLE.c.member_id)
    .where(_ABLE.c.turn == 1)
    .distinct()
    .order_by(_ABLE.c.due_on, _ABLE.c.id)
)
"""Who answers what waits, and by when: at its place, or where nobody there can any more, above. Bind ``day``."""
_MINE_TO_ANSWER: Final = or_(
    Complaint.id.in_(select(_ABLE.c.id).where(_ABLE.c.turn == 1, _ABLE.c.member_id == _ME)),
    Complaint.answered_by_id == _ME,
    exists()
    .where(
        Complaint.state == State.ANSWERED,
        RoleTerm.organisation_id == Complaint.place_id,
        RoleTerm.member_id == _ME,
        Member.id == RoleTerm.member_id,
        _HOLDS,
        _IS_NOT_MEANT,
    )
    .correlate(Complaint),
)
"""What waits for the actor's answer, and what has its answer: from the actor, or where the actor answers."""
_ROWS: Final = (
    select(
        Complaint.id,
        Complaint.said,
        Complaint.line_year,
        Complaint.line_rule,
        Complaint.sent_on,
        Complaint.due_on,
        Complaint.state,
        Complaint.answer,
        Complaint.ended_on,
        Complaint.sender_id,
        Organisation.name.label("place"),
        Organisation.is_demo,
        _Sender.name.label("sender"),
        _About.name.label("about"),
        _Answerer.name.label("answered_by"),
    )
    .join(Organisation, Organisation.id == Complaint.place_id)
    .outerjoin(_Sender, _Sender.id == Complaint.sender_id)
    .outerjoin(_About, _About.id == Complaint.about_id)
    .outerjoin(_Answerer, _Answerer.id == Complaint.answered_by_id)
)
_OWN: Final = _ROWS.where(Complaint.sender_id == bindparam("me", type_=Uuid())).order_by(
    Complaint.sent_on.desc(), Complaint.id
)
_TO_ANSWER: Final = _ROWS.where(_MINE_TO_ANSWER, Complaint.state == State.WAITING).order_by(
    Complaint.due_on, Complaint.id
)
_ANSWERED: Final = (
    _ROWS.where(_MINE_TO_ANSWER, Complaint.state == State.ANSWERED)
    .order_by(Complaint.ended_on.desc(), Complaint.id)
    .limit(50)
)
_ONE: Final = _ROWS.where(
    Complaint.id == bindparam("complaint"), or_(Complaint.sender_id == bindparam("me", type_=Uuid()), _MINE_TO_ANSWER)
)
_BY_RECEIPT: Final = _ROWS.where(Complaint.receipt_digest == bindparam("receipt"))
_LOCKED_OWN: Final = locked(
    select(Complaint).where(Complaint.id == bindparam("complaint"), Complaint.sender_id == bindparam("me"))
)
_LOCKED_TO_ANSWER: Final = locked(select(Complaint).where(Complaint.id == bindparam("complaint"), _MINE_TO_ANSWER))
_LOCKED_BY_RECEIPT: Final = locked(select(Complaint).where(Complaint.receipt_digest == bindparam("receipt")))
_WAITING: Final = select(func.count()).where(Complaint.place_id == bindparam("place"), Complaint.state == State.WAITING)
_SENT_TODAY: Final = select(func.count()).where(Complaint.sender_id == bindparam("me"), Complaint.sent_on == _DAY)
_HOLD_PLACE: Final = (
    select(Organisation.id).where(Organisation.id == bindparam("place")).with_for_update(key_share=True)
)
_ROOT: Final = select(Organisation.id).where(Organisation.parent_id.is_(None))
_STANDING: Final = select(
    func.count(),
    func.coalesce(func.sum(case((Complaint.state == State.ANSWERED, 1), else_=0)), 0),
    func.coalesce(func.sum(case((and_(Complaint.state == State.WAITING, Complaint.due_on < _DAY), 1), else_=0)), 0),
)


class BoxState(NamedTuple):
    """How the box stands."""

    came: int
    answered: int
    late: int
    """Waiting although their day has passed."""


def ladder(session: Session, actor: Actor | None) -> Sequence[UUID]:
    """The organisations that may answer, upwards: the actor's branch and what stands above it; for others the root."""
    if actor is None:
        return session.scalars(_ROOT).all()
    return [actor.branch_id, *powers.ladder(session, actor.branch_id)]


def posts(session: Session, places: Sequence[UUID]) -> Mapping[UUID, list[tuple[UUID, str, Role]]]:
    """Who answers in each of these places: the person, the name and the post."""
    found: dict[UUID, list[tuple[UUID, str, Role]]] = defaultdict(list)
    for place_id, member_id, name, role in session.execute(_POSTS, {"places": sorted(places), "day": clock.today()}):
        found[place_id].append((member_id, name, role))
    return found


def answerers(session: Session, places: Sequence[UUID]) -> Mapping[UUID, Collection[UUID]]:
    """The same, without names."""
    return {place: {post[0] for post in held} for place, held in posts(session, places).items()}


def own(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What the actor has signed, the latest first."""
    return session.execute(_OWN, {"me": actor.member_id}).all()


def to_answer(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What waits for the actor's answer, in the order of its days."""
    return session.execute(_TO_ANSWER, _me(actor)).all()


def answered(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What was answered where the actor answers, the latest first."""
    return session.execute(_ANSWERED, _me(actor)).all()


def shown(session: Session, actor: Actor, complaint_id: UUID) -> AnyRow:
    """One that the actor has signed or may answer."""
    return one_row(session, _ONE, _me(actor) | {"complaint": complaint_id})


def by_receipt(session: Session, code: str) -> AnyRow | None:
    """What was sent under this receipt."""
    return session.execute(_BY_RECEIPT, {"receipt": digest(code)}).one_or_none()


def lock_own(session: Session, actor: Actor, complaint_id: UUID) -> Complaint:
    """One that the actor has signed."""
    return one(session, _LOCKED_OWN, {"me": actor.member_id, "complaint": complaint_id})


def lock_to_answer(session: Session, actor: Actor, complaint_id: UUID) -> Complaint:
    """One that the actor may answer."""
    return one(session, _LOCKED_TO_ANSWER, _me(actor) | {"complaint": complaint_id})


def lock_by_receipt(session: Session, code: str) -> Complaint:
    """What was sent under this receipt."""
    return one(session, _LOCKED_BY_RECEIPT, {"receipt": digest(code)})


def waiting_in(session: Session, place_id: UUID) -> int:
    """How many wait there; the place is held, so that what comes at one moment is counted in turn."""
    if session.scalar(_HOLD_PLACE, {"place": place_id}) is None:
        raise NotFoundError
    return session.execute(_WAITING, {"place": place_id}).scalar_one()


def sent_today(session: Session, actor: Actor) -> int:
    """How many the actor has signed today."""
    return session.execute(_SENT_TODAY, {"me": actor.member_id, "day": clock.today()}).scalar_one()


def standing(session: Session) -> BoxState:
    """How the box stands, for everybody to know: numbers alone."""
    return BoxState(*session.execute(_STANDING, {"day": clock.today()}).one())


def _me(actor: Actor) -> dict[str, object]:
    return {"me": actor.member_id, "day": clock.today()}
