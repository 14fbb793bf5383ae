"""Which vetoes stand, for a sheet; and all of a branch, for its committee."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.i18n import gettext as _
from app.core.rows import IDS
from app.features.members import powers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.others import nobody_else
from app.features.members.queries import AnyRow
from app.features.members.rules import Role
from app.features.members.two_people import Stands
from app.features.scores.vetoes.models import MemberVeto
from app.features.scores.vetoes.rules import COMMITTEE, enters
from app.features.stream import Queue

_Entered, _Decided = aliased(Member), aliased(Member)
_ME, _BRANCH = bindparam("me", type_=Uuid()), bindparam("branch", type_=Uuid())
_Lifting = aliased(MemberVeto)
IS_LIFTED: Final = exists().where(_Lifting.lifts_id == MemberVeto.id, _Lifting.stands == Stands.CONFIRMED)
_CONFIRMED: Final = (
    select(
        MemberVeto.id, MemberVeto.member_id, MemberVeto.kind, MemberVeto.basis, MemberVeto.document, MemberVeto.dated
    )
    .where(
        MemberVeto.member_id.in_(IDS),
        MemberVeto.year == bindparam("year", type_=Integer()),
        MemberVeto.stands == Stands.CONFIRMED,
        MemberVeto.lifts_id.is_(None),
        ~IS_LIFTED,
    )
    .order_by(MemberVeto.dated, MemberVeto.id)
)
_LISTED: Final = (
    MemberVeto.id,
    MemberVeto.member_id,
    MemberVeto.year,
    MemberVeto.kind,
    MemberVeto.basis,
    MemberVeto.document,
    MemberVeto.dated,
    MemberVeto.lifts_id,
    MemberVeto.stands,
    MemberVeto.entered_by_id,
    Member.name,
    _Entered.name.label("entered_by"),
)
_OF_BRANCH: Final = (
    select(*_LISTED, _Decided.name.label("decided_by"), IS_LIFTED.label("is_lifted"))
    .join(Member, Member.id == MemberVeto.member_id)
    .join(_Entered, _Entered.id == MemberVeto.entered_by_id)
    .outerjoin(_Decided, _Decided.id == MemberVeto.decided_by_id)
    .where(Member.branch_id == _BRANCH, or_(MemberVeto.member_id != _ME, MemberVeto.stands == Stands.CONFIRMED))
    .order_by(Member.pinyin, MemberVeto.year.desc(), MemberVeto.id)
)
IS_ALONE: Final = nobody_else(Member.branch_id, COMMITTEE, MemberVeto.member_id, MemberVeto.entered_by_id)
"""Whether nobody else of the branch's committee can confirm it: it asks for the ``day``."""
_UP: Final = powers.everything_over(
    select(Member.branch_id)
    .join(MemberVeto, MemberVeto.member_id == Member.id)
    .where(MemberVeto.stands == Stands.WAITING)
)
BELOW: Final = (
    MemberVeto.stands == Stands.WAITING,
    Member.branch_id != bindparam("own", type_=Uuid()),
    Member.branch_id.in_(
        select(_UP.c.place_id).where(_UP.c.over_id.in_(bindparam("leads", type_=Uuid(), expanding=True)))
    ),
    IS_ALONE,
)
"""What waits below the actor's committee, and nobody of the branch can confirm. Give it ``below(actor)``."""
_Branch = aliased(Organisation)
_OF_BELOW: Final = (
    select(*_LISTED, _Branch.name.label("branch"))
    .join(Member, Member.id == MemberVeto.member_id)
    .join(_Branch, _Branch.id == Member.branch_id)
    .join(_Entered, _Entered.id == MemberVeto.entered_by_id)
    .where(*BELOW)
    .order_by(_Branch.pinyin, _Branch.id, Member.pinyin, MemberVeto.id)
)
_NUMBER_BELOW: Final = select(func.count(MemberVeto.id)).join(Member, Member.id == MemberVeto.member_id).where(*BELOW)
_ALONE: Final = (
    select(MemberVeto.id)
    .join(Member, Member.id == MemberVeto.member_id)
    .where(MemberVeto.stands == Stands.WAITING, Member.branch_id == _BRANCH, IS_ALONE)
)
_WAITING: Final = (
    select(func.count(MemberVeto.id))
    .join(Member, Member.id == MemberVeto.member_id)
    .where(
        Member.branch_id == _BRANCH,
        MemberVeto.stands == Stands.WAITING,
        MemberVeto.entered_by_id != _ME,
        MemberVeto.member_id != _ME,
    )
)


def confirmed(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, Sequence[AnyRow]]:
    """The vetoes over ``year`` that two people have said and none have lifted, by member; who has none is missing.

    Each has its ``kind`` (``sheet.Veto``), ``basis``, ``document`` and the day it is ``dated``. Who may see them is
    for the caller to know: the person and the officers of the branch, and never a publicity.
    """
    found = defaultdict(list)
    for row in session.execute(_CONFIRMED, {"ids": sorted(member_ids), "year": year}):
        found[row.member_id].append(row)
    return found


def of_branch(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """Everything said of vetoes in the actor's branch, by pinyin and year; of oneself nothing that still waits."""
    check_sees(actor)
    return session.execute(_OF_BRANCH, {"branch": actor.branch_id, "me": actor.member_id}).all()


def about(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The members about whom the actor enters vetoes, by group and pinyin; nobody for most."""
    holders = {who for who, held in members.posts_in(session, actor.branch_id).items() if Role.DISCIPLINE in held}
    people = [row for row in members.branch_members(session, actor.branch_id) if row.id != actor.member_id]
    return [row for row in people if enters(actor.roles, others_hold_it=bool(holders - {row.id}))]


def waiting(session: Session, actor: Actor) -> int:
    """How many wait for the actor's second word."""
    if COMMITTEE.isdisjoint(actor.roles):
        return 0
    return session.scalar(_WAITING, {"branch": actor.branch_id, "me": actor.member_id}) or 0


def alone(session: Session, actor: Actor) -> set[UUID]:
    """What waits in the actor's branch and nobody else of its committee can confirm: the committee above does."""
    return set(session.scalars(_ALONE, {"branch": actor.branch_id, "day": clock.today()}))


def of_below(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """What waits for a committee officer, by branch and pinyin: where a branch's committee is one person."""
    return session.execute(_OF_BELOW, below(actor)).all()


def number_below(session: Session, actor: Actor) -> int:
    """How many these are."""
    return session.scalar(_NUMBER_BELOW, below(actor)) or 0


def below(actor: Actor) -> dict[str, object]:
    """The values that ``BELOW`` asks for."""
    return {"leads": sorted(actor.leads), "own": actor.branch_id, "day": clock.today()}


def check_sees(actor: Actor) -> None:
    """Let the committee of a branch pass."""
    if COMMITTEE.isdisjoint(actor.roles):
        raise NotFoundError


def queues(session: Session, actor: Actor) -> Iterator[Queue]:
    """Vetoes and liftings that wait for the actor's second word; also of branches below whose committee is one."""
    if number := waiting(session, actor):
        yield Queue(_("Vetoes, to confirm"), number, "/sheets/vetoes")
    if actor.leads and (number := number_below(session, actor)):
        yield Queue(_("Vetoes of branches, to confirm"), number, "/sheets/vetoes/above")
