"""What may be objected to, the steps of an objection, and by when each. Source: domain, quantified §3, §4, §10, §13."""

from datetime import date
from typing import Final

from app.core import workdays
from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _
from app.core.life import Life, StepRefusedError
from app.core.words import Word
from app.features.ledger.periods import last_day_of
from app.features.scores.cycle.rules import PUBLICITY_DAYS, Deadlines, Filed, deadlines

WORDS_LENGTH: Final = 500
REASONS_LENGTH: Final = 500
SHORTEST_REASONS: Final = 4
"""Characters: a sentence can be short."""


class About(Word):
    """What is objected to: always something of one's own."""

    FACT = "fact", _("A fact that is wrong")
    MISSING = "missing", _("A fact that is missing")
    STANDING = "standing", _("My standing")


class Matter(Word):
    """Which standing."""

    EXEMPT = "exempt", _("Exempt or not")
    PROBATIONARY = "probationary", _("Full or probationary member")
    TRANSFER = "transfer", _("Which branch since when")


class State(Word):
    """Where an objection stands."""

    LATE = "late", _("late: an officer says whether it is taken up"), "need"
    DECLINED = "declined", _("late, not taken up")
    FILED = "filed", _("waits for the answer"), "need"
    WITHDRAWN = "withdrawn", _("withdrawn")
    ANSWERED = "answered", _("answered"), "ok"
    ACCEPTED = "accepted", _("answered and accepted"), "ok"
    ESCALATED = "escalated", _("taken further, waits for the committee"), "need"
    DECIDED = "decided", _("decided for good"), "ok"


class Step(Word):
    """What is done with it."""

    TAKE_UP = "take_up", _("Take it up")
    DECLINE = "decline", _("Do not take it up")
    WITHDRAW = "withdraw", _("Withdraw")
    ANSWER = "answer", _("Answer")
    ACCEPT = "accept", _("Accept the answer")
    ESCALATE = "escalate", _("Take it further")
    DECIDE = "decide", _("Decide")


class ObjectionOutcome(Word):
    """What is answered."""

    UPHELD = "upheld", _("upheld")
    PARTLY = "partly", _("partly upheld")
    REFUSED = "refused", _("not upheld")


class AnsweredByNowError(StepRefusedError):
    message = _("Something was done about this objection by now: %(state)s. Look again.")


LIFE: Final = Life(
    State,
    {
        Step.TAKE_UP: ((State.LATE,), State.FILED),
        Step.DECLINE: ((State.LATE,), State.DECLINED),
        Step.WITHDRAW: ((State.LATE, State.FILED), State.WITHDRAWN),
        Step.ANSWER: ((State.FILED,), State.ANSWERED),
        Step.ACCEPT: ((State.ANSWERED,), State.ACCEPTED),
        Step.ESCALATE: ((State.FILED, State.ANSWERED), State.ESCALATED),
        Step.DECIDE: ((State.ESCALATED,), State.DECIDED),
    },
    refusal=AnsweredByNowError,
)
WAITING: Final = (State.LATE, State.FILED, State.ESCALATED)
"""Somebody else has the word. An answer waits as well, as long as it may be taken further."""


class NotOpenYetError(ConflictError):
    code = "objection_too_early"
    message = _(
        "An objection is possible from the day on which the branch opens the publicity of this period. "
        "Until then, say what you see differently under “Opinions and complaints”."
    )


class DecidedBeforeError(ConflictError):
    code = "objected_before"
    message = _("You have objected to this fact before (no. %(number)s): %(said)s")
    field = "fact"


class ArchivedError(ConflictError):
    code = "objection_after_archive"
    message = _("The sheet of %(year)s is archived. Only the organ committee can re-open it.")


class TakenBackError(ConflictError):
    code = "fact_taken_back"
    message = _("This fact was taken back already. If another one is missing, say so instead.")
    field = "fact"


class TooLateToEscalateError(ConflictError):
    code = "escalated_too_late"
    message = _("The last day to take this further was %(day)s.")


class TooEarlyToEscalateError(ConflictError):
    code = "escalated_too_early"
    message = _("The branch has until %(day)s to answer. After that you can take it further at once.")


class NotTheirsError(ForbiddenError):
    code = "had_a_hand_in_it"
    message = _("You had a hand in this fact, or answered before: somebody else answers.")


class NothingToPostError(BadInputError):
    code = "refused_with_correction"
    message = _("An objection that is not upheld corrects nothing. Choose another outcome, or leave the facts alone.")
    field = "outcome"


class NoReasonsError(BadInputError):
    message = _("Please say why it is not taken up, in a sentence.")
    field = "because"


class NoCorrectionError(BadInputError):
    code = "upheld_without_correction"
    message = _("Say what is corrected: the fact is taken back, or another one is entered, or both.")
    field = "outcome"


class OutsideThePeriodError(BadInputError):
    message = _("The day lies outside the period that the objection is about.")
    field = "day"


def called(year: int, number: int) -> str:
    """What an objection is called in its branch, such as 2026-003."""
    return f"{year}-{number:03}"


def days_from(day: date, calendar: workdays.Calendar) -> Deadlines:
    """The days that follow from what happens on ``day``: the filing, the answer, the way further.

    Each is computed when its step opens; those of the publicity itself were stored then.
    """
    return deadlines(day, PUBLICITY_DAYS.start, Filed(day, day, day), calendar)


def check_day(day: date, *, year: int, quarter: int | None, today: date, same_as: date | None) -> None:
    """Let pass a day of the period objected to, from the year's first to the period's last, or that of the fact.

    Raises:
        OutsideThePeriodError: it is another day, or lies ahead.
    """
    if day != same_as and not date(year, 1, 1) <= day <= min(last_day_of(year, quarter), today):
        raise OutsideThePeriodError


def check_correction(about: About, outcome: ObjectionOutcome, *, take_back: bool, adds: bool) -> None:
    """Let an answer pass whose correction goes with its outcome. Standing is corrected on the member's own pages."""
    if outcome is ObjectionOutcome.REFUSED or about is About.STANDING:
        if take_back or adds:
            raise NothingToPostError
    elif not (adds or (take_back and about is About.FACT)):
        raise NoCorrectionError


def check_escalation(today: date, *, answer_by: date, escalate_until: date | None) -> None:
    """Let an objection go further: after an answer up to its last day, without one once the branch's day is over."""
    if escalate_until is not None:
        if today > escalate_until:
            raise TooLateToEscalateError(day=escalate_until)
    elif today <= answer_by:
        raise TooEarlyToEscalateError(day=answer_by)


def is_pending(state: State, escalate_until: date | None, today: date) -> bool:
    """Whether it holds its member's signature and archive."""
    return state in WAITING or (state is State.ANSWERED and escalate_until is not None and today <= escalate_until)
