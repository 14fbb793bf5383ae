"""Quizzes 定期测试 and the bank of their questions, as the house knows them; an installation may do without."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.stream import Stream, SweepStep, in_one_unit
from app.features.study.quiz import again, due, own
from app.features.study.quiz.captures import QUIZ_ATTEMPT, lists
from app.features.study.quiz.passes import QUIZ_PASSED

QUIZ: Final = Stream(
    name="quiz",
    routes=(
        "app.features.study.bank.routes",
        "app.features.study.quiz.desk.routes",
        "app.features.study.quiz.routes",
    ),
    review_kinds=(QUIZ_PASSED,),
    captures=(QUIZ_ATTEMPT,),
    fact_sources=(due.PASSES,),
    reminders=(due.QUIZ_DUE,),
    lists=lists,
    own_data=(own.ATTEMPTS,),
    sweep=(
        SweepStep(_("Quizzes whose attempts were half scored anew, finished: %(number)s."), again.finish),
        SweepStep(
            _("Answers in quizzes of people who left a year ago, erased: %(number)s."),
            in_one_unit(own.forget_leavers),
            erases=True,
        ),
    ),
    purposes={"quiz_attempts": own.PURPOSE},
)
