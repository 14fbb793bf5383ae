"""Open quizzes on the page of today, closed ones for another officer, and what they write into the ledger."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.rules import FactType
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.notices.sources import DueLine, ReminderSource
from app.features.stream import Queue
from app.features.study.quiz import queries, service
from app.features.study.quiz.captures import HOME


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


def queues(session: Session, actor: Actor, _today: date) -> Iterator[Queue]:
    """Quizzes that somebody passed who made them: another officer looks at them."""
    if service.may_vouch(actor) and (waiting := queries.to_vouch(session, actor, clock.now())):
        yield Queue(_("Quizzes to look at"), len(waiting), HOME)


PASSES: Final = FactSource(service.SOURCE, lazy_gettext("Quiz passed"), f"{HOME}/{{id}}", (FactType.STUDY_QUIZ_PASSED,))
QUIZ_DUE: Final = ReminderSource(
    name="study.quiz",
    label=lazy_gettext("quizzes that are open"),
    due=lambda session, now: (),  # a quiz is no duty: nobody is reminded of not taking part
    words=lambda details: "",
    lines=_lines,
)
