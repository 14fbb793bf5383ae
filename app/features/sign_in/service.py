"""Coming in, proving oneself again, going out. Passwords are verified between units of work, never within one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, null, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock, passwords
from app.core.db import Database
from app.core.errors import NotFoundError, NotSignedInError
from app.core.ids import new_id
from app.core.rows import AnyRow, rowcount
from app.features.members import audit, leavers
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import AuditAction
from app.features.sign_in import credentials, known_devices, lockout, queries
from app.features.sign_in.errors import WrongOwnPasswordError, WrongPasswordError
from app.features.sign_in.factors import queries as factors
from app.features.sign_in.factors.models import RecoveryCode, SecondFactor
from app.features.sign_in.models import Credential, FormerPassword, KnownDevice, SignInFailure, SignInSession
from app.features.sign_in.outside import trips
from app.features.sign_in.outside.models import OutsideLink, OutsideSession
from app.features.sign_in.outside.rules import OutsideIdentity, is_proved
from app.features.sign_in.rules import CLOCKS_DIFFER, FAILURES_MATTER, PHONE_SESSION, SessionKind, read_login
from app.features.sign_in.tokens import digest, new_token


def sign_in(
    units: Database,
    *,
    login: str,
    password: str,
    network: str,
    kind: SessionKind,
    device: str,
    known: str | None = None,
) -> str:
    """Open a session for whoever ``login`` names; gives the token for the cookie.

    ``known`` is what the browser keeps when accounts were opened on it before (``known_devices``). Unknown, without a
    password yet or wrong: the same sentence, after the same work.

    Raises:
        LockedError: too many wrong attempts.
        WrongPasswordError: it is not so.
    """
    typed = read_login(login)
    with units.read() as session:
        account = queries.account(session, typed)
        place = known_devices.name_for(session, account.id, known) if account else None
    attempt = lockout.begin(units, account=account.id if account else typed.key, network=network, known=place)
    fits, fresh = passwords.verify_password(password, account.password_hash if account else None)
    if account is None or not fits:
        _note_failure(units, attempt, account)
        raise WrongPasswordError
    with units.write() as session:
        if not credentials.is_still(session, account.id, account.password_hash, renewed=fresh):
            raise WrongPasswordError
        lockout.forgive(session, attempt)
        return open_session(session, member_id=account.id, kind=kind, device=device)


def _note_failure(units: Database, attempt: lockout.Attempt, account: AnyRow | None) -> None:
    """Note in the audit log that a sign-in was refused, and whether that has locked the door.

    Also where there is no such account: what was typed is not kept, and it takes as long.
    """
    subject = audit.Subject(account.name, account.id, account.branch_id) if account else audit.Subject("")
    with units.write() as session:
        audit.record(session, None, AuditAction.SIGN_IN_FAILED, subject)
        if lockout.is_closed(session, attempt):
            audit.record(session, None, AuditAction.SIGN_IN_LOCKED, subject)


def confirm(units: Database, actor: Actor, *, password: str) -> None:
    """Note that the actor has typed the password just now; sensitive acts are open for a while.

    Raises:
        LockedError: too many wrong attempts.
        WrongOwnPasswordError: it is another password.
    """
    prove(units, actor, password=password)
    with units.write() as session:
        session.execute(
            update(SignInSession).where(SignInSession.id == actor.session_id).values(confirmed_at=clock.now())
        )


def change_password(units: Database, actor: Actor, *, present: str, password: str) -> None:
    """Give the actor another password; every other device is signed out.

    Raises:
        LockedError: too many wrong attempts.
        WrongOwnPasswordError: ``present`` is another password.
        WeakPasswordError: the new one is guessed early, or was used before.
        NotSignedInError: the session was ended meanwhile, perhaps by a new slip.
    """
    account = prove(units, actor, password=present)
    password_hash = credentials.hash_of_new(units, account, password)
    with units.write() as session:
        if not _is_open(session, actor.session_id):
            raise NotSignedInError
        credentials.set_password(session, actor.member_id, password_hash)
        end_sessions(session, actor.member_id, but=actor.session_id)
        member = session.get_one(Member, actor.member_id)
        audit.record(session, actor.member_id, AuditAction.PASSWORD_CHANGED, member)


def prove(units: Database, actor: Actor, *, password: str) -> AnyRow:
    """The actor's account, once it is sure that the actor holds the device. What is counted is this session's own.

    Raises:
        LockedError: too many wrong attempts.
        WrongOwnPasswordError: it is another password.
    """
    with units.read() as session:
        account = queries.account_of(session, actor.member_id)
    attempt = lockout.begin(units, account=actor.member_id, network="", known=f"{actor.session_id}")
    fits, fresh = passwords.verify_password(password, account.password_hash if account else None)
    if account is None or not fits:
        if account:
            _note_failure(units, attempt, account)
        raise WrongOwnPasswordError
    with units.write() as session:
        if not credentials.is_still(session, account.id, account.password_hash, renewed=fresh):
            raise WrongOwnPasswordError
        lockout.forgive(session, attempt)
    return account


def is_own(units: Database, actor: Actor, *, password: str) -> bool:
    """Whether it is the actor's present password; asking counts like ``prove``.

    Raises:
        LockedError: too many wrong attempts.
    """
    try:
        prove(units, actor, password=password)
    except WrongOwnPasswordError:
        return False
    return True


def open_session(
    session: Session, *, member_id: UUID, kind: SessionKind, device: str, said: OutsideIdentity | None = None
) -> str:
    """Start a session for a member who has just typed a password or a slip's code; gives the token for the cookie.

    It opens nothing yet where the member has a second factor. ``said``: somebody outside has said who it is instead;
    then it counts as typed just now only if the person was asked there.
    """
    token = new_token()
    is_typed = said is None or is_proved(said, clock.now())
    awaits = clock.now() if factors.number(session, member_id) else None
    session_id = new_id()
    session.add(
        SignInSession(
            id=session_id,
            member_id=member_id,
            token_digest=digest(token),
            kind=kind,
            device=device[:80],
            confirmed_at=clock.now() if is_typed else null(),
            awaits_factor_since=awaits,
        )
    )
    session.flush()
    if said:
        session.add(OutsideSession(session_id=session_id, way=said.way, subject_digest=said.digest))
        session.flush()
    if awaits is None:
        by = audit.changed({}, {"way": said.way.value}) if said else {}
        audit.record(session, member_id, AuditAction.SIGNED_IN, session.get_one(Member, member_id), by)
    return token


def sign_out(session: Session, *, token: str) -> None:
    """End the session of ``token``; that it ended before is no trouble."""
    ended = session.execute(
        update(SignInSession)
        .where(SignInSession.token_digest == digest(token), SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(SignInSession.member_id)
    ).one_or_none()
    if ended:
        audit.record(session, ended.member_id, AuditAction.SIGNED_OUT, session.get_one(Member, ended.member_id))


def end_device(session: Session, actor: Actor, *, session_id: UUID) -> None:
    """Sign one of the actor's own devices out."""
    ended = session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == session_id, SignInSession.member_id == actor.member_id, SignInSession.ended_at.is_(None)
        )
        .values(ended_at=clock.now())
        .returning(SignInSession.device)
    ).one_or_none()
    if ended is None:
        raise NotFoundError
    changes = audit.changed({}, {"device": ended.device})
    audit.record(session, actor.member_id, AuditAction.DEVICE_SIGNED_OUT, actor, changes)
    known_devices.forget_session(session, session_id)


def end_others(session: Session, actor: Actor) -> None:
    """Sign the actor out everywhere but here."""
    end_sessions(session, actor.member_id, but=actor.session_id)
    audit.record(session, actor.member_id, AuditAction.DEVICE_SIGNED_OUT, actor)


def end_sessions(session: Session, member_id: UUID, *, but: UUID | None = None) -> None:
    """Sign the member out everywhere, except in session ``but``; the other devices are no longer known."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.member_id == member_id, SignInSession.ended_at.is_(None), SignInSession.id != but)
        .values(ended_at=clock.now())
    )
    known_devices.forget(session, member_id, but=but)


def end_all_sessions(session: Session, now: datetime) -> int:
    """Sign everybody out everywhere; no browser is known any more. Gives how many sessions."""
    session.execute(delete(KnownDevice))
    return rowcount(session.execute(update(SignInSession).where(SignInSession.ended_at.is_(None)).values(ended_at=now)))


def sweep(session: Session, now: datetime) -> int:
    """Forget failures that lock no door any more, sessions that are over and unused devices; gives how many."""
    failures = delete(SignInFailure).where(
        or_(SignInFailure.failed_at < now - FAILURES_MATTER, SignInFailure.failed_at > now + CLOCKS_DIFFER)
    )
    sessions = delete(SignInSession).where(
        or_(SignInSession.created_at < now - PHONE_SESSION, SignInSession.ended_at < now - PHONE_SESSION)
    )
    swept = sum(rowcount(session.execute(statement)) for statement in (failures, sessions))
    return swept + known_devices.sweep(session, now) + trips.sweep(session, now)


def forget_leavers(session: Session, now: datetime) -> int:
    """Erase passwords, second factors and devices of those who left long ago; gives how many passwords."""
    asked = {"before": leavers.gone_before(now)}
    for table in (FormerPassword, SecondFactor, RecoveryCode, KnownDevice, OutsideLink, SignInSession):
        session.execute(delete(table).where(table.member_id.in_(leavers.OF_LEAVERS)), asked)
    passwords = delete(Credential).where(Credential.member_id.in_(leavers.OF_LEAVERS))
    return rowcount(session.execute(passwords, asked))


def _is_open(session: Session, session_id: UUID) -> bool:
    """Whether a session was not ended; it stays open until the unit of work ends."""
    held = select(SignInSession.id).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
    return session.scalar(held.with_for_update()) is not None
