"""Open quizzes on the page of today, the news that one is open, and what they write into the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.rules import FactType
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.notices.sources import DueLine, Reminder, ReminderSource
from app.features.study.quiz import passes, queries
from app.features.study.quiz.captures import HOME
from app.features.study.quiz.models import Quiz, QuizAttempt, QuizBranch
from app.features.study.quiz.queries import NOW

_ASKED: Final = (
    select(Quiz.id.label("quiz_id"), Quiz.title, Quiz.closes_at, Member.id.label("member_id"))
    .join(QuizBranch, QuizBranch.quiz_id == Quiz.id)
    .join(Member, Member.branch_id == QuizBranch.branch_id)
    .where(
        Quiz.opens_at <= NOW,
        Quiz.closes_at >= NOW,
        or_(Member.left_on.is_(None), Member.left_on > bindparam("day", type_=Member.left_on.type)),
        ~exists().where(QuizAttempt.quiz_id == Quiz.id, QuizAttempt.member_id == Member.id, QuizAttempt.counts),
    )
    .order_by(Quiz.id, Member.id)
)


def _lines(session: Session, actor: Actor, _today: date) -> Iterator[DueLine]:
    """What is open and was not begun. One statement."""
    if not actor.may(Permission.BE_MEMBER):
        return
    for row in queries.open_to(session, actor, clock.now()):
        if not row.used:
            yield DueLine(
                due_on=clock.local_day(row.closes_at),
                title=row.title,
                words=_("open until %(day)s") % {"day": formats.short_day(clock.local_day(row.closes_at))},
                address=f"{HOME}/{row.id}",
                is_late=False,
                about=lazy_gettext("Quiz"),
                act=_("Take the quiz"),
            )


def _news(session: Session, now: datetime) -> Sequence[Reminder]:
    """That a quiz is open, once to each who is asked and has not begun: a quiz is no duty, nobody hears it again."""
    return [
        Reminder(
            member_id=row.member_id,
            subject_id=row.quiz_id,
            address=f"{HOME}/{row.quiz_id}",
            details={"title": row.title, "closes_on": clock.local_day(row.closes_at).isoformat()},
            until=clock.local_day(row.closes_at),
            once=True,
        )
        for row in session.execute(_ASKED, {"now": now, "day": clock.local_day(now)})
    ]


def _words(details: Mapping[str, Any]) -> str:
    said = {"title": details["title"], "day": formats.day(date.fromisoformat(details["closes_on"]))}
    return _("The quiz “%(title)s” is open until %(day)s, if you like to take it.") % said


PASSES: Final = FactSource(passes.SOURCE, lazy_gettext("Quiz passed"), f"{HOME}/{{id}}", (FactType.STUDY_QUIZ_PASSED,))
QUIZ_DUE: Final = ReminderSource(
    name="study.quiz",
    label=lazy_gettext("Quizzes that are open"),
    due=_news,
    words=_words,
    lines=_lines,
    is_listed=lambda details: True,
)
