"""What went through and what did not, as plain values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.core.errors import AppError, NotFoundError
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """A record on its way to the officers."""

    id: UUID
    """Of the record it is about, made before it came here."""
    kind: str
    branch_id: UUID
    member_id: UUID
    recorded_by_id: UUID
    title: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What the kind needs to describe the record in one line; plain JSON."""
    occurred_on: date
    submitted_at: datetime
    flags: frozenset[Flag] = frozenset()
    corrects_id: UUID | None = None
    """The returned record that this one takes the place of."""
    own_branch_id: UUID | None = None
    """Where it counts, if ``branch_id`` is another branch that decides on it."""


class Submission(NamedTuple):
    """A record's review, and whether it has just come or was there before."""

    review: Review
    is_new: bool


class Refused(NamedTuple):
    """A record that stays as it was, and why."""

    id: UUID
    title: str
    """Empty if the officer may not know of it."""
    error: AppError


class TapOutcome(NamedTuple):
    """What one tap of an officer came to."""

    decision_id: UUID | None
    """By this the tap can be taken back; None if nothing was decided."""
    done: tuple[Review, ...]
    refused: tuple[Refused, ...]


def sift(reviews: Iterable[Review], check: Callable[[Review], None]) -> tuple[list[Review], list[Refused]]:
    """Those that ``check`` lets pass, and the others with their refusals."""
    passed, refused = [], []
    for review in reviews:
        try:
            check(review)
        except AppError as error:
            refused.append(Refused(review.id, review.title, error))
        else:
            passed.append(review)
    return passed, refused


def unknown(ids: Iterable[UUID], known: Iterable[Review]) -> list[Refused]:
    """The ids that nobody found among the ``known``."""
    return [Refused(stranger, "", NotFoundError()) for stranger in sorted(set(ids) - {review.id for review in known})]
