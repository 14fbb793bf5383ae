"""Archiving: the secretary says it, another officer confirms it, and the sheet is a text with a digest for good."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError, NotFoundError
from app.core.ids import new_id
from app.core.rows import IDS, locked
from app.features.ledger import closings
from app.features.ledger import service as chains
from app.features.ledger.periods import last_day_to_archive
from app.features.members import audit, powers
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import AuditAction, Permission, Role
from app.features.members.standing import Side
from app.features.members.two_people import LIFE, Second, Stands, check_second, enter
from app.features.scores.archive import given, queries, rules, snapshot
from app.features.scores.archive.models import ArchivedSheet, Archiving, Signature
from app.features.scores.archive.snapshot import Content
from app.features.scores.objections import queries as objections
from app.features.scores.service import pin_rules

_WAITING: Final = locked(
    select(Archiving)
    .where(
        Archiving.branch_id == bindparam("branch"),
        Archiving.year == bindparam("year"),
        Archiving.stands == Stands.WAITING,
    )
    .order_by(Archiving.member_id)
)
_SIGNED: Final = locked(
    select(Signature)
    .where(Signature.member_id.in_(IDS), Signature.year == bindparam("year"))
    .order_by(Signature.member_id, Signature.version)
)


_ASKED: Final = (
    select(Member.id, Member.branch_id)
    .join(Signature, Signature.member_id == Member.id)
    .where(Signature.branch_id == bindparam("branch"), Signature.year == bindparam("year"))
)
_TAKEN: Final = {"uq_archivings_one_waits": rules.ProposedByNowError}


def propose(session: Session, actor: Actor, *, year: int, among: Collection[UUID] | None = None) -> int:
    """Say of all sheets that are far enough, and whose archive is the actor's to propose, that they are archived.

    ``among``: only of these.
    """
    if not (actor.may(Permission.APPROVE) or Role.SUPERVISOR in actor.roles):
        raise NotFoundError
    deciders, leaders = queries.deciders(session, actor.branch_id)
    last, today, proposed, late = last_day_to_archive(year), clock.today(), 0, False
    for person in queries.people(session, actor.branch_id, year, among=among):
        if person.state is not rules.State.READY:
            continue
        if not rules.may_propose(actor.roles, actor.member_id, person.id, deciders, leaders):
            continue
        if not rules.may_archive(year, person.version, today, last):
            late = True
            continue
        said = Archiving(id=new_id(), member_id=person.id, branch_id=actor.branch_id, year=year)
        enter(session, actor, said, _TAKEN)
        proposed += 1
    if not proposed:
        raise rules.TooLateToArchiveError(year=year, day=last) if late else rules.NothingToArchiveError
    return proposed


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of those whose archive was confirmed."""

    done: int
    left: int
    """They have changed since, or somebody else confirms them."""


def decide(
    session: Session, actor: Actor, *, branch_id: UUID, year: int, second: Second, among: Collection[UUID] | None = None
) -> Archived:
    """Confirm the archive of all that wait for the actor's word, or decline it. ``among``: only of these.

    What has changed since it was proposed is not archived, and waits no more.

    Raises:
        AppError: somebody else confirms all that waits: the reason why.
    """
    stands_in = check_scope(session, actor, branch_id)
    deciders, _leaders = queries.deciders(session, branch_id)
    chains.hold(session, _branches_of_asked(session, branch_id, year, among))
    waiting = [
        one
        for one in session.scalars(_WAITING, {"branch": branch_id, "year": year})
        if among is None or one.member_id in among
    ]
    mine: list[Archiving] = []
    refusal: AppError | None = None
    for one in waiting:
        if stands_in and deciders - {one.member_id, one.entered_by_id}:
            continue
        try:
            check_second(session, actor, entered_by_id=one.entered_by_id, about=one.member_id)
        except AppError as error:
            refusal = error
        else:
            mine.append(one)
    if not mine:
        raise refusal or rules.NothingToArchiveError()
    states = {
        person.id: person for person in queries.people(session, branch_id, year, among=[one.member_id for one in mine])
    }
    last, today = last_day_to_archive(year), clock.today()
    ready = [
        one
        for one in mine
        if second is Second.CONFIRM
        and states[one.member_id].state is rules.State.PROPOSED
        and rules.may_archive(year, states[one.member_id].version, today, last)
    ]
    for one in mine:
        said = Second.CONFIRM if one in ready else Second.DECLINE
        one.stands, one.decided_by_id, one.decided_at = LIFE.after(one.stands, said), actor.member_id, clock.now()
    session.flush()
    _archive(session, actor, ready, branch_id=branch_id, year=year)
    return Archived(len(ready), len(waiting) - len(ready))


def check_scope(session: Session, actor: Actor, branch_id: UUID) -> bool:
    """Let those pass who decide in a branch; True for whoever stands in where it has no other officer."""
    if actor.may(Permission.APPROVE) and actor.branch_id == branch_id:
        return False
    supervises = Role.SUPERVISOR in actor.roles and actor.branch_id == branch_id
    if supervises or (actor.leads and powers.side(session, actor, branch_id) is Side.ABOVE):
        return True
    raise NotFoundError


def _branches_of_asked(session: Session, branch_id: UUID, year: int, among: Collection[UUID] | None) -> set[UUID]:
    """Wherever a fact of those who were asked to sign may be posted at this moment: also where they have moved."""
    asked = [
        one for one in session.execute(_ASKED, {"branch": branch_id, "year": year}) if among is None or one.id in among
    ]
    return given.branches_of(session, {one.id for one in asked}, branch_id, year) | {one.branch_id for one in asked}


def _archive(session: Session, actor: Actor, confirmed: Iterable[Archiving], *, branch_id: UUID, year: int) -> None:
    """Write down the sheets of these people; their branches' chains are held."""
    by_member = {one.member_id: one for one in confirmed}
    if not by_member:
        return
    signatures = {one.member_id: one for one in session.scalars(_SIGNED, {"ids": sorted(by_member), "year": year})}
    contents = given.contents(session, sorted(by_member), branch_id=branch_id, year=year)
    pin_rules(session, year=year, version=next(iter(contents.values()))["rules"]["version"])
    versions = closings.close(session, sorted(by_member), year)
    for member_id, version in versions.items():
        content = contents[member_id] | {
            "version": version,
            "archived": {
                "on": clock.today().isoformat(),
                "proposed_by": str(by_member[member_id].entered_by_id),
                "confirmed_by": str(actor.member_id),
            },
            "objections": _objections(session, member_id, year),
            "signature": _signature(signatures[member_id]),
        }
        text = snapshot.canonical(content)
        sheet = ArchivedSheet(
            member_id=member_id,
            year=year,
            version=version,
            branch_id=branch_id,
            content=text,
            sha256=snapshot.digest(text),
            proposed_by_id=by_member[member_id].entered_by_id,
            confirmed_by_id=actor.member_id,
        )
        session.add(sheet)
        about = audit.Subject(content["person"]["name"], member_id, branch_id)
        said = audit.changed({}, {"year": year, "version": version, "sha256": sheet.sha256})
        audit.record(session, actor.member_id, AuditAction.SHEET_ARCHIVED, about, said)
    session.flush()


def _signature(signature: Signature) -> Content:
    return {
        "said": str(signature.said),
        "words": signature.words,
        "why": signature.why and str(signature.why),
        "at": signature.said_at and snapshot.as_text(signature.said_at),
        "by": str(signature.said_by_id),
        "confirmed_by": signature.confirmed_by_id and str(signature.confirmed_by_id),
        "signed": signature.digest,
    }


def _objections(session: Session, member_id: UUID, year: int) -> list[Content]:
    return [
        {
            "id": str(row.id),
            "number": row.number,
            "quarter": row.quarter,
            "about": str(row.about),
            "fact": row.fact_id and str(row.fact_id),
            "rule": row.rule_id,
            "words": row.words,
            "state": str(row.state),
            "outcome": row.outcome and str(row.outcome),
            "reasons": row.reasons,
            "decision": row.decision and str(row.decision),
            "decision_reasons": row.decision_reasons,
        }
        for row in objections.of_member(session, member_id, year)
    ]
