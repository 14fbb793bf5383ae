"""Every kind of thing that phones capture, and what they take along so that it can be spoken of without a network."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.features.inbox.kinds import CapturedKind
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.streams import STREAMS as ALL
from app.features.sync.withdrawals import WITHDRAW, withdraw_kind

STREAMS: Final[Mapping[str, CapturedKind[Any]]] = {kind.name: kind for stream in ALL for kind in stream.captures}
KINDS: Final[Mapping[str, CapturedKind[Any]]] = {**STREAMS, WITHDRAW: withdraw_kind(STREAMS)}


def lists_of(session: Session, actor: Actor) -> dict[str, Any]:
    """What is the actor's own right now in every stream: nobody else's, and no contact."""
    found: dict[str, Any] = {"member_id": str(actor.member_id), "is_member": actor.may(Permission.BE_MEMBER)}
    for stream in ALL:
        found |= stream.lists(session, actor)
    return found
