"""Attempts scored anew after a question was withdrawn or restored, some people at a time (decision 0051).

How far that is stands with the quiz: whoever stops it goes on with the same button, and the sweep with what was left.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.portions import Came, Portion, portion
from app.core.rows import IDS, locked
from app.features.study.quiz import passes, queries
from app.features.study.quiz.models import Quiz, QuizAttempt
from app.features.study.quiz.queries import QUIZ

AT_ONCE: Final = 200
"""People whose attempts one unit of work scores."""
NOBODY: Final = UUID(int=0)
"""Before everybody."""
_PEOPLE: Final = select(QuizAttempt.member_id).where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.counts).distinct()
_COUNTED: Final = (
    select(QuizAttempt)
    .where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.counts, QuizAttempt.member_id.in_(IDS))
    .order_by(QuizAttempt.corrected_at, QuizAttempt.id)
)
_UNFINISHED: Final = select(Quiz.id).where(Quiz.scored_to.is_not(None), Quiz.id > bindparam("after")).order_by(Quiz.id)
_HELD: Final = locked(select(Quiz).where(Quiz.id == QUIZ))


def begin(of: Quiz) -> None:
    """Everybody's attempts wait to be scored anew. The quiz is held."""
    of.scored_to = NOBODY


def score_next(session: Session, of: Quiz) -> Came:
    """Score those of the next people without what is withdrawn by now; passes are gained, none is taken away.

    The quiz is held. Where nobody's wait, nothing happens.
    """
    if of.scored_to is None:
        return Came(Portion((), 0, 0), 0)
    part = portion(session.scalars(_PEOPLE, {"quiz": of.id}), of.scored_to, at_once=AT_ONCE)
    questions = queries.asked(session, of.id)
    attempts = session.scalars(_COUNTED, {"quiz": of.id, "ids": [*part.ids]}).all() if part.ids else ()
    for attempt in attempts:
        if score := queries.score_of(of, questions, attempt.answers):
            attempt.score, attempt.total = score.score, score.total
            attempt.passed = attempt.passed or score.passed
    of.scored_to = None if part.is_last else part.ids[-1]
    session.flush()
    passes.post(session, of, [attempt for attempt in attempts if attempt.passed])
    return Came(part, len(part.ids))


def finish(database: Database, _now: object) -> int:
    """Score what somebody has left half scored; gives the number of quizzes."""
    last, number = NOBODY, 0
    while True:
        with database.write() as session:
            quiz_id = session.scalars(_UNFINISHED, {"after": last}).first()
            if quiz_id is None:
                return number
            came = score_next(session, session.scalars(_HELD, {"quiz": quiz_id}).one())
        if came.portion.is_last:
            last, number = quiz_id, number + 1
