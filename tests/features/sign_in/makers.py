"""More people at the door."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core import passwords
from app.features.sign_in.models import Credential, SignInFailure, SignInSession
from app.features.sign_in.rules import COOKIE, SessionKind
from app.features.sign_in.service import open_session
from app.features.sign_in.tokens import digest
from tests.makers import Person, Place, make_member

PHONE_BROWSER = "Mozilla/5.0 (Linux; Android 10; HLK-AL00) AppleWebKit/537.36 Chrome/114.0 Mobile MicroMessenger/8"
DESK_BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 Safari/537.36 Edg/124.0"


def make_newcomer(session: Session, branch: Place, name: str = "辛来", **columns: Any) -> Person:
    """A member who has no password yet and is signed in nowhere."""
    newcomer = make_member(session, branch, name, **columns)
    session.execute(delete(Credential).where(Credential.member_id == newcomer.id))
    session.execute(delete(SignInSession).where(SignInSession.member_id == newcomer.id))
    return newcomer


def make_device(session: Session, person: Person, kind: SessionKind = SessionKind.PHONE, device: str = "A") -> str:
    """One more device on which ``person`` is signed in, with a second factor too; gives the headers it sends."""
    token = open_session(session, member_id=person.id, kind=kind, device=device)
    opened = session.query(SignInSession).where(SignInSession.token_digest == digest(token)).one()
    opened.awaits_factor_since, opened.factor_at = None, opened.created_at
    return f"{COOKIE}={token}"


def make_failures(session: Session, number: int, *, account: object = None, network: str | None = None) -> None:
    """So many wrong passwords just now, of many accounts or from many addresses where none is said."""
    session.add_all(
        SignInFailure(
            account_digest=digest(f"account:{account or n}"),
            address_digest=digest(f"address:{network or f'192.0.2.{n}'}"),
        )
        for n in range(number)
    )


def set_hash(session: Session, person: Person, password_hash: str) -> None:
    """Keep ``password_hash`` for ``person`` as it is."""
    session.get_one(Credential, person.id).password_hash = password_hash


def weak_hash(password: str) -> str:
    """A hash as an older version would have made it: less memory."""
    context = passwords._context.copy(argon2__memory_cost=1024)
    return str(context.hash(password))
