"""What streams say of a member on the member's page, each to whoever may read it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.features.members.actor import Actor


class Said(NamedTuple):
    """One line, and where there is more of it."""

    about: LazyText | str
    title: str
    words: str
    address: str


Sayer = Callable[[Session, Actor, UUID], Iterable[Said]]
_sayers: list[Sayer] = []


def know(sayers: Iterable[Sayer]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once."""
    _sayers[:] = sayers


def said_of(session: Session, actor: Actor, member_id: UUID) -> list[Said]:
    """Everything that streams have to say of a member to the actor, who may open the member's page."""
    return [line for sayer in _sayers for line in sayer(session, actor, member_id)]
