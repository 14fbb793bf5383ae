"""Reads about accounts and sessions. Statements are built once."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import String, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import AnyRow
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.sign_in.models import Credential, FormerPassword, SignInSession
from app.features.sign_in.outside.models import OutsideSession
from app.features.sign_in.rules import Login, is_alive

_IS_HERE: Final = Member.is_here(bindparam("day", type_=Member.left_on.type))
_ACCOUNTS: Final = (
    select(
        Member.id,
        Member.name,
        Member.phone,
        Member.member_number,
        Member.born,
        Member.branch_id,
        Credential.password_hash,
    )
    .outerjoin(Credential, Credential.member_id == Member.id)
    .where(_IS_HERE)
)
_BY_PHONE: Final = _ACCOUNTS.where(Member.phone == bindparam("phone"))
_BY_NUMBER: Final = _ACCOUNTS.where(
    Member.member_number.in_(bindparam("spellings", type_=String(), expanding=True))
).order_by(Member.id)
_BY_ID: Final = _ACCOUNTS.where(Member.id == bindparam("member"))
_FORMER: Final = (
    select(FormerPassword.id, FormerPassword.password_hash)
    .where(FormerPassword.member_id == bindparam("member"))
    .order_by(FormerPassword.retired_at.desc(), FormerPassword.id.desc())
)
_SESSIONS: Final = (
    select(SignInSession.id, SignInSession.kind, SignInSession.device, SignInSession.created_at, SignInSession.used_at)
    .where(
        SignInSession.member_id == bindparam("member"),
        SignInSession.ended_at.is_(None),
        SignInSession.awaits_factor_since.is_(None),
    )
    .order_by(SignInSession.created_at.desc(), SignInSession.id)
)
_IS_DEMO: Final = select(Organisation.is_demo).where(Organisation.parent_id.is_(None))


def account(session: Session, login: Login) -> AnyRow | None:
    """The present member whom ``login`` names, with the kept password hash if there is one."""
    day = clock.today()
    if login.phone:
        return session.execute(_BY_PHONE, {"phone": login.phone, "day": day}).one_or_none()
    number = login.member_number or ""
    spellings = {number, number.upper(), number.lower()} - {""}
    return session.execute(_BY_NUMBER, {"spellings": sorted(spellings), "day": day}).first()


def account_of(session: Session, member_id: UUID) -> AnyRow | None:
    """The same for a member who is known already."""
    return session.execute(_BY_ID, {"member": member_id, "day": clock.today()}).one_or_none()


def former_passwords(session: Session, member_id: UUID) -> Sequence[AnyRow]:
    """The ids and hashes of passwords given up, the latest first."""
    return session.execute(_FORMER, {"member": member_id}).all()


def devices(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The actor's own living sessions, the newest first; nobody else's are ever listed."""
    now = clock.now()
    rows = session.execute(_SESSIONS, {"member": actor.member_id}).all()
    return [
        row
        for row in rows
        if is_alive(kind=row.kind, created_at=row.created_at, used_at=row.used_at, roles=actor.roles, now=now)
    ]


def is_demo(session: Session) -> bool:
    """Whether the people of this installation are invented, for pages on which nobody is signed in yet."""
    return bool(session.scalar(_IS_DEMO))


SESSION: Final = (
    select(
        SignInSession.id.label("session_id"),
        SignInSession.kind,
        SignInSession.created_at,
        SignInSession.used_at,
        SignInSession.confirmed_at,
        SignInSession.awaits_factor_since,
        SignInSession.factor_at,
        OutsideSession.way,
        Member.id.label("member_id"),
        Member.name,
        Member.branch_id,
        Member.group_id,
        Organisation.name.label("branch_name"),
        Organisation.kind.label("home"),
        Organisation.is_demo,
        RoleTerm.role,
        RoleTerm.organisation_id,
    )
    .join(Member, Member.id == SignInSession.member_id)
    .outerjoin(OutsideSession, OutsideSession.session_id == SignInSession.id)
    .join(Organisation, Organisation.id == Member.branch_id)
    .outerjoin(
        RoleTerm,
        and_(
            RoleTerm.member_id == Member.id,
            RoleTerm.in_force(bindparam("today", type_=RoleTerm.starts_on.type)),
            RoleTerm.counts_at_home(),
        ),
    )
    .where(
        SignInSession.token_digest == bindparam("token_digest"),
        SignInSession.ended_at.is_(None),
        Member.is_here(bindparam("today")),
    )
)
ENDED: Final = (
    select(SignInSession.id)
    .join(Member, Member.id == SignInSession.member_id)
    .where(
        SignInSession.token_digest == bindparam("token_digest"),
        or_(SignInSession.ended_at.is_not(None), Member.left_on <= bindparam("today", type_=Member.left_on.type)),
    )
)
BY_WORD_ALONE: Final = (
    select(SignInSession.id)
    .join(OutsideSession, OutsideSession.session_id == SignInSession.id)
    .where(SignInSession.id == bindparam("session"), SignInSession.factor_at.is_(None))
)
"""The session, if somebody outside has opened it and nobody has given a second step in it since."""
HOLDER: Final = select(SignInSession.member_id).where(SignInSession.token_digest == bindparam("token_digest"))
TOUCH: Final = (
    update(SignInSession)
    .where(SignInSession.id == bindparam("session"))
    .values(used_at=bindparam("used_now"))
    .execution_options(synchronize_session=False)
)
