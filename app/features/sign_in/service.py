"""Coming in and going out."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.features.sign_in.models import SignInSession
from app.features.sign_in.rules import SessionKind
from app.features.sign_in.tokens import digest, new_token


def open_session(session: Session, *, member_id: UUID, kind: SessionKind, device: str) -> str:
    """Start a session for a member who has just proved who they are; gives the token for the cookie."""
    token = new_token()
    session.add(SignInSession(member_id=member_id, token_digest=digest(token), kind=kind, device=device[:80]))
    session.flush()
    return token
