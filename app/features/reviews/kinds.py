"""What a stream says about the records it lets officers decide: a name, words for them, and what an approval brings."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.i18n import LazyText
from app.core.rows import AnyRow
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import ONE, FactType
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus


@dataclass(frozen=True, slots=True)
class FactDraft:
    """What an approval writes into the ledger; who, whose and which source is filled in from the review."""

    fact_type: FactType
    occurred_on: date
    grade: str = ""
    quantity: int = ONE
    """Hundredths."""
    matter: str = ""
    note: str = ""
    of_period: bool = False
    """It is about a quarter or a year, not a day; see ``NewFact.of_period``."""


class Alike(NamedTuple):
    """Another record that is much like the one an officer looks at."""

    id: UUID
    title: str
    words: str
    """What else there is to compare, in one line."""


@dataclass(frozen=True, kw_only=True)
class ReviewKind:
    """A kind of record that is decided. Each function costs a number of statements that does not grow with its list."""

    name: str
    """Also the source of its facts in the ledger."""
    label: LazyText
    facts: Callable[[Session, Sequence[Review]], Mapping[UUID, FactDraft]] = lambda session, reviews: {}
    """The fact each approved record brings: at most one; none for those that are left out."""
    fact_types: Sequence[FactType] = ()
    """The types of these facts, first what they are when all goes well. What no stream can bring is not kept here."""
    to_come: Callable[[Session, Collection[UUID], int], Mapping[UUID, int]] | None = None
    """How many of these facts are due in a year and not approved yet, by member; each may become the first type."""
    on_leave: Callable[[Session, Collection[UUID], date, date, datetime], Iterable[tuple[UUID, date]]] | None = None
    """Who of these members was excused from what is attended, and on which days from one to another, as approved by a
    moment: never why."""
    describe: Callable[[Mapping[str, Any]], str]
    """``Review.detail`` as one line under the title, in the reader's language, without asking the database: for the
    member too, so it says nothing that only an officer should read."""
    advise: Callable[[Mapping[str, Any]], Sequence[str]] = lambda detail: ()
    """What goes with that line for the officer alone: what to look at, and whose confirmation the word is."""
    particulars: Callable[[Session, UUID], Sequence[tuple[LazyText | str, str]]]
    """All an officer may want to know of one record, as pairs of label and text."""
    listed_at: str = ""
    """The page on which members find their own ones, whatever became of them."""
    correction: str = ""
    """Where the member corrects a returned record: an address with ``{id}`` in it, empty where there is none."""
    found_at: str = ""
    """Where the member finds the record: an address with ``{id}`` in it, empty where there is none."""
    gathered: Callable[[Mapping[str, Any]], str] | None = None
    """From ``Review.detail``: over which heading the queue puts those that are looked at together, each under the name
    of its member."""
    is_own_doing: bool = True
    """Whether members hand it in, so that they read on the page of today how far it has come."""
    one_by_one: bool = False
    """Whether each wants a word of its own: none is ticked before the officer has ticked it."""
    alike: Callable[[Session, AnyRow], Sequence[Alike]] | None = None
    """The other records for which one (``id``, ``member_id``) is marked as ``Flag.OVERLAP``."""
    is_session: Callable[[Mapping[str, Any]], bool] = lambda detail: False
    """From ``Review.detail``: whether it tells of an organised session, which another stream may tell of as well."""
    barred: Callable[[Session, UUID, Sequence[Review], ReviewStatus], Mapping[UUID, AppError]] | None = None
    """Of these records, those that one member does not approve or return for a reason of the stream, with the refusal:
    the others of the batch are decided."""
    on_approved: Callable[[Session, Sequence[Review]], None] | None = None
    """What else these bring besides facts. It may come again for one: after an undo, and for a session that stood back
    for another which counts no more (``posting.post_beside``)."""
    on_undone: Callable[[Session, Sequence[Review], UUID], None] | None = None
    """When decided ones wait again by the word of this member; facts of ``facts`` are taken back without it.
    Like ``on_approved`` it may come more than once for one."""
    on_returned: Callable[[Session, Sequence[Review]], None] | None = None
    on_withdrawn: Callable[[Session, Sequence[Review]], None] | None = None

    def for_officer(self, detail: Mapping[str, Any]) -> str:
        """The line under the title as the one who decides reads it."""
        return " · ".join([self.describe(detail), *self.advise(detail)])

    def own_page(self, review_id: UUID) -> str:
        """Where the member finds the record: its own page or, where it has none, its row in the list."""
        return self.found_at.format(id=review_id) or f"{self.listed_at}#record-row-{review_id}"


Follower = Callable[[Session, Collection[UUID], UUID], None]
"""What another stream brings along when records, by their ids, count or count no longer by the word of a member."""
_kinds: dict[str, ReviewKind] = {}
_followers: dict[str, list[Follower]] = {}


def know(kinds: Iterable[ReviewKind]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once.

    Raises:
        ValueError: two have one name.
    """
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two are called {kind.name}")


def let_follow(followers: Iterable[tuple[str, Follower]]) -> None:
    """Take in who follows records of which kind. Twice is once."""
    for name, follower in followers:
        known = _followers.setdefault(name, [])
        if follower not in known:
            known.append(follower)


def followed(session: Session, kind: str, ids: Collection[UUID], by_id: UUID) -> None:
    """Tell who follows that these records count by now, or no longer, or for other days."""
    for follower in _followers.get(kind, ()) if ids else ():
        follower(session, ids, by_id)


def kind_called(name: str) -> ReviewKind:
    """The kind of this name.

    Raises:
        KeyError: no stream has it.
    """
    return _kinds[name]


def kinds() -> tuple[ReviewKind, ...]:
    """All kinds, in the order of their streams."""
    return tuple(_kinds.values())


def labels() -> dict[str, LazyText]:
    """The words for each kind by its name."""
    return {kind.name: kind.label for kind in kinds()}


def fact_types() -> frozenset[FactType]:
    """What approvals bring, all kinds together."""
    return frozenset(fact_type for kind in kinds() for fact_type in kind.fact_types)


def to_come(session: Session, ids: Collection[UUID], year: int) -> dict[FactType, Mapping[UUID, int]]:
    """How many facts are due in ``year`` and not approved yet: by what they are when all goes well, and by member."""
    return {kind.fact_types[0]: kind.to_come(session, ids, year) for kind in kinds() if kind.to_come}


def on_leave(session: Session, ids: Collection[UUID], first: date, last: date, by: datetime) -> dict[UUID, list[date]]:
    """The days from ``first`` to ``last`` on which each of these members was excused, as approved by a moment."""
    found: dict[UUID, list[date]] = {}
    for kind in kinds():
        for member_id, day in kind.on_leave(session, ids, first, last, by) if kind.on_leave else ():
            found.setdefault(member_id, []).append(day)
    return found


def by_kind(reviews: Iterable[Review]) -> list[tuple[ReviewKind, list[Review]]]:
    """These reviews, each kind together."""
    ordered = sorted(reviews, key=lambda review: review.kind)
    return [(kind_called(name), list(same)) for name, same in groupby(ordered, key=lambda review: review.kind)]


def correction_page(kind: str, review_id: UUID) -> str | None:
    """The address at which the member corrects a returned record of ``kind``, if there is one."""
    address = _kinds[kind].correction
    return address.format(id=review_id) if address else None


def page_of(source: str, name: str) -> str | None:
    """The address of the record that a fact of the ledger comes from (``source_id`` names it), if there is one."""
    kind = _kinds.get(source)
    return kind.found_at.format(id=name.partition(":")[0]) if kind and kind.found_at else None


def source_id(review: Review) -> str:
    """What its fact is called in the ledger: approved again after an undo, it is a source of its own."""
    return f"{review.id}:{review.round}"


def fact_of(review: Review, draft: FactDraft, *, confirmed_by_id: UUID) -> NewFact:
    """The fact that the approval of ``review`` brings."""
    return NewFact(
        branch_id=review.counts_in_id,
        member_id=review.member_id,
        fact_type=draft.fact_type,
        occurred_on=draft.occurred_on,
        grade=draft.grade,
        quantity=draft.quantity,
        matter=draft.matter,
        note=draft.note,
        of_period=draft.of_period,
        source=review.kind,
        source_id=source_id(review),
        recorded_by_id=review.recorded_by_id,
        confirmed_by_id=confirmed_by_id,
    )
