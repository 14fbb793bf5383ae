"""How far the sheets of a branch are, for its officers; what is lacking, and where a member signs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import NotFoundError
from app.core.i18n import LazyText
from app.core.portions import Portion, portion
from app.core.rows import IDS, one
from app.features.ledger import closings
from app.features.ledger.periods import Closing
from app.features.members import homes
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission, Role
from app.features.members.standing import DECIDING
from app.features.members.two_people import Stands
from app.features.scores import queries
from app.features.scores.archive import given
from app.features.scores.archive.given import at_the_end
from app.features.scores.archive.models import Archiving, Signature
from app.features.scores.archive.rules import STEPS, SignatureWords, State
from app.features.scores.archive.snapshot import signed_digest
from app.features.scores.objections import queries as objections
from app.features.scores.publicity import queries as publicities
from app.features.scores.sheet import ScoreStanding

AT_ONCE: Final = 25
"""People whose sheets are composed in one unit of work: their branches wait for its end."""
_YEAR: Final = bindparam("year", type_=Integer())
_BRANCH: Final = bindparam("branch", type_=Uuid())
_Newer = aliased(Signature)
_By = aliased(Member)
_IS_LAST: Final = Signature.version == (
    select(func.max(_Newer.version))
    .where(_Newer.member_id == Signature.member_id, _Newer.year == Signature.year)
    .scalar_subquery()
)
SIGNATURES: Final = select(Signature).where(Signature.year == _YEAR, _IS_LAST)
_OF_BRANCH: Final = SIGNATURES.where(Signature.branch_id == _BRANCH)
_OF_BRANCHES: Final = SIGNATURES.where(Signature.branch_id.in_(IDS))
_ONE: Final = select(Signature).where(
    Signature.id == bindparam("signature", type_=Uuid()), Signature.branch_id == _BRANCH
)
MINE: Final = SIGNATURES.where(Signature.member_id == bindparam("member", type_=Uuid()))
_PROPOSED: Final = select(Archiving).where(
    Archiving.branch_id == _BRANCH, Archiving.year == _YEAR, Archiving.stands == Stands.WAITING
)
_NAMES: Final = (
    select(Member.id, Member.name, Member.pinyin, Organisation.name.label("group_name"))
    .outerjoin(Organisation, Organisation.id == Member.group_id)
    .where(Member.id.in_(IDS))
)


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a branch and year, and how far the sheet is. Never with points."""

    id: UUID
    name: str
    group_name: str | None
    state: State
    signature: Signature | None
    proposed: Archiving | None
    """Who said that it is archived, while another officer's word is waited for."""
    version: int
    """Of the archived sheet that stands, or of the one that comes."""


def is_settled(session: Session, branch_id: UUID, year: int) -> bool:
    """Whether the publicity of the year is over, with the days for objections."""
    shown = publicities.current(session, branch_id, year, None)
    return shown is not None and shown.objections_until is not None and clock.today() > shown.objections_until


def archived_in(session: Session, branch_ids: Collection[UUID], year: int) -> set[UUID]:
    """Those of the branches in which the sheet of everybody who was asked to sign is archived."""
    asked: dict[UUID, set[UUID]] = {}
    for row in session.scalars(_OF_BRANCHES, {"ids": sorted(branch_ids), "year": year}):
        asked.setdefault(row.branch_id, set()).add(row.member_id)
    closed = closings.versions(session, {one for people in asked.values() for one in people}, year)
    archived = {one for one, (_version, state) in closed.items() if state is Closing.ARCHIVED}
    return {branch_id for branch_id, people in asked.items() if people <= archived}


def part(session: Session, branch_id: UUID, year: int, after: UUID | None) -> Portion:
    """The next ones of those whose sheets the branch archives."""
    asked = {one.member_id for one in session.scalars(_OF_BRANCH, {"branch": branch_id, "year": year})}
    return portion(asked | {row.id for row in belonging(session, branch_id, year)}, after, at_once=AT_ONCE)


def people(session: Session, branch_id: UUID, year: int, *, among: Collection[UUID] | None = None) -> list[Person]:
    """How far the sheets of a branch are, by group and pinyin: who belonged to it at the year's end, whom it asked.

    ``among``: of these alone, as a portion of a long job asks.
    """
    asked = {"branch": branch_id, "year": year}
    signatures = {one.member_id: one for one in session.scalars(_OF_BRANCH, asked)}
    proposed = {one.member_id: one for one in session.scalars(_PROPOSED, asked)}
    here = belonging(session, branch_id, year)
    rows: list[homes.Belonged | AnyRow] = list(here)
    if gone := sorted(signatures.keys() - {row.id for row in here}):
        rows += session.execute(_NAMES, {"ids": gone}).all()
    if among is not None:
        rows = [row for row in rows if row.id in among]
    ids = [row.id for row in rows]
    elsewhere = _asked_elsewhere(session, ids, branch_id, year)
    closed = closings.versions(session, ids, year)
    held = objections.pending(session, ids, year)
    asked_now = {
        one: signatures[one]
        for one in ids
        if one in signatures and signatures[one].version == _version(closed.get(one))
    }
    digests = _digests(session, asked_now.values())
    found = []
    for row in rows:
        if row.id in elsewhere:
            continue
        signature, waits, closing = asked_now.get(row.id), proposed.get(row.id), closed.get(row.id)
        if closing is not None and closing[1] is Closing.ARCHIVED:
            state, signature = State.ARCHIVED, signatures.get(row.id)
        else:
            state = _state(row.id, signature, waits, held, digests)
        found.append(Person(row.id, row.name, row.group_name, state, signature, waits, _version(closing)))
    return found


def belonging(session: Session, branch_id: UUID, year: int) -> list[homes.Belonged]:
    """Whose sheets of a year the branch archives: who belonged to it on 31 December, or does until then."""
    return homes.belonging(session, branch_id, min(date(year, 12, 31), clock.today()))


def _version(closing: tuple[int, Closing] | None) -> int:
    """The version that stands, or that comes: after a re-opening the next one."""
    version, state = closing or (1, Closing.ARCHIVED)
    return version + (state is Closing.REOPENED)


_ELSEWHERE: Final = select(Signature.member_id).where(
    Signature.member_id.in_(IDS), Signature.year == _YEAR, Signature.branch_id != _BRANCH
)


def _asked_elsewhere(session: Session, ids: Sequence[UUID], branch_id: UUID, year: int) -> set[UUID]:
    """Those whom another branch has asked: who moved since the year is archived there."""
    return set(session.scalars(_ELSEWHERE, {"ids": ids, "year": year, "branch": branch_id}))


def _digests(session: Session, signatures: Collection[Signature]) -> Mapping[UUID, str]:
    """What those who signed would sign now."""
    signed = [one for one in signatures if one.digest]
    if not signed:
        return {}
    now = given.contents(session, [one.member_id for one in signed], branch_id=signed[0].branch_id, year=signed[0].year)
    return {member_id: signed_digest(content) for member_id, content in now.items()}


def _state(
    member_id: UUID,
    signature: Signature | None,
    proposed: Archiving | None,
    held: Collection[UUID],
    digests: Mapping[UUID, str],
) -> State:
    if member_id in held:
        return State.OBJECTION
    if signature is None:
        return State.NOT_ASKED
    if signature.said is None:
        return State.WAITING
    if signature.digest and signature.digest != digests.get(member_id):
        return State.CHANGED
    if signature.said is SignatureWords.PAPER and signature.confirmed_by_id is None:
        return State.ON_PAPER
    return State.PROPOSED if proposed else State.READY


def my_signature(session: Session, actor: Actor, year: int) -> Signature | None:
    """Where the actor signs the own sheet of a year, once asked to; None after it was archived."""
    found = session.scalars(MINE, {"member": actor.member_id, "year": year}).one_or_none()
    if found is None:
        return None
    closing = closings.versions(session, [actor.member_id], year).get(actor.member_id)
    is_open = closing is None or closing[1] is Closing.REOPENED
    return found if is_open and found.version == _version(closing) else None


def signature(session: Session, actor: Actor, signature_id: UUID) -> tuple[Signature, Person]:
    """One row of the actor's branch, and how far the sheet is."""
    row = one(session, _ONE, {"signature": signature_id, "branch": actor.branch_id})
    for person in people(session, actor.branch_id, row.year, among=[row.member_id]):
        if person.signature is row:
            return row, person
    raise NotFoundError


def my_state(session: Session, mine: Signature) -> State | None:
    """How far the sheet is under which somebody signs."""
    found = people(session, mine.branch_id, mine.year, among=[mine.member_id])
    return found[0].state if found else None


def may_confirm_paper(actor: Actor, person: Person, deciding: Collection[UUID]) -> bool:
    """Whether a signed paper that waits is the actor's to confirm, or to take back; ``deciding`` are of the branch."""
    if person.state is not State.ON_PAPER or person.signature is None or person.id == actor.member_id:
        return False
    alone = not set(deciding) - {person.id, person.signature.said_by_id}
    return actor.may(Permission.APPROVE) or (alone and Role.SUPERVISOR in actor.roles)


def deciders(session: Session, branch_id: UUID) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Who decides in a branch, and who of them takes its steps: secretary and deputy."""
    posts = members.posts_in(session, branch_id)
    return (
        frozenset(one for one, roles in posts.items() if not DECIDING.isdisjoint(roles)),
        frozenset(one for one, roles in posts.items() if not STEPS.isdisjoint(roles)),
    )


def sees(actor: Actor) -> bool:
    """Whether the actor sees how far the sheets of the own branch are: its officers, and who stands in for them."""
    return actor.may(Permission.SEE_BRANCH) or Role.SUPERVISOR in actor.roles


def lacking(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, tuple[LazyText, ...]]:
    """The lines for which a grade of a quarter or the review is missing, by member; who has all of them is not in it.

    Of whom the sheet is closed nothing is said: nobody can do anything about it.
    """
    late = closings.closed(session, member_ids, [year])
    ids = sorted(one for one in member_ids if (one, year) not in late)
    if not ids:
        return {}
    found = {
        shown.member_id: tuple(
            line.title for section in shown.sheet.sections[:-1] for line in section.lines if line.missing
        )
        for shown, _kept in queries.sheets_of(session, ids, at_the_end(year))
        if shown.sheet.standing is ScoreStanding.FULL
    }
    return {member_id: titles for member_id, titles in found.items() if titles}
