"""What a stream says about the records it lets officers decide: a name, words for them, and what an approval brings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import ONE, FactType
from app.features.reviews.models import Review


@dataclass(frozen=True, slots=True)
class Draft:
    """What an approval writes into the ledger; who, whose and which source is filled in from the review."""

    fact_type: FactType
    occurred_on: date
    grade: str = ""
    quantity: int = ONE
    """Hundredths."""
    matter: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewKind:
    """A kind of record that is decided. Each function costs a number of statements that does not grow with its list."""

    name: str
    """Also the source of its facts in the ledger."""
    label: LazyText
    facts: Callable[[Session, Sequence[Review]], Mapping[UUID, Draft]]
    """The fact each approved record brings: at most one; none for those that are left out."""
    describe: Callable[[Mapping[str, Any]], str]
    """``Review.detail`` as one line under the title, in the reader's language, without asking the database."""
    particulars: Callable[[Session, UUID], Sequence[tuple[LazyText | str, str]]]
    """All an officer may want to know of one record, as pairs of label and text."""
    on_returned: Callable[[Session, Sequence[Review]], None] | None = None
    on_withdrawn: Callable[[Session, Sequence[Review]], None] | None = None


_kinds: dict[str, ReviewKind] = {}


def register(kind: ReviewKind) -> ReviewKind:
    """Make ``kind`` known; a stream does this once, when it is imported.

    Raises:
        ValueError: another kind has this name.
    """
    if kind.name in _kinds:
        raise ValueError(f"two kinds are called {kind.name}")
    _kinds[kind.name] = kind
    return kind


def kind_called(name: str) -> ReviewKind:
    """The kind of this name.

    Raises:
        KeyError: no stream has registered it.
    """
    return _kinds[name]


def kinds() -> tuple[ReviewKind, ...]:
    """All kinds, in the order of their streams."""
    return tuple(_kinds.values())


def source_id(review: Review) -> str:
    """What its fact is called in the ledger: approved again after an undo, it is a source of its own."""
    return f"{review.id}:{review.round}"


def fact_of(review: Review, draft: Draft, *, confirmed_by_id: UUID) -> NewFact:
    """The fact that the approval of ``review`` brings."""
    return NewFact(
        branch_id=review.branch_id,
        member_id=review.member_id,
        fact_type=draft.fact_type,
        occurred_on=draft.occurred_on,
        grade=draft.grade,
        quantity=draft.quantity,
        matter=draft.matter,
        note=draft.note,
        source=review.kind,
        source_id=source_id(review),
        recorded_by_id=review.recorded_by_id,
        confirmed_by_id=confirmed_by_id,
    )
