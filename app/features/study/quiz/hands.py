"""Who may know the keys of a quiz before answering it. What such people pass waits for another officer.

Who alone could gain: whoever plans the quiz or another one with the same questions (its page shows the keys), wrote or
corrected one of them in any version, or holds a post that opens one of these banks or quizzes while the quiz is there.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Date, bindparam, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import IDS
from app.features.members.models import RoleTerm
from app.features.study.bank.keepers import KEEPING
from app.features.study.quiz.models import BankQuestion, Quiz, QuizQuestion
from app.features.study.quiz.queries import QUIZ

_Version = aliased(BankQuestion)
_QUESTIONS: Final = (
    select(BankQuestion.first_id)
    .join(QuizQuestion, QuizQuestion.question_id == BankQuestion.id)
    .where(QuizQuestion.quiz_id == QUIZ)
)
_VERSIONS: Final = select(_Version).where(_Version.first_id.in_(_QUESTIONS))
_QUIZZES: Final = (
    select(Quiz.planned_by_id, Quiz.organisation_id)
    .join(QuizQuestion, QuizQuestion.quiz_id == Quiz.id)
    .join(_Version, _Version.id == QuizQuestion.question_id)
    .where(_Version.first_id.in_(_QUESTIONS))
)
"""It, and every other one with one of its questions."""
_POSTS: Final = select(RoleTerm.member_id).where(
    RoleTerm.role.in_(KEEPING),
    RoleTerm.organisation_id.in_(
        union(_VERSIONS.with_only_columns(_Version.bank_id), _QUIZZES.with_only_columns(Quiz.organisation_id))
    ),
    RoleTerm.starts_on <= bindparam("today", type_=Date()),
    or_(RoleTerm.ends_on.is_(None), RoleTerm.ends_on >= bindparam("since", type_=Date())),
)
_KNOW: Final = union(
    _POSTS.where(RoleTerm.member_id.in_(IDS)),
    _VERSIONS.with_only_columns(_Version.entered_by_id).where(_Version.entered_by_id.in_(IDS)),
    _QUIZZES.with_only_columns(Quiz.planned_by_id).where(Quiz.planned_by_id.in_(IDS)),
)


def may_know(session: Session, of: Quiz, member_ids: Collection[UUID]) -> set[UUID]:
    """Those of these people who may know its keys."""
    asked = {"quiz": of.id, "today": clock.today(), "since": clock.local_day(of.planned_at), "ids": sorted(member_ids)}
    return set(session.scalars(_KNOW, asked)) if member_ids else set()
