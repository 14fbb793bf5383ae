"""What a stream says about the things it lets phones capture: a name, a payload, and what to do with them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.i18n import LazyText
from app.features.inbox.rules import Outcome
from app.features.members.rules import Permission

P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured(Generic[P]):
    """One captured thing on its way into its stream: new, well-formed, and its turn has come."""

    id: UUID
    member_id: UUID
    branch_id: UUID
    recorded_by_id: UUID
    """The member, or the officer who handed the item over from a file."""
    payload: P
    occurred_at: datetime
    """By our clock; the branch-local day of it is the day the act belongs to."""
    occurred_as_sent: str
    received_at: datetime
    made_offline: bool
    flags: Collection[str]
    """Why an officer should look, as far as is known before the stream has looked."""


@dataclass(frozen=True)
class CapturedKind(Generic[P]):
    """A kind of captured item, as its stream gives it to the door for phones.

    Both functions cost a number of statements that does not depend on the number of items.
    """

    name: str
    payload: type[P]
    take: Callable[[Session, Sequence[Captured[P]]], Mapping[UUID, Outcome]]
    """Stores all of them, pending, and says what each phone hears. When it raises, nothing of it stays, and the
    items come again one by one: an ``AppError`` then refuses the item, anything else asks the phone to try later."""
    take_back: Callable[[Session, Collection[UUID], UUID], Mapping[UUID, AppError]]
    """Withdraws those of these items of a member (items, member) that are undecided; names the others and why.
    Ids it has nothing of are a ``NotFoundError``: of an item that has not come, every stream is asked."""
    words: Mapping[str, LazyText] = field(default_factory=dict)
    """What the fields of the payload are called on the screen, for the sentence that says which of them is wrong."""
    needs: Permission = Permission.BE_MEMBER
    """Who captures such things."""
    about: Callable[[P], UUID] | None = None
    """The other item that such an item is about, if its very purpose is that one. It does not wait for it to come,
    but is dealt with after it."""
