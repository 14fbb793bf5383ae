"""Kept passwords: what a new one must not be, and how one takes the place of another."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import clock, passwords
from app.core.db import Database
from app.core.rows import AnyRow
from app.features.members import queries as members
from app.features.sign_in import queries
from app.features.sign_in.errors import UsedPasswordError
from app.features.sign_in.models import Credential, FormerPassword
from app.features.sign_in.password_rules import NOT_AGAIN, check_password, known_of


def hash_of_new(units: Database, account: AnyRow, password: str) -> str:
    """The hash to keep for a new password of ``account`` (a row of ``queries.account``).

    Raises:
        WeakPasswordError: it is guessed early, or was one of the last ``NOT_AGAIN``.
    """
    known = known_of(name=account.name, numbers=(account.phone, account.member_number), born=account.born)
    check_password(password, personal=known)
    with units.read() as session:
        former = queries.former_passwords(session, account.id)[: NOT_AGAIN - 1]
    for kept in (account.password_hash, *(row.password_hash for row in former)):
        if kept and passwords.verify_password(password, kept)[0]:
            raise UsedPasswordError(n=NOT_AGAIN)
    return passwords.hash_password(password)


def set_password(session: Session, member_id: UUID, password_hash: str) -> None:
    """Keep ``password_hash`` for the member; the present one becomes a former one, the oldest is forgotten."""
    members.lock(session, member_id)
    present = session.get(Credential, member_id, populate_existing=True)
    if present is None:
        session.add(Credential(member_id=member_id, password_hash=password_hash))
    else:
        session.add(FormerPassword(member_id=member_id, password_hash=present.password_hash))
        present.password_hash, present.changed_at = password_hash, clock.now()
    session.flush()
    forgotten = [row.id for row in queries.former_passwords(session, member_id)[NOT_AGAIN - 1 :]]
    session.execute(delete(FormerPassword).where(FormerPassword.id.in_(forgotten)))


def is_still(session: Session, member_id: UUID, kept: str, *, renewed: str | None) -> bool:
    """Whether ``kept`` is still the member's hash, now that it has been verified outside of any lock.

    If so, it stays so until the unit of work ends, and a ``renewed`` hash (today's algorithm) takes its place.
    """
    credential = session.scalars(
        select(Credential).where(Credential.member_id == member_id).with_for_update()
    ).one_or_none()
    if credential is None or credential.password_hash != kept:
        return False
    if renewed:
        credential.password_hash = renewed
        session.flush()
    return True
