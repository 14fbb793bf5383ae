"""The own second factors: added and taken away."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.core.rows import rowcount
from app.core.sealing import BrokenSealError, sealer
from app.features.members import audit
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.sign_in.factors import passkeys, queries, rules
from app.features.sign_in.factors.models import RecoveryCode, SecondFactor
from app.features.sign_in.factors.passkeys import Site
from app.features.sign_in.factors.rules import (
    MOST,
    FactorKind,
    KnownFactorError,
    LastFactorError,
    StaleSecretError,
    TooManyFactorsError,
    WrongCodeError,
    must_have_one,
    new_recovery_codes,
    read_code,
)
from app.features.sign_in.models import SignInSession
from app.features.sign_in.tokens import digest


class Secret(NamedTuple):
    """What an app is given, and the same sealed, to come back with the first code."""

    plain: str
    sealed: str


def new_secret(actor: Actor) -> Secret:
    """A secret for a new app of the actor; nothing is kept until its first code comes."""
    plain = rules.new_secret()
    return Secret(plain, sealer().seal(plain, belongs_to=actor.member_id).text)


def opened(actor: Actor, sealed: str) -> Secret:
    """The secret of an earlier page of the actor.

    Raises:
        StaleSecretError: it was made for somebody else, or changed.
    """
    try:
        return Secret(sealer().open(sealed, belongs_to=actor.member_id), sealed)
    except BrokenSealError:
        raise StaleSecretError from None


def secret_for(actor: Actor, sealed: str) -> Secret:
    """The secret of an earlier page of the actor, so that the same picture stands there again; else a new one."""
    try:
        return opened(actor, sealed) if sealed else new_secret(actor)
    except StaleSecretError:
        return new_secret(actor)


def add_app(session: Session, actor: Actor, *, sealed: str, code: str, label: str) -> Sequence[str]:
    """Keep an app that has shown its first code; gives recovery codes if it is the first factor.

    Raises:
        StaleSecretError: the secret is not one made for the actor.
        WrongCodeError: the code does not fit the secret.
        KnownFactorError: this secret is on the list already.
        TooManyFactorsError: there are ``MOST`` already.
    """
    secret = opened(actor, sealed).plain
    members.lock(session, actor.member_id)
    present = _room_for_one(session, actor)
    for row in present:
        if row.kind is FactorKind.APP and sealer().open(row.sealed, belongs_to=row.id) == secret:
            raise KnownFactorError  # its steps would be counted twice
    plain, _ = read_code(code)
    step = rules.step_of(secret, plain, clock.now())
    if step is None:
        raise WrongCodeError
    factor_id = new_id()
    kept = sealer().seal(secret, belongs_to=factor_id)
    factor = SecondFactor(
        id=factor_id,
        member_id=actor.member_id,
        kind=FactorKind.APP,
        label=label or str(FactorKind.APP.label),
        sealed=kept.text,
        key_id=kept.key_id,
        counter=step,
    )
    return _added(session, actor, factor, is_first=not present)


def add_passkey(session: Session, actor: Actor, *, site: Site | None, answer: str, label: str) -> Sequence[str]:
    """Keep a passkey that the browser has made; gives recovery codes if it is the first factor.

    Raises:
        WrongPasskeyError: the answer does not fit.
        KnownFactorError: it is kept already, for whomever.
        TooManyFactorsError: there are ``MOST`` already.
    """
    made = passkeys.made(site, answer)
    members.lock(session, actor.member_id)
    present = _room_for_one(session, actor)
    factor = SecondFactor(
        member_id=actor.member_id,
        kind=FactorKind.PASSKEY,
        label=label or str(FactorKind.PASSKEY.label),
        credential_id=made.credential_id,
        public_key=made.public_key,
        counter=made.counter,
    )
    return _added(session, actor, factor, is_first=not present)


def remove(session: Session, actor: Actor, *, factor_id: UUID) -> None:
    """Take one of the actor's factors away; with the last one the recovery codes go.

    Raises:
        LastFactorError: it is the last one of an administrator.
    """
    members.lock(session, actor.member_id)
    present = queries.own_factors(session, actor)
    gone = next((row for row in present if row.id == factor_id), None)
    if gone is None:
        raise NotFoundError
    if len(present) == 1 and must_have_one(actor.roles, is_demo=actor.is_demo):
        raise LastFactorError
    session.execute(delete(SecondFactor).where(SecondFactor.id == factor_id))
    if len(present) == 1:
        session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == actor.member_id))
        _end_waiting(session, actor)
    audit.record(
        session, actor.member_id, AuditAction.SECOND_FACTOR_REMOVED, actor, audit.changed({"device": gone.label}, {})
    )


def renew_codes(session: Session, actor: Actor) -> Sequence[str]:
    """New recovery codes in place of the old ones."""
    members.lock(session, actor.member_id)
    if not queries.number(session, actor.member_id):
        raise NotFoundError
    return _new_codes(session, actor.member_id)


def clear(session: Session, member_id: UUID) -> int:
    """Take all second factors and recovery codes of a member away, whose row is held; gives how many factors."""
    number = queries.number(session, member_id)
    for table in (SecondFactor, RecoveryCode):
        session.execute(delete(table).where(table.member_id == member_id))
    return number


def forget_codes(session: Session, _now: datetime) -> int:
    """Let no recovery code be good any more, whoever's; gives how many were. The factors stay: they only lock."""
    unused = rowcount(session.execute(delete(RecoveryCode).where(RecoveryCode.used_at.is_(None))))
    session.execute(delete(RecoveryCode))
    return unused


def _end_waiting(session: Session, actor: Actor) -> None:
    """Sign out whoever waits at the second step that is there no more: nobody adds a first one in that place."""
    session.execute(
        update(SignInSession)
        .where(
            SignInSession.member_id == actor.member_id,
            SignInSession.awaits_factor_since.is_not(None),
            SignInSession.ended_at.is_(None),
            SignInSession.id != actor.session_id,
        )
        .values(ended_at=clock.now())
    )


def _room_for_one(session: Session, actor: Actor) -> members.Rows:
    present = queries.own_factors(session, actor)
    if len(present) >= MOST:
        raise TooManyFactorsError(n=MOST)
    return present


def _added(session: Session, actor: Actor, factor: SecondFactor, *, is_first: bool) -> Sequence[str]:
    with refusing(session, {"uq_second_factors_credential_id": KnownFactorError}):
        session.add(factor)
    audit.record(
        session, actor.member_id, AuditAction.SECOND_FACTOR_ADDED, actor, audit.changed({}, {"device": factor.label})
    )
    return _new_codes(session, actor.member_id) if is_first else ()


def _new_codes(session: Session, member_id: UUID) -> Sequence[str]:
    made = tuple(new_recovery_codes())
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    session.add_all(RecoveryCode(member_id=member_id, code_digest=digest(code)) for code in made)
    session.flush()
    return made
