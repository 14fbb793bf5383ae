"""Quizzes for tests: the five questions of the worked example, and what people hand in."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.ledger.rules import FactType
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.bank import service as bank
from app.features.study.bank.rules import NewQuestion
from app.features.study.quiz import planning, queries, service
from app.features.study.quiz.models import QuizAttempt, ShowAnswers
from app.features.study.quiz.passes import PASSED
from app.features.study.quiz.rules import QuestionType
from tests.makers import Person

OPENS: Final = datetime(2026, 3, 9, 1, tzinfo=UTC)
KEYS: Final = ("A", "B", "AC", "ABD", "T")
STEMS: Final = ("第一题", "第二题", "第三题", "第四题", "第五题")


def make_quiz(session: Session, planner: Person, **said: Any) -> UUID:
    """The quiz of the domain's worked example (study §9), open for a month; five points a question, line 60."""
    place = said.setdefault("organisation_id", planner.branch_id)
    stem = said.get("title", "")
    for name, key in zip(STEMS, KEYS, strict=True):
        kind = QuestionType.TRUE_FALSE if key == "T" else QuestionType.MULTIPLE if len(key) > 1 else QuestionType.SINGLE
        options = () if kind is QuestionType.TRUE_FALSE else ("甲", "乙", "丙", "丁")
        new = NewQuestion(kind, stem + name, options, key, explanation=f"解析{name}")
        bank.add(session, planner.actor, bank_id=place, new=new)
    ids = [row.id for row in bank.questions(session, place) if row.stem in {stem + name for name in STEMS}]
    new_quiz: dict[str, Any] = {
        "id": new_id(),
        "title": "三月测试",
        "opens_at": OPENS,
        "closes_at": OPENS + timedelta(days=30),
        "question_ids": ids,
        "take": None,
        "line": 60,
        "attempts": 3,
        "half": False,
        "shows": ShowAnswers.AFTER_CLOSING,
    }
    return planning.plan(session, planner.actor, planning.NewQuiz(**new_quiz | said))


def attempt(session: Session, quiz_id: UUID, person: Person, answers: Sequence[str]) -> service.NewAttempt:
    """The next attempt of ``person``, with these answers in the order of its set."""
    of = queries.quiz(session, person.actor, quiz_id)
    given = queries.next_set(session, person.actor, of, queries.asked(session, quiz_id))
    now = clock.now()
    return service.NewAttempt(
        id=new_id(),
        given=given,
        answers=dict(zip(given.question_ids, answers, strict=True)),
        member_id=person.id,
        branch_id=person.branch_id,
        at=now,
        received_at=now,
    )


def hand_in(session: Session, quiz_id: UUID, person: Person, answers: Sequence[str]) -> QuizAttempt:
    """Hand that in."""
    return service.hand_in(session, attempt(session, quiz_id, person, answers))


def passes(session: Session) -> list[tuple[UUID, date]]:
    """Who has a pass in the ledger, and of which day, in the order in which they were posted."""
    rows = select(Fact.member_id, Fact.occurred_on).where(Fact.fact_type == FactType.STUDY_QUIZ_PASSED)
    return [(row.member_id, row.occurred_on) for row in session.execute(rows.order_by(Fact.seq))]


def waiting(session: Session) -> list[tuple[UUID, date]]:
    """Whose pass waits for another officer, and of which day."""
    rows = select(Review.member_id, Review.occurred_on).where(
        Review.kind == PASSED, Review.status == ReviewStatus.PENDING
    )
    return [(row.member_id, row.occurred_on) for row in session.execute(rows.order_by(Review.id))]
