"""The questions of one attempt, signed: a phone keeps them without a key, and sends answers to these and no others.

Pure but for the signature, which needs the server's key. Source: domain, study §3.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from app.core import sealing
from app.features.study.quiz.rules import drawn


class QuizSet(NamedTuple):
    """What is put before a member as attempt ``number``."""

    quiz_id: UUID
    number: int
    question_ids: Sequence[UUID]
    signature: str


def questions_of(seed: str, member_id: UUID, number: int, pool: Sequence[UUID], take: int | None) -> Sequence[UUID]:
    """The questions of an attempt: all in their order, or ``take`` drawn by a seed of this member and number."""
    if take is None:
        return pool
    names = {str(one): one for one in pool}
    return [names[one] for one in drawn(seed_of(seed, member_id, number), names, min(take, len(names)))]


def seed_of(seed: str, member_id: UUID, number: int) -> str:
    """The seed of one attempt, which anybody recomputes once the seed of the quiz is shown."""
    return hashlib.sha256(f"{seed}:{member_id}:{number}".encode()).hexdigest()


def sign(quiz_id: UUID, member_id: UUID, number: int, question_ids: Sequence[UUID]) -> QuizSet:
    """The set with the server's signature.

    Raises:
        KeyMissingError: the server does not find its key.
    """
    text = _text(quiz_id, member_id, number, question_ids)
    return QuizSet(quiz_id, number, question_ids, sealing.keyed_digest(text))


def is_ours(given: QuizSet, member_id: UUID) -> bool:
    """Whether these questions were put before this member as this attempt of this quiz.

    Raises:
        KeyMissingError: the server does not find its key.
    """
    return sealing.is_keyed_digest(_text(given.quiz_id, member_id, given.number, given.question_ids), given.signature)


def _text(quiz_id: UUID, member_id: UUID, number: int, question_ids: Collection[UUID]) -> str:
    return f"quiz set {quiz_id} {member_id} {number} {' '.join(sorted(map(str, question_ids)))}"
