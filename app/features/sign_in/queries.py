"""Reads about accounts and sessions. Statements are built once."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, String, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.sign_in.logins import Login
from app.features.sign_in.models import Credential, FormerPassword, SignInSession
from app.features.sign_in.rules import is_alive

AnyRow = Row[*tuple[Any, ...]]
_IS_HERE: Final = or_(Member.left_on.is_(None), Member.left_on > bindparam("day", type_=Member.left_on.type))
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
    select(
        SignInSession.id,
        SignInSession.kind,
        SignInSession.device,
        SignInSession.created_at,
        SignInSession.used_at,
    )
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
