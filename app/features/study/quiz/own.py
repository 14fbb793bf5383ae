"""What is kept of somebody's quizzes, as the person reads it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.study.quiz.models import Quiz, QuizAttempt

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
        QuizAttempt.score: _("Hundredths of a point"),
        QuizAttempt.total: _("Of so many"),
        QuizAttempt.passed: _("Passed"),
        QuizAttempt.answers: _("Answers"),
    },
    mine=QuizAttempt.member_id,
    joined=lambda rows: rows.join_from(QuizAttempt, Quiz, Quiz.id == QuizAttempt.quiz_id),
    by=(QuizAttempt.corrected_at, QuizAttempt.id),
)
PURPOSE: Final = Purpose(
    _("What you answered in quizzes, and what it came to"),
    _(
        "you alone; your branch's officers read only how many took part and passed, "
        "and which questions were missed most"
    ),
    _("so that you see what you know, and a quiz that you passed counts"),
)
