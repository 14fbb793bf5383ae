"""In by the word of somebody outside, and proving oneself by it. What was said is known by then; nothing was held."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.errors import AppError
from app.core.settings import Settings
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.sign_in import service
from app.features.sign_in.models import SignInSession
from app.features.sign_in.outside import links, ways
from app.features.sign_in.outside.errors import NotProvedError, NotYouError
from app.features.sign_in.outside.rules import OutsideIdentity, is_proved
from app.features.sign_in.rules import SessionKind


def enter(units: Database, said: OutsideIdentity, config: Settings, *, kind: SessionKind, device: str) -> str:
    """Open a session for whoever is linked with what was ``said``; gives the token for the cookie.

    Raises:
        UnknownOutsideError: nobody is, nor can be by a number.
        PostNeedsMoreError: somebody with a post, who needs more than that.
    """
    way = ways.called(said.way, config)
    try:
        with units.write() as session:
            member_id = links.entering(session, said, way=way, is_believed=config.believes(said.way.value))
            return service.open_session(session, member_id=member_id, kind=kind, device=device, said=said)
    except AppError:
        with units.write() as session:
            _note_refusal(session, said)
        raise


def confirm(units: Database, actor: Actor, said: OutsideIdentity, config: Settings) -> None:
    """Note that the actor has just proved itself outside; sensitive acts are open for a while.

    Raises:
        NotYouError: somebody else has.
        NotProvedError: nobody was asked for anything there.
    """
    way = ways.called(said.way, config)
    if not is_proved(said, clock.now()):
        raise NotProvedError(way=way)
    with units.write() as session:
        if links.whose(session, said) != actor.member_id:
            raise NotYouError(way=way)
        session.execute(
            update(SignInSession).where(SignInSession.id == actor.session_id).values(confirmed_at=clock.now())
        )


def _note_refusal(session: Session, said: OutsideIdentity) -> None:
    """Note it in the audit log, with the member if there is one: nothing of what was said is kept."""
    about = audit.Subject("", links.whose(session, said))
    changes = audit.changed({}, {"way": said.way.value})
    audit.record(session, None, AuditAction.SIGN_IN_FAILED, about, changes)
