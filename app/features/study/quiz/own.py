"""What is kept of somebody's quizzes, as the person reads it, and when it is erased."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, or_, update
from sqlalchemy.orm import QueryableAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.core.rows import rowcount
from app.features.members import leavers
from app.features.study.quiz.models import Quiz, QuizAttempt


def _told(column: QueryableAttribute[Any]) -> ColumnElement[Any]:
    """What an attempt came to; nothing of practice that came while the quiz was open: it would try out the key."""
    return case((or_(QuizAttempt.counts, QuizAttempt.received_at > Quiz.closes_at), column))


ATTEMPTS: Final = section(
    "quiz_attempts",
    _("Quizzes you took"),
    {
        QuizAttempt.id: _("Id"),
        Quiz.title.label("title"): _("Quiz"),
        QuizAttempt.number: _("Attempt"),
        QuizAttempt.corrected_at: _("Handed in"),
        QuizAttempt.received_at: _("Arrived"),
        QuizAttempt.is_late: _("Arrived after closing"),
        QuizAttempt.counts: _("Counts"),
        _told(QuizAttempt.score).label("score"): _("Hundredths of a point"),
        QuizAttempt.total: _("Of so many"),
        _told(QuizAttempt.passed).label("passed"): _("Passed"),
        QuizAttempt.answers: _("What was answered"),
    },
    mine=QuizAttempt.member_id,
    joined=lambda rows: rows.join_from(QuizAttempt, Quiz, Quiz.id == QuizAttempt.quiz_id),
    by=(QuizAttempt.corrected_at, QuizAttempt.id),
    words={
        "answers": lambda given: gettext("; ").join(
            f"{number}. {letters or '–'}" for number, letters in _numbered(given)
        )
    },
)
PURPOSE: Final = Purpose(
    _("What you answered in quizzes, and what it came to"),
    _(
        "you alone; your branch's officers read only how many took part and passed, "
        "and which questions were missed most"
    ),
    _("so that you see what you know, and a quiz that you passed counts"),
)
_OF_LEAVERS: Final = (
    update(QuizAttempt)
    .where(QuizAttempt.member_id.in_(leavers.OF_LEAVERS), QuizAttempt.total > 0)
    .values(answers={}, score=0, total=0)
    .execution_options(synchronize_session=False)
)


def _numbered(given: Mapping[str, str]) -> Iterable[tuple[int, str]]:
    return enumerate(given.values(), start=1)


def forget_leavers(session: Session, now: datetime) -> int:
    """Erase answers and scores of those who left long ago; numbers of people and facts stay. Gives how many."""
    result = session.execute(_OF_LEAVERS, {"before": leavers.gone_before(now)})
    return rowcount(result)
