"""What streams say of a member on the member's page, each to whoever may read it."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.features.members.actor import Actor


class SaidLine(NamedTuple):
    """One line, and where there is more of it."""

    about: LazyText | str
    title: str
    words: str
    address: str


Sayer = Callable[[Session, Actor, UUID], Iterable[SaidLine]]
_sayers: list[Sayer] = []


def know(sayers: Iterable[Sayer]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once."""
    _sayers[:] = sayers


def said_of(session: Session, actor: Actor, member_id: UUID) -> list[tuple[str, list[SaidLine]]]:
    """What streams have to say of a member to the actor, who may open the page: lines by what they are about."""
    lines = [line for sayer in _sayers for line in sayer(session, actor, member_id)]
    return [(about, list(same)) for about, same in groupby(lines, lambda line: str(line.about))]
