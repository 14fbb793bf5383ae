"""Printing slips and using them; and the first one of an installation."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.db import Database
from app.core.errors import NotFoundError
from app.core.rows import rowcount
from app.features.members import audit, reach
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.member_numbers import draw_numbers
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.powers import posts_ahead, side, standing
from app.features.members.rules import AuditAction, OrganisationKind, Role
from app.features.members.standing import may_reach_account, weight_of
from app.features.sign_in import credentials, lockout
from app.features.sign_in import queries as accounts
from app.features.sign_in.outside.links import end_all as end_links
from app.features.sign_in.rules import SessionKind
from app.features.sign_in.service import end_sessions, open_session
from app.features.sign_in.tokens import digest
from app.features.slips import queries
from app.features.slips.models import Slip
from app.features.slips.rules import (
    VALID_FOR,
    ExpiredSlipError,
    FoundedAlreadyError,
    OverruledSlipError,
    SamePersonError,
    SlipState,
    SpentSlipError,
    UnknownCodeError,
    new_code,
    read_code,
)


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """What stands on the paper. The code is nowhere else."""

    name: str
    member_number: str
    code: str
    last_day: date


@dataclass(frozen=True, slots=True)
class StillValid:
    """Nothing was printed: slips that are still good would have ended by it, and nobody has said that they may."""

    slips: Mapping[UUID, UUID]
    """Of each member the slip that is still good."""


def print_slips(
    session: Session, actor: Actor, *, member_ids: Iterable[UUID], replaces: Collection[UUID] = ()
) -> Sequence[PrintedSlip] | StillValid:
    """New slips for these members, in the order of the list they were ticked on.

    An older slip that is still good ends only if it is one of ``replaces``: a second sending of the same form ends
    nothing, and neither does one that does not know what another officer has printed meanwhile.

    Raises:
        NotFoundError: one of them is not in the actor's reach, or has left.
        OwnRecordError: one of them is the actor.
        HigherPostError: one of them decides beside the actor or stands higher.
    """
    wanted = list(dict.fromkeys(member_ids))
    found = {member_id: reach.appointee(session, actor, member_id)[0] for member_id in sorted(wanted)}
    today = clock.today()
    for member in found.values():
        if member.left_on and member.left_on <= today:
            raise NotFoundError
        reach.check_account(session, actor, member)
    last, now = queries.last_slips(session, wanted), clock.now()
    valid = {name: slip.id for name, slip in last.items() if slip.state(now) is SlipState.VALID}
    if not set(valid.values()) <= set(replaces):
        return StillValid(valid)
    return [print_slip(session, found[member_id], by=actor.member_id) for member_id in wanted]


def print_slip(session: Session, member: Member, *, by: UUID | None) -> PrintedSlip:
    """A new slip for a member whose row is held; ``by`` is ``None`` for a command on the server."""
    now, code, last_day = clock.now(), new_code(), clock.today() + VALID_FOR
    _end_slips(session, member.id, now)
    session.add(
        Slip(
            member_id=member.id,
            code_digest=digest(code),
            issued_by_id=by,
            issued_at=now,
            expires_at=clock.midnight(last_day + timedelta(days=1)),
        )
    )
    audit.record(session, by, AuditAction.SLIP_ISSUED, member)
    session.flush()
    return PrintedSlip(member.name, member.member_number, code, last_day)


def activate(units: Database, *, code: str, password: str, network: str, kind: SessionKind, device: str) -> str:
    """Set the password of the slip's holder and sign them in, here and nowhere else; gives the cookie's token.

    Raises:
        LockedError: too many codes were tried from here.
        UnknownCodeError: no slip has this code.
        ExpiredSlipError: it was not used in time.
        SpentSlipError: it was used, or a newer one has taken its place.
        OverruledSlipError: its holder was given a post since, or who printed it may no longer do so.
        WeakPasswordError: the password is guessed early, or was used before.
    """
    meant = read_code(code)
    if meant is None:
        raise UnknownCodeError
    attempt = lockout.begin(units, account=f"slip:{digest(meant)}", network=network)
    with units.read() as session:
        slip = queries.slip_with(session, meant)
        account = accounts.account_of(session, slip.member_id) if slip else None
    if slip is None or account is None:
        raise UnknownCodeError
    with units.write() as session:
        lockout.forgive(session, attempt)
    if slip.used_at or slip.ended_at:
        raise SpentSlipError
    if slip.expires_at <= clock.now():
        raise ExpiredSlipError(day=formats.short_day(clock.local_day(slip.expires_at) - timedelta(days=1)))
    password_hash = credentials.hash_of_new(units, account, password)
    with units.write() as session:
        redeem(session, slip, holder_id=account.id, password_hash=password_hash)
        return open_session(session, member_id=account.id, kind=kind, device=device)


def redeem(session: Session, slip: members.AnyRow, *, holder_id: UUID, password_hash: str) -> None:
    """Use a slip (a row of ``queries.slip_with``) up: its holder has this password from now on, and is in nowhere.

    Raises:
        SpentSlipError: it was used, or a newer one has taken its place.
        OverruledSlipError: its holder was given a post since, or who printed it may no longer do so.
    """
    members.lock(session, holder_id)  # like a printing: the member first, then the slip
    _use(session, slip.id)
    holder = session.get_one(Member, holder_id, populate_existing=True)
    _check_still_good(session, slip, holder)
    holder.opened_by_id, holder.opened_at = slip.issued_by_id, clock.now()
    credentials.set_password(session, holder_id, password_hash)
    end_sessions(session, holder_id)
    end_links(session, holder_id)
    audit.record(session, holder_id, AuditAction.PASSWORD_SET, holder)


def _check_still_good(session: Session, slip: members.AnyRow, holder: Member) -> None:
    """A slip opens what it was printed for: what its holder may do has not grown, and the printer still may print.

    Raises:
        OverruledSlipError: it is otherwise.
    """
    if queries.was_given_a_post(session, holder.id, since=slip.issued_at):
        raise OverruledSlipError
    if slip.issued_by_id is None:
        return
    printer = standing(session, slip.issued_by_id)
    weight = weight_of(posts_ahead(session, [holder.id])[holder.id])
    if printer is None or not may_reach_account(side(session, printer, holder.branch_id), weight):
        raise OverruledSlipError


def _use(session: Session, slip_id: UUID) -> None:
    """Use the slip up; of several at once the database lets one through."""
    used = session.execute(
        update(Slip)
        .where(Slip.id == slip_id, Slip.used_at.is_(None), Slip.ended_at.is_(None))
        .values(used_at=clock.now())
        .returning(Slip.id)
    ).one_or_none()
    if used is None:
        raise SpentSlipError


def end_all(session: Session, now: datetime) -> int:
    """Let no printed slip be good any more; gives how many were."""
    still_good = update(Slip).where(Slip.used_at.is_(None), Slip.ended_at.is_(None))
    return rowcount(session.execute(still_good.values(ended_at=now)))


def _end_slips(session: Session, member_id: UUID, now: datetime) -> None:
    session.execute(
        update(Slip)
        .where(Slip.member_id == member_id, Slip.used_at.is_(None), Slip.ended_at.is_(None))
        .values(ended_at=now)
    )


@dataclass(frozen=True, slots=True)
class Founder:
    """Somebody who gets an administrator's post."""

    name: str
    phone: str
    """Eleven digits."""
    role: Role


def found(session: Session, *, committee: str, branch: str, founders: list[Founder]) -> Iterator[PrintedSlip]:
    """Make the committee, its first branch and the administrators in it; gives the slips with which they set passwords.

    Raises:
        FoundedAlreadyError: there is an organisation.
        SamePersonError: two posts for one phone number; the administrators are different people.
    """
    if session.scalar(select(Organisation.id).limit(1)):
        raise FoundedAlreadyError
    if len({founder.phone for founder in founders}) < len(founders):
        raise SamePersonError
    root = Organisation(kind=OrganisationKind.COMMITTEE, name=committee, pinyin=place_key(committee))
    session.add(root)
    try:
        session.flush()
    except IntegrityError as error:  # another process founds at this moment
        raise FoundedAlreadyError from error
    home = Organisation(kind=OrganisationKind.BRANCH, name=branch, pinyin=place_key(branch), parent_id=root.id)
    session.add(home)
    session.flush()
    for place in (root, home):
        audit.record(session, None, AuditAction.ORGANISATION_ADDED, place)
    for founder, number in zip(founders, draw_numbers(session, len(founders)), strict=True):
        member = Member(
            branch_id=home.id,
            name=founder.name,
            pinyin=pinyin_key(founder.name),
            phone=founder.phone,
            member_number=number,
        )
        session.add(member)
        session.flush()
        session.add(RoleTerm(organisation_id=root.id, member_id=member.id, role=founder.role))
        session.flush()  # the post first: a slip is good for what its holder held when it was printed
        audit.record(session, None, AuditAction.MEMBER_ADDED, member)
        post = audit.changed({}, {"role": founder.role, "place": root.name})
        audit.record(session, None, AuditAction.POST_GIVEN, member, post)
        yield print_slip(session, member, by=None)
