"""Every kind of thing that phones capture, and what they take along so that it can be spoken of without a network."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sync.streams import CapturedKind
from app.features.sync.withdrawals import WITHDRAW, withdraw_kind

Lists = Callable[[Session, Actor], Mapping[str, Any]]
STREAMS: Final[dict[str, CapturedKind[Any]]] = {}
KINDS: Final[dict[str, CapturedKind[Any]]] = {WITHDRAW: withdraw_kind(STREAMS)}
_lists: Final[list[Lists]] = []


def know(kinds: Iterable[CapturedKind[Any]], lists: Iterable[Lists]) -> None:
    """These are there, in this order; a program says so once when it starts (``features/streams.py``). Twice is once.

    Raises:
        ValueError: two have one name.
    """
    for kind in kinds:
        if STREAMS.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two are called {kind.name}")
        KINDS.setdefault(kind.name, kind)
    _lists[:] = lists


def lists_of(session: Session, actor: Actor) -> dict[str, Any]:
    """What is the actor's own right now in every stream: nobody else's, and no contact."""
    found: dict[str, Any] = {"member_id": str(actor.member_id), "is_member": actor.may(Permission.BE_MEMBER)}
    for lists in _lists:
        found |= lists(session, actor)
    return found
