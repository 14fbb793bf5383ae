"""Who may know of an entry of hours, and who is another pair of eyes for it.

Never the person it is about, nor who brought it, nor an account that is the work of either; and only by a post held
before the list came. A branch's officers speak for its people, a committee's for what one of them brought; where a
branch has nobody else, a committee officer above it or the member whom its meeting has named (docs/domain.md §1).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Uuid, and_, bindparam, exists, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import IDS
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.rules import OrganisationKind, Permission, Role
from app.features.members.standing import DECIDING, STANDING_IN
from app.features.organisations.queries import descendants
from app.features.study.lists.models import HoursEntry, HoursImport

ME: Final = bindparam("me", type_=Uuid())
_OWN: Final = bindparam("own", type_=Uuid())
_DAY: Final = bindparam("day", type_=Date())
_LED: Final = descendants(
    select(Organisation.id.label("top"), Organisation.id.label("id")).where(
        Organisation.id.in_(bindparam("leads", type_=Uuid(), expanding=True))
    )
)
_Other, _Post, _Place = aliased(Member), aliased(RoleTerm), aliased(Organisation)
_OTHER_MAY: Final = exists().where(
    _Post.member_id == _Other.id,
    _Post.organisation_id == HoursEntry.branch_id,
    _Post.role.in_(sorted(DECIDING)),
    _Post.in_force(_DAY),
    or_(_Post.given_at.is_(None), _Post.given_at <= HoursImport.brought_at),
    _Other.branch_id == HoursEntry.branch_id,
    or_(_Other.left_on.is_(None), _Other.left_on > _DAY),
    _Other.id.not_in((HoursEntry.member_id, HoursEntry.brought_by_id)),
)
_OF_COMMITTEE: Final = exists().where(
    _Place.id == HoursImport.organisation_id, _Place.kind != OrganisationKind.BRANCH, _Place.id.in_(select(_LED.c.id))
)
VISIBLE: Final = or_(
    HoursEntry.branch_id == _OWN, _OF_COMMITTEE, and_(HoursEntry.branch_id.in_(select(_LED.c.id)), ~_OTHER_MAY)
)
"""Whether an entry of a list, both in the statement, is the actor's to know of. Give it ``reach(actor)``."""
WAITS: Final = (HoursEntry.taken_back_at.is_(None), HoursEntry.confirmed_at.is_(None))
LISTS: Final = union(
    select(HoursEntry.import_id).where(HoursEntry.branch_id == _OWN),
    select(HoursImport.id)
    .join(_Place, _Place.id == HoursImport.organisation_id)
    .where(_Place.kind != OrganisationKind.BRANCH, _Place.id.in_(select(_LED.c.id))),
    select(HoursEntry.import_id).where(*WAITS, HoursEntry.branch_id.in_(select(_LED.c.id))),
)
"""The lists among whose entries such ones may be, found by index."""
_POSTS: Final = (
    select(RoleTerm.member_id, RoleTerm.organisation_id, RoleTerm.role)
    .join(Member, Member.id == RoleTerm.member_id)
    .where(
        RoleTerm.organisation_id.in_(IDS),
        RoleTerm.role.in_(sorted(DECIDING | STANDING_IN)),
        RoleTerm.in_force(_DAY),
        RoleTerm.counts_at_home(),
        or_(RoleTerm.given_at.is_(None), RoleTerm.given_at <= bindparam("brought_at", type_=RoleTerm.given_at.type)),
        or_(Member.left_on.is_(None), Member.left_on > _DAY),
    )
)


def is_second(actor: Actor) -> bool:
    """Whether there may be lists of others for the actor to look at."""
    return actor.may(Permission.APPROVE) or bool(actor.leads) or Role.SUPERVISOR in actor.roles


def reach(actor: Actor) -> Mapping[str, Any]:
    """The values that ``VISIBLE`` asks for."""
    officer = actor.may(Permission.RECORD_FOR_OTHERS) or Role.SUPERVISOR in actor.roles
    own = actor.branch_id if officer else None
    return {"own": own, "leads": sorted(actor.leads), "me": actor.member_id, "day": clock.today()}


def seconds(session: Session, actor: Actor, of: HoursImport, entries: Sequence[HoursEntry]) -> set[UUID]:
    """Those of these entries, which the actor may know of, about which the actor may say something."""
    if of.brought_by_id == actor.member_id or not is_second(actor):
        return set()
    branches = {entry.branch_id for entry in entries}
    above = {place: powers.above_of(session, place) for place in {of.organisation_id, actor.branch_id}}
    posts = _posts(session, of, branches | actor.leads)
    deciders = {
        place: {who for who, held in posts.items() for at, role in held if at == place and role in DECIDING}
        for place in branches
    }
    hands = powers.bound_to(session, {actor.member_id, of.brought_by_id}.union(*deciders.values()))
    leads = {place for place, role in posts[actor.member_id] if role is Role.COMMITTEE_OFFICER}
    of_committee = of.organisation_id not in branches and bool(leads & {of.organisation_id, *above[of.organisation_id]})

    def is_another(who: UUID, entry: HoursEntry) -> bool:
        barred = {of.brought_by_id, entry.member_id}
        return who not in barred | hands[of.brought_by_id] and barred.isdisjoint(hands[who])

    def may(entry: HoursEntry) -> bool:
        if not is_another(actor.member_id, entry):
            return False
        others = {who for who in deciders[entry.branch_id] if is_another(who, entry)}
        over = leads if entry.branch_id != actor.branch_id else leads & above[actor.branch_id]
        stands_in = bool(over) or (entry.branch_id, Role.SUPERVISOR) in posts[actor.member_id]
        return actor.member_id in others or of_committee or (stands_in and not others)

    return {entry.id for entry in entries if may(entry)}


def _posts(session: Session, of: HoursImport, places: Collection[UUID]) -> Mapping[UUID, set[tuple[UUID, Role]]]:
    """Who held which deciding post on these places before the list came, and holds it today."""
    found = defaultdict[UUID, set[tuple[UUID, Role]]](set)
    asked = {"ids": sorted(places), "day": clock.today(), "brought_at": of.brought_at}
    for row in session.execute(_POSTS, asked):
        found[row.member_id].add((row.organisation_id, row.role))
    return found
