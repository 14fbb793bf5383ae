"""Answers out of phones' queues, and the open quizzes that phones keep."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError, ConflictError
from app.core.i18n import gettext, lazy_gettext
from app.core.rows import IDS
from app.core.sealing import KeyMissingError
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.study.bank.keepers import kept_by
from app.features.study.quiz import queries
from app.features.study.quiz.models import QuizAttempt
from app.features.study.quiz.planning import MOST_QUESTIONS
from app.features.study.quiz.service import NewAttempt, hand_in
from app.features.study.quiz.sets import QuizSet
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.items import Item
from app.features.sync.rules import SyncOutcome, Verdict, later

HOME: Final = "/study/quizzes"
MOST: Final = 4
"""Quizzes that one phone keeps: those that close next."""
_ARRIVED: Final = select(QuizAttempt.id).where(QuizAttempt.id.in_(IDS))
Answer = Annotated[str, Field(pattern=r"^([A-H]{0,8}|[TF])$")]


class AttemptStaysError(ConflictError):
    """An attempt is used up by it."""

    code = "progress_stays"
    message = lazy_gettext("Answers that have arrived stay. Another attempt takes nothing from a better one.")


class AttemptPayload(BaseModel):
    """The options that were chosen for each question of a signed set. There is no score in it."""

    quiz_id: UUID
    number: Annotated[int, Field(ge=1, le=10_000)]
    signature: Annotated[str, Field(max_length=64)]
    answers: Annotated[dict[UUID, Answer], Field(min_length=1, max_length=MOST_QUESTIONS)]


def take(session: Session, items: Sequence[Item[AttemptPayload]]) -> Mapping[UUID, SyncOutcome]:
    """Score each; a phone keeps one set of a quiz, so they are few at once."""
    try:
        return {item.id: outcome(hand_in(session, _new(item))) for item in items}
    except KeyMissingError:
        return {item.id: later() for item in items}


def _new(item: Item[AttemptPayload]) -> NewAttempt:
    said = item.payload
    return NewAttempt(
        id=item.id,
        given=QuizSet(said.quiz_id, said.number, [*said.answers], said.signature),
        answers=said.answers,
        member_id=item.member_id,
        branch_id=item.branch_id,
        at=item.happened_at,
        received_at=item.received_at,
    )


def take_back(session: Session, ids: Collection[UUID], _member_id: UUID) -> Mapping[UUID, AppError]:
    """Nothing that has arrived is withdrawn; what has not is kept out."""
    return dict.fromkeys(session.scalars(_ARRIVED, {"ids": sorted(ids)}), AttemptStaysError())


def outcome(attempt: QuizAttempt) -> SyncOutcome:
    """What a phone hears: nothing of the score, which stands on the page of the quiz."""
    if not attempt.counts:
        return SyncOutcome(Verdict.ACCEPTED, "practice", gettext("Kept as practice; it does not count."))
    if attempt.is_late:
        said = gettext("Answered in time, arrived after closing: it counts.")
        return SyncOutcome(Verdict.ACCEPTED, "late_upload", said)
    return SyncOutcome(Verdict.ACCEPTED, "counted", gettext("Arrived. The result stands on the page of the quiz."))


def lists(session: Session, actor: Actor) -> Mapping[str, Any]:
    """The pages of open quizzes in which the actor has attempts left; without those on which a key stands."""
    if not actor.may(Permission.BE_MEMBER):
        return {}
    open_ones = [row for row in queries.open_to(session, actor, clock.now()) if row.used < row.attempts]
    kept = kept_by(actor)
    pages = [(row, page) for row in open_ones[:MOST] for page in ("", "/take")]
    return {"pages": [f"{HOME}/{row.id}{page}" for row, page in pages if page or row.organisation_id not in kept]}


QUIZ_ATTEMPT: Final = CapturedKind(
    name="quiz.attempt",
    payload=AttemptPayload,
    take=take,
    take_back=take_back,
    words={
        "quiz_id": lazy_gettext("Quiz"),
        "number": lazy_gettext("Attempt"),
        "signature": lazy_gettext("Code of the set"),
        "answers": lazy_gettext("What was answered"),
    },
    on_phone=OnPhone(
        icon="book",
        label=lazy_gettext("Quiz"),
        page=HOME,
        subject="quiz_id",
        mended_at=f"{HOME}/#/take",
        arrived=lazy_gettext("Arrived; the result stands on the page of the quiz"),
    ),
)
