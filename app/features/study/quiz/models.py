"""Banks of questions, quizzes drawn from them, and what members answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.i18n import lazy_gettext as _
from app.core.ids import new_id
from app.core.words import Word
from app.features.members.models import Member, Organisation
from app.features.study.bank.rules import (
    EXPLANATION_LENGTH,
    LETTERS,
    SOURCE_LENGTH,
    STEM_LENGTH,
    TAG_LENGTH,
)
from app.features.study.quiz.rules import ATTEMPTS, DEFAULT_POINTS, LINES, POINTS, QuestionType

TITLE_LENGTH = 60
MOST_ATTEMPTS = 10
_CURRENT = "is_current"


class ShowAnswers(Word):
    """When those who took part read the key and its explanation."""

    AFTER_CLOSING = "after_closing", _("after the quiz has closed")
    AFTER_EACH = "after_each", _("after each attempt")


class BankQuestion(Base):
    """One version of a question. Once a quiz that has it has opened, it is never changed: a later version follows."""

    __tablename__ = "bank_questions"
    __table_args__ = (
        CheckConstraint("length(trim(stem)) > 0", name="has_stem"),
        CheckConstraint("length(key) > 0", name="has_key"),
        CheckConstraint(f"points BETWEEN {POINTS[0]} AND {POINTS[-1]}", name="points_in_range"),
        CheckConstraint("version > 0", name="version_from_one"),
        Index(
            "uq_bank_questions_stem",
            "bank_id",
            "stem_key",
            unique=True,
            sqlite_where=text(_CURRENT),
            postgresql_where=text(_CURRENT),
        ),
        Index("ix_bank_questions_bank", "bank_id", "tag"),
        Index("uq_bank_questions_version", "first_id", "version", unique=True),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bank_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the branch or committee that keeps it")
    first_id: Mapped[UUID] = mapped_column(comment="the first version of this question; itself there")
    version: Mapped[int] = mapped_column(default=1)
    is_current: Mapped[bool] = mapped_column(default=True, comment="neither replaced nor taken out of the bank")
    kind: Mapped[QuestionType]
    stem: Mapped[str] = mapped_column(String(STEM_LENGTH))
    stem_key: Mapped[str] = mapped_column(String(64), comment="questions.stem_key")
    options: Mapped[list[str]] = mapped_column(JSON, comment="A, B, …; of right or wrong none")
    key: Mapped[str] = mapped_column(String(len(LETTERS)), comment="letters in order, or T or F")
    points: Mapped[int] = mapped_column(default=DEFAULT_POINTS)
    explanation: Mapped[str | None] = mapped_column(String(EXPLANATION_LENGTH))
    source: Mapped[str | None] = mapped_column(String(SOURCE_LENGTH))
    tag: Mapped[str | None] = mapped_column(String(TAG_LENGTH))
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class Quiz(Base):
    """A quiz that a branch gives itself, or a committee to branches below it.

    Its questions are fixed, or ``take`` are drawn for each attempt by a seed that is shown afterwards.
    """

    __tablename__ = "quizzes"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint(f"line BETWEEN {LINES[0]} AND {LINES[-1]}", name="line_in_range"),
        CheckConstraint(f"attempts BETWEEN 1 AND {MOST_ATTEMPTS}", name="attempts_in_range"),
        CheckConstraint("take > 0", name="takes_some"),
        CheckConstraint("length(trim(title)) > 0", name="has_title"),
        Index("ix_quizzes_organisation", "organisation_id", "closes_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the branch or committee of it")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    take: Mapped[int | None] = mapped_column(comment="drawn for each attempt; NULL: all, in their order")
    seed: Mapped[str] = mapped_column(String(64), comment="random; whoever took part reads it once it has closed")
    line: Mapped[int] = mapped_column(comment="percent")
    attempts: Mapped[int] = mapped_column(default=ATTEMPTS)
    half: Mapped[bool] = mapped_column(default=False, comment="a part of several right answers is half")
    shows: Mapped[ShowAnswers] = mapped_column(default=ShowAnswers.AFTER_CLOSING)
    planned_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    planned_at: Mapped[datetime] = mapped_column(default=clock.now)
    scored_to: Mapped[UUID | None] = mapped_column(
        comment="the last member whose attempts are scored anew; NULL: nobody's wait for it"
    )


class QuizBranch(Base):
    """A branch whose members a quiz asks."""

    __tablename__ = "quiz_branches"
    __table_args__ = (Index("ix_quiz_branches_branch", "branch_id", "quiz_id"),)
    quiz_id: Mapped[UUID] = mapped_column(ForeignKey(Quiz.id, ondelete="CASCADE"), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)


class QuizQuestion(Base):
    """A question of a quiz. A later version stands beside the one it replaced, which old attempts keep."""

    __tablename__ = "quiz_questions"
    __table_args__ = (
        CheckConstraint("(withdrawn_by_id IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_by_somebody"),
        Index("ix_quiz_questions_question", "question_id"),
    )
    quiz_id: Mapped[UUID] = mapped_column(ForeignKey(Quiz.id, ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[UUID] = mapped_column(ForeignKey(BankQuestion.id), primary_key=True)
    position: Mapped[int]
    is_drawn: Mapped[bool] = mapped_column(default=True, comment="neither replaced by a later version nor withdrawn")
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="it was faulty")
    withdrawn_at: Mapped[datetime | None]


class QuizAttempt(Base):
    """What somebody answered. The score follows from it; a pass once won stays."""

    __tablename__ = "quiz_attempts"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_from_one"),
        CheckConstraint("score BETWEEN 0 AND total", name="score_in_range"),
        Index(
            "uq_quiz_attempts_number",
            "quiz_id",
            "member_id",
            "number",
            unique=True,
            sqlite_where=text("counts"),
            postgresql_where=text("counts"),
        ),
        Index("ix_quiz_attempts_member", "member_id", "quiz_id"),
        Index("ix_quiz_attempts_quiz", "quiz_id", "branch_id", "member_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="made on the phone or with the page")
    quiz_id: Mapped[UUID] = mapped_column(ForeignKey(Quiz.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the member's when it arrived")
    number: Mapped[int] = mapped_column(comment="of the signed set, from 1")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, comment="letters by the id of the question, in its order")
    corrected_at: Mapped[datetime] = mapped_column(comment="by our clock")
    received_at: Mapped[datetime]
    counts: Mapped[bool] = mapped_column(comment="false: practice")
    is_late: Mapped[bool] = mapped_column(comment="made in time, received after closing")
    score: Mapped[int] = mapped_column(comment="hundredths of a point")
    total: Mapped[int] = mapped_column(comment="hundredths of a point")
    passed: Mapped[bool]
