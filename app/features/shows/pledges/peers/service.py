"""Asking colleagues for their words, and taking them down."""

from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, true
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_renewing
from app.core.errors import NotFoundError
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.shows.pledges import queries
from app.features.shows.pledges.branch_settings import held_settings
from app.features.shows.pledges.errors import PeersNotAskedError
from app.features.shows.pledges.models import PledgeWord
from app.features.shows.pledges.peers.queries import branch_asks
from app.features.shows.pledges.rules import PeerWord, is_open_to_peers

_WORDS: Final = cast(Table, PledgeWord.__table__)


def ask_peers(session: Session, actor: Actor, *, asks_peers: bool) -> None:
    """Let the branch ask colleagues what they saw, or ask no longer; words already said stay."""
    settings = held_settings(session, actor)
    if changes := audit.changed({"asks_peers": settings.asks_peers}, {"asks_peers": asks_peers}):
        branch = audit.Subject(actor.branch_name, actor.branch_id, actor.branch_id)
        audit.record(session, actor.member_id, AuditAction.SETTINGS_CHANGED, branch, changes)
    settings.asks_peers, settings.changed_by_id, settings.changed_at = asks_peers, actor.member_id, clock.now()
    session.flush()


def say(session: Session, actor: Actor, *, pledge_id: UUID, word: PeerWord, sentence: str | None) -> None:
    """Say what the actor saw of a colleague's pledge; said again, the new word takes the place of the old one.

    Raises:
        NotFoundError: no such pledge of a colleague in the actor's branch.
        PeersNotAskedError: the branch does not ask about it now.
    """
    pledge = queries.of_colleague(session, actor, pledge_id)
    if pledge.member_id == actor.member_id:
        raise NotFoundError
    if not branch_asks(session, actor.branch_id) or not is_open_to_peers(pledge.state, pledge.year, clock.today()):
        raise PeersNotAskedError
    row = {
        "pledge_id": pledge.id,
        "peer_id": actor.member_id,
        "member_id": pledge.member_id,
        "word": word,
        "sentence": sentence,
        "said_at": clock.now(),
    }
    session.execute(insert_renewing(session, _WORDS, where=true()), [row])
