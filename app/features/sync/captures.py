"""What a stream says about the things it lets phones capture: a name, a payload, what to do with them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.i18n import LazyText
from app.features.members.rules import Permission
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus, reasons
from app.features.sync import store
from app.features.sync.items import Item
from app.features.sync.rules import SyncOutcome, for_review, withdrawn

P = TypeVar("P", bound=BaseModel)
N = TypeVar("N")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOnPhone:
    """The form that records a kind on the capture page (``recording.form``), in the words of ``capture-form.js``."""

    action: str
    """Where it is sent without scripts."""
    template: str
    """Of its fields, the same as on the kind's own page. Nobody is known there: it has nothing but limits."""
    fields: str
    """Names of its fields with their kinds: ``title minutes:number takeaway?``."""
    note: str
    """The fields whose words are the line under the title."""
    clear: str
    """The fields that are empty again after each record."""
    untitled: LazyText | None
    """What one without a title is called; ``None``: after the choice of the first field of ``note``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPhone:
    """How phones record and show a kind: all that the pages and their scripts have to know of it."""

    icon: str
    label: LazyText
    """What it is called where kinds stand side by side."""
    part: str = ""
    """The part of the capture page that records it (``data-part``), and the list that it takes along."""
    page: str = ""
    """Where it is recorded with a network."""
    stands_in_for: str = ""
    """Addresses (a regular expression) instead of which ``part`` opens where the network is away, or ``page`` of a kind
    without one. What they ask for behind a ``?`` belongs to them: it can make another person's page of one's own."""
    subject: str = ""
    """The field of the payload that names what is spoken of."""
    waits: Collection[str] = ()
    """States of the payload that wait for an officer; of the others a later word takes the place."""
    form: FormOnPhone | None = None
    """How the capture page makes its form; ``None`` where it says that itself."""
    repairable: bool = False
    """Whether a refused one comes back into the form of ``part``."""
    mended_at: str = ""
    """The page on which a refused one is filled in again, as an address with ``#`` for its ``subject``."""
    arrived: LazyText | None = None
    """What is said of one that has arrived, if not that it waits for approval."""
    returned: LazyText | None = None
    """What is said of one that an officer gave back: where it is corrected."""
    onward: tuple[str, LazyText] | None = None
    """Where one that has arrived goes on, as an address with ``#`` for its id, and what is to be done there."""


@dataclass(frozen=True, kw_only=True)
class CapturedKind(Generic[P]):
    """A kind of captured item, as its stream gives it to the door for phones.

    ``take`` and ``take_back`` cost a number of statements that does not depend on the number of items.
    """

    name: str
    payload: type[P]
    take: Callable[[Session, Sequence[Item[P]]], Mapping[UUID, SyncOutcome]]
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
    on_phone: OnPhone


def reviewed_kind(
    *, new: Callable[[Item[P]], N], record: Callable[[Session, Sequence[N]], Sequence[Review]], **said: Any
) -> CapturedKind[P]:
    """A kind whose items wait for an officer: ``new`` makes a record of one, ``record`` stores them with their reviews.

    ``said`` is the rest of its ``CapturedKind``.
    """

    def take(session: Session, items: Sequence[Item[P]]) -> Mapping[UUID, SyncOutcome]:
        return {review.id: _outcome(review) for review in record(session, [new(item) for item in items])}

    return CapturedKind(**({"take": take, "take_back": take_back_reviews} | said))


def take_back_reviews(session: Session, ids: Collection[UUID], member_id: UUID) -> Mapping[UUID, AppError]:
    """Withdraw what is undecided; the others are named."""
    return {refused.id: refused.error for refused in reviews.withdraw(session, ids, by_id=member_id)}


def keep_out(session: Session, withdrawn_reviews: Sequence[Review]) -> None:
    """A record that was withdrawn on a page, and once came from a phone, does not come back with a late repetition."""
    store.leave_tombstones(session, [review.id for review in withdrawn_reviews])


def _outcome(review: Review) -> SyncOutcome:
    return withdrawn() if review.status is ReviewStatus.WITHDRAWN else for_review(reasons(review.flags))
