"""Signing: the branch asks, the member says, or an officer notes what happened on paper or why nothing did."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, workdays
from app.core.errors import NotFoundError
from app.core.holidays import calendar
from app.core.rows import locked, one
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.two_people import BoundError, SamePersonError, Second
from app.features.scores.archive import given, queries, rules
from app.features.scores.archive.models import Signature
from app.features.scores.archive.service import check_scope
from app.features.scores.archive.snapshot import Content, signed_digest
from app.features.scores.objections import queries as objections

_MINE: Final = locked(queries.MINE)
_MAY_MOVE: Final = locked(
    select(Signature)
    .where(Signature.said.is_(None), Signature.due_on >= bindparam("today", type_=Signature.due_on.type))
    .order_by(Signature.id)
)
_OTHERS: Final = locked(
    select(Signature).where(Signature.id == bindparam("signature"), Signature.branch_id == bindparam("branch"))
)
_ANY: Final = locked(select(Signature).where(Signature.id == bindparam("signature")))


def ask(session: Session, actor: Actor, *, year: int, among: Collection[UUID] | None = None) -> int:
    """Ask everybody of the branch to sign who was not asked yet, or whose sheet has changed since; how many it were.

    Whom an objection holds is asked later. Their day to sign by is stored now. ``among``: only of these.

    Raises:
        NotSettledError: the publicity of the year, or the days for objections, are not over.
    """
    if rules.STEPS.isdisjoint(actor.roles):
        raise NotFoundError
    today = clock.today()
    due_on = workdays.after(today, rules.SIGNING_DAYS, calendar(session))
    settled = queries.is_settled(session, actor.branch_id, year)
    asked = 0
    for person in queries.people(session, actor.branch_id, year, among=among):
        if not settled and person.version == 1:
            continue
        if person.state is rules.State.CHANGED and person.signature:
            held = session.scalars(_OTHERS, {"signature": person.signature.id, "branch": actor.branch_id}).one()
            _clear(held)
            held.opened_on, held.due_on, held.opened_by_id = today, due_on, actor.member_id
        elif person.state is rules.State.NOT_ASKED:
            session.add(
                Signature(
                    member_id=person.id,
                    branch_id=actor.branch_id,
                    year=year,
                    version=person.version,
                    opened_on=today,
                    due_on=due_on,
                    opened_by_id=actor.member_id,
                )
            )
        else:
            continue
        asked += 1
    if not (settled or asked):
        raise rules.NotSettledError
    session.flush()
    return asked


def move_later(session: Session, _now: object) -> int:
    """Give those who are asked more days where a list of days off came after they were asked; never fewer."""
    days, moved = calendar(session), 0
    for held in session.scalars(_MAY_MOVE, {"today": clock.today()}):
        later = workdays.after(held.opened_on, rules.SIGNING_DAYS, days)
        moved += later > held.due_on
        held.due_on = max(held.due_on, later)
    session.flush()
    return moved


def sign(
    session: Session,
    actor: Actor,
    *,
    year: int,
    said: rules.SignatureWords,
    words: str | None = None,
    seen: str | None = None,
) -> None:
    """The member has read the own sheet, and has no objection or a reservation. Until the archive it may be said anew.

    ``seen`` is the digest of what the form showed: nobody signs what came after it.

    Raises:
        OtherThanSeenError: the sheet has changed since it was shown.
    """
    mine = session.scalars(_MINE, {"member": actor.member_id, "year": year}).one_or_none()
    if mine is None:
        raise NotFoundError
    if queries.my_signature(session, actor, year) is None:
        raise rules.ArchivedError
    if objections.pending(session, [actor.member_id], year):
        raise rules.ObjectionPendingError
    if said is rules.SignatureWords.RESERVED and not words:
        raise rules.NoReservationError
    _say(session, actor, mine, said, words if said is rules.SignatureWords.RESERVED else None, seen=seen)


def read(session: Session, actor: Actor, year: int) -> Content:
    """What the actor signs, as it is now."""
    mine = queries.my_signature(session, actor, year)
    if mine is None:
        raise NotFoundError
    return given.contents(session, [actor.member_id], branch_id=mine.branch_id, year=year)[actor.member_id]


def note_paper(session: Session, actor: Actor, *, signature_id: UUID, words: str | None = None) -> None:
    """The member has signed the printed sheet, perhaps with a reservation; another officer confirms it.

    Raises:
        SaidByNowError: the member has signed, or it is archived.
    """
    held, person = _theirs(session, actor, signature_id)
    if person.state is rules.State.ON_PAPER and held.said_by_id == actor.member_id:
        return
    if person.state is not rules.State.WAITING and held.said is not rules.SignatureWords.UNSIGNED:
        raise rules.SaidByNowError(state=person.state.label)
    _say(session, actor, held, rules.SignatureWords.PAPER, words or None)


def decide_paper(session: Session, actor: Actor, *, signature_id: UUID, second: Second) -> Signature:
    """Another officer has seen the signed paper, or has not; who noted it may take that back.

    Where the branch has no other officer: the member whom its members' meeting has named, or the committee above.
    """
    held = one(session, _ANY, {"signature": signature_id})
    stands_in = check_scope(session, actor, held.branch_id)
    if stands_in and queries.deciders(session, held.branch_id)[0] - {held.member_id, held.said_by_id}:
        raise NotFoundError
    person = _person(session, actor, held)
    if person.state is not rules.State.ON_PAPER or held.said_by_id is None:
        raise rules.SaidByNowError(state=person.state.label)
    own = held.said_by_id == actor.member_id
    if own and second is Second.CONFIRM:
        raise SamePersonError
    if not own and powers.are_bound(session, actor.member_id, held.said_by_id):
        raise BoundError
    if second is Second.DECLINE:
        _clear(held)
    else:
        held.confirmed_by_id = actor.member_id
    session.flush()
    return held


def note_unsigned(session: Session, actor: Actor, *, signature_id: UUID, why: rules.Why) -> None:
    """Note why somebody has not signed, once the days for it are over. It costs nothing and stands on the sheet."""
    held, person = _theirs(session, actor, signature_id)
    if person.state is not rules.State.WAITING and held.said is not rules.SignatureWords.UNSIGNED:
        raise rules.SaidByNowError(state=person.state.label)
    if clock.today() <= held.due_on:
        raise rules.SigningRunsError(day=held.due_on)
    _clear(held)
    held.said, held.why = rules.SignatureWords.UNSIGNED, why
    held.said_by_id, held.said_at = actor.member_id, clock.now()
    session.flush()


def _theirs(session: Session, actor: Actor, signature_id: UUID) -> tuple[Signature, queries.Person]:
    held = one(session, _OTHERS, {"signature": signature_id, "branch": actor.branch_id})
    return held, _person(session, actor, held)


def _person(session: Session, actor: Actor, held: Signature) -> queries.Person:
    if held.member_id == actor.member_id:
        raise rules.AboutOneselfError
    found = queries.people(session, held.branch_id, held.year, among=[held.member_id])
    if not found:
        raise NotFoundError
    [person] = found
    if person.state is rules.State.OBJECTION:
        raise rules.ObjectionPendingError
    if person.state is rules.State.ARCHIVED or person.signature is not held:
        raise rules.ArchivedError
    return person


def _say(
    session: Session,
    actor: Actor,
    held: Signature,
    said: rules.SignatureWords,
    words: str | None,
    *,
    seen: str | None = None,
) -> None:
    content = given.contents(session, [held.member_id], branch_id=held.branch_id, year=held.year)[held.member_id]
    digest = signed_digest(content)
    if seen not in (None, digest):
        raise rules.OtherThanSeenError
    _clear(held)
    held.said, held.words, held.digest = said, words, digest
    held.said_by_id, held.said_at = actor.member_id, clock.now()
    session.flush()


def _clear(held: Signature) -> None:
    held.said = held.words = held.why = held.digest = held.said_by_id = held.said_at = held.confirmed_by_id = None
