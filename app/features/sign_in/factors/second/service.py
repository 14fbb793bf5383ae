"""Giving the second factor. Guesses are counted like those of passwords, and each code is used up by one."""

from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import bindparam, or_, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.errors import NotSignedInError
from app.core.sealing import sealer
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.sign_in import known_devices, lockout
from app.features.sign_in.factors import passkeys, queries, rules
from app.features.sign_in.factors.models import RecoveryCode, SecondFactor
from app.features.sign_in.factors.passkeys import Passkey, Site
from app.features.sign_in.factors.rules import FactorKind, WrongCodeError, WrongPasskeyError, read_code
from app.features.sign_in.models import SignInSession
from app.features.sign_in.rules import SessionKind
from app.features.sign_in.tokens import digest, new_token

_STEP_USED: Final = (
    update(SecondFactor)
    .where(SecondFactor.id == bindparam("factor"), SecondFactor.counter < bindparam("step"))
    .values(counter=bindparam("step"), used_at=bindparam("at"))
    .returning(SecondFactor.id)
    .execution_options(synchronize_session=False)
)
"""A step is used up by one: of two who send the same code at one moment the second finds nothing to change."""
_COUNT: Final = bindparam("signed", type_=SecondFactor.counter.type)
_SIGNED: Final = (
    update(SecondFactor)
    .where(
        SecondFactor.id == bindparam("factor"),
        or_(SecondFactor.counter < _COUNT, _COUNT == 0),  # many devices do not count
    )
    .values(counter=_COUNT, used_at=bindparam("at"))
    .returning(SecondFactor.id)
    .execution_options(synchronize_session=False)
)
_CODE_USED: Final = (
    update(RecoveryCode)
    .where(
        RecoveryCode.member_id == bindparam("member"),
        RecoveryCode.code_digest == bindparam("given"),
        RecoveryCode.used_at.is_(None),
    )
    .values(used_at=bindparam("at"))
    .returning(RecoveryCode.id)
    .execution_options(synchronize_session=False)
)


class Completed(NamedTuple):
    """A session whose second factor was given: its new token, and what kind of device it lives on."""

    token: str
    kind: SessionKind


def give_code(units: Database, actor: Actor, *, code: str, device: str | None) -> Completed:
    """Complete the actor's session by a code of an app or of the list; gives its new token.

    Raises:
        LockedError: too many wrong codes.
        WrongCodeError: it is none of the actor's, or it was used before.
        NotSignedInError: the session waits no more.
    """

    def check(session: Session) -> None:
        plain, is_of_app = read_code(code)
        used = _use_step(session, actor, plain) if is_of_app else _use_code(session, actor, plain)
        if not used:
            raise WrongCodeError

    return _complete(units, actor, check, device=device)


def give_passkey(units: Database, actor: Actor, *, site: Site | None, answer: str, device: str | None) -> Completed:
    """Complete the actor's session by a passkey; gives its new token.

    Raises:
        LockedError: too many wrong answers.
        WrongPasskeyError: the answer is of no passkey of the actor's, or does not fit.
        NotSignedInError: the session waits no more.
    """

    def check(session: Session) -> None:
        meant = passkeys.id_in(answer)
        kept = next((row for row in queries.own_factors(session, actor) if row.credential_id == meant), None)
        if kept is None:
            raise WrongPasskeyError
        signed = passkeys.proved(site, answer, Passkey(kept.credential_id, kept.public_key, kept.counter))
        values = {"factor": kept.id, "signed": signed, "at": clock.now()}
        if session.execute(_SIGNED, values).one_or_none() is None:
            raise WrongPasskeyError

    return _complete(units, actor, check, device=device)


def complete(session: Session, actor: Actor) -> Completed:
    """The second factor of the actor's session was given just now; gives its new token.

    Raises:
        NotSignedInError: the session was ended meanwhile, or somebody else has completed it.
    """
    token, now = new_token(), clock.now()
    completed = session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == actor.session_id, SignInSession.ended_at.is_(None), SignInSession.factor_at.is_(None)
        )
        .values(token_digest=digest(token), awaits_factor_since=None, factor_at=now, used_at=now)
        .returning(SignInSession.kind)
    ).one_or_none()
    if completed is None:
        raise NotSignedInError
    audit.record(session, actor.member_id, AuditAction.SIGNED_IN, actor)
    return Completed(token, completed.kind)


def _complete(units: Database, actor: Actor, check: Callable[[Session], None], *, device: str | None) -> Completed:
    """Count the attempt, ``check`` what was given, and complete the session.

    Whoever has come so far knows the password, so strangers share five attempts wherever they are; a device that the
    account knows has its own.
    """
    with units.read() as session:
        place = known_devices.name_for(session, actor.member_id, device) or f"strangers:{actor.member_id}"
    attempt = lockout.begin(units, account=f"factor:{actor.member_id}", network="", known=place)
    try:
        with units.write() as session:
            check(session)
            lockout.forgive(session, attempt)
            return complete(session, actor)
    except (WrongCodeError, WrongPasskeyError):
        with units.write() as session:
            audit.record(session, actor.member_id, AuditAction.SIGN_IN_FAILED, actor)
        raise


def _use_step(session: Session, actor: Actor, code: str) -> bool:
    now = clock.now()
    for row in queries.own_factors(session, actor):
        if row.kind is not FactorKind.APP:
            continue
        step = rules.step_of(sealer().open(row.sealed, belongs_to=row.id), code, now)
        if step is not None:
            return session.execute(_STEP_USED, {"factor": row.id, "step": step, "at": now}).first() is not None
    return False


def _use_code(session: Session, actor: Actor, code: str) -> bool:
    values = {"member": actor.member_id, "given": digest(code), "at": clock.now()}
    return session.execute(_CODE_USED, values).first() is not None
