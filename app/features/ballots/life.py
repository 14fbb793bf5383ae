"""The steps of a democratic review, what it refuses, and what follows from numbers of people and marks."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _
from app.core.life import Life, StepRefusedError
from app.core.words import Word
from app.features.ballots.rules import MEAN_FROM, Grade, most_excellent

WORDS_LENGTH: Final = 200
NAME_LENGTH: Final = 80
NUMBER_MOST: Final = 999


class State(Word):
    """Where a review stands."""

    PREPARED = "prepared", _("prepared")
    OPEN = "open", _("ballot is open"), "need"
    CLOSED = "closed", _("ballots counted"), "need"
    SETTLED = "settled", _("results confirmed"), "ok"
    NOT_HELD = "not_held", _("not held: no ballot was cast")
    REPEATED = "repeated", _("to be repeated: the ballot is not valid")


class Step(Word):
    """What happens to a review."""

    OPEN = "open", _("Open the ballot")
    CLOSE = "close", _("Close the ballot and count")
    SETTLE = "settle", _("results confirmed")
    FAIL = "fail", _("not held: no ballot was cast")
    REPEAT = "repeat", _("Repeat the ballot")


class Measure(Word):
    """What may follow on a grade; people decide it, nothing follows by itself. Source: §7.6."""

    TALK = "talk", _("a reminding talk")
    DEADLINE = "deadline", _("to mend by a date")


class Moved(Word):
    """Who changed the branch between the year's end and the review. Source: §2: the branch of 31 December reviews."""

    CAME = "came", _("came since, is reviewed by the former branch")
    GONE = "gone", _("moved away since, is reviewed here and votes there")


class ReviewStepError(StepRefusedError):
    message = _("By now this is: %(state)s. Look again, then decide.")


LIFE: Final = Life(
    State,
    {
        Step.OPEN: ((State.PREPARED,), State.OPEN),
        Step.CLOSE: ((State.OPEN,), State.CLOSED),
        Step.FAIL: ((State.OPEN,), State.NOT_HELD),
        Step.REPEAT: ((State.OPEN,), State.REPEATED),
        Step.SETTLE: ((State.CLOSED,), State.SETTLED),
    },
    refusal=ReviewStepError,
)


class PreparedAlreadyError(ConflictError):
    message = _("For this year there is one already. Look at the list first.")


class NotOpenError(ConflictError):
    code = "ballot_not_open"
    message = _("The ballot is not open. Whoever chairs the meeting opens and closes it.")


class NotOnRollError(ForbiddenError):
    message = _("You are not on the list of those who are here. Tell whoever chairs the meeting.")


class OnPaperError(ConflictError):
    message = _("%(name)s has taken a paper ballot. One person has one ballot.")


class VotedByPhoneError(ConflictError):
    message = _("%(name)s has taken a ballot on the phone. One person has one ballot.")


class TakenElsewhereError(ConflictError):
    message = _("You have taken your ballot, and this browser does not hold it. Use the phone with which you took it.")


class OwnMarkError(ForbiddenError):
    message = _("Nobody gives a mark to oneself.")


class PaperUncheckedError(ConflictError):
    message = _("The paper ballots are counted by two officers: another one confirms them before the ballot is closed.")


class TooFewBallotsError(ConflictError):
    message = _(
        "%(cast)s ballots were cast, and %(all)s people may take part: more than half is needed. Wait for the others, "
        "or repeat the ballot."
    )


class TooManyExcellentError(ConflictError):
    field = "consent"
    message = _(
        "At most %(most)s of %(full)s full members are excellent, a third. For more, enter the number of the organ "
        "committee's consent."
    )


class ProbationaryError(ConflictError):
    message = _("A probationary member is not graded.")


class ReasonWantedError(BadInputError):
    message = _("For %(name)s say why in a sentence: the grade is below what most voted for, or it is “not qualified”.")


class OwnGradeError(ForbiddenError):
    message = _("Your own grade is entered by somebody else.")


class TooFewSatError(ConflictError):
    field = "sat"
    message = _("At least half of the committee must be there: %(sat)s of %(seats)s are named.")


class NothingCountedError(ConflictError):
    message = _("Nobody has entered a count, or somebody took paper since: enter what was counted first.")


class OtherThanShownError(ConflictError):
    """The other one of two confirms what was read, and nothing that the first one changed meanwhile."""

    message = _("This was changed since you opened the page. Look once more, then confirm.")


class NoOpinionError(ConflictError):
    message = _("Nothing waits here. The committee enters the grades first.")


class ToldLaterError(BadInputError):
    message = _("Choose a day from the review on, and not one to come.")

    def __init__(self, *, at: str) -> None:
        self.field = at
        super().__init__()


class MeasureError(BadInputError):
    field = "measure"
    message = _("A talk goes with “basically qualified”; a date to mend by, within a year, with “not qualified”.")


def majority(marks: Sequence[int]) -> Grade | None:
    """The best grade that more than half of the marks reach; ``None`` without marks."""
    reached = 0
    for grade, number in zip(Grade, marks, strict=True):
        reached += number
        if 2 * reached > sum(marks):
            return grade
    return None


def wants_reason(grade: Grade, marks: Sequence[int]) -> bool:
    """Whether a grade needs a sentence: below what most voted for, or not qualified. Source: §7.5.

    Too few marks have no result, and so no majority: asking for a reason would tell what the one or two said.
    """
    order, most = list(Grade), majority(marks) if sum(marks) >= MEAN_FROM else None
    return grade is Grade.NOT_QUALIFIED or (most is not None and order.index(grade) > order.index(most))


def check_grades(grades: Mapping[UUID, Grade], subjects: Collection[UUID], *, full: int, consent: str | None) -> None:
    """Let grades pass that a committee may give. ``full``: how many full members have their relation here on the day.

    Raises:
        TooManyExcellentError: more than a third, without the organ committee's consent.
    """
    if not grades.keys() <= set(subjects):
        raise ProbationaryError
    wanted = sum(grade is Grade.EXCELLENT for grade in grades.values())
    if wanted > most_excellent(full) and not consent:
        raise TooManyExcellentError(most=most_excellent(full), full=full)


def check_sat(sat: int, seats: int) -> None:
    """Let a committee pass of which at least half is there."""
    if not sat or 2 * sat < seats:
        raise TooFewSatError(sat=sat, seats=seats)
