"""Which grade people gave somebody for a year: the rooms that keep it announce it, and archived sheets carry it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.words import Word

Grader = Callable[[Session, Collection[UUID], int], Mapping[UUID, Word]]
_graders: list[Grader] = []


def know(graders: Iterable[Grader]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once."""
    _graders[:] = graders


def of(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, Word]:
    """The grade of each of these members for a year; who has none is missing."""
    return {member: grade for grader in _graders for member, grade in grader(session, member_ids, year).items()}
