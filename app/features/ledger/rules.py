"""What may stand in the ledger: the whitelist of facts, and the grade, quantity and month of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from app.core.errors import AppError, ConflictError
from app.core.formats import hundredths
from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

ONE: Final = 100
"""The quantity of a fact that is simply there, in hundredths."""
OBJECTION: Final = "scores.objection"
"""The source of what the answer to an objection brought or took back: no stream says otherwise any more."""
MATTER_LENGTH: Final = 100
"""Characters of a matter, the word that ties facts about one thing together."""


class UnknownFactTypeError(AppError):
    status = 422
    message = _("“%(fact_type)s” is not on the list of fact types.")


class ForbiddenFactTypeError(AppError):
    status = 422
    message = _("“%(fact_type)s” can never be counted. %(why)s Red line %(red_line)s; %(clause)s")


class FactShapeError(AppError):
    """A known fact type with a grade, quantity, matter or month that it cannot have."""

    status = 422
    message = _("This fact does not fit its type.")


class SourceTakenError(ConflictError):
    message = _("This already stands in the ledger with other content. Take that one back first, then post again.")


class NotReversibleError(ConflictError):
    message = _("This row takes another one back. To undo that, post the fact anew.")


class FactType(Word):
    """Everything that can be a fact. Using the software is not among it (red line 2)."""

    APPRAISAL_QUARTER = "appraisal.quarter", _("Quarterly appraisal")
    PLEDGE_KEPT = "pledge.kept", _("Pledge kept")
    PLEDGE_MISSED = "pledge.missed", _("Pledge not met")
    PLEDGE_EXCUSED = "pledge.excused", _("Pledge not met, with an objective reason")
    DUTY_KEPT = "duty.kept", _("Duty done")
    DUTY_MISSED = "duty.missed", _("Duty not done")
    DUTY_EXCUSED = "duty.excused", _("Duty not done, with an objective reason")
    ATTENDANCE_PRESENT = "attendance.present", _("Took part in a meeting")
    ATTENDANCE_ABSENT = "attendance.absent", _("Absent without excuse")
    ATTENDANCE_ABSENT_KEY = (
        "attendance.absent_key",
        _("Absent from the organisation-life meeting or the democratic review"),
    )
    ATTENDANCE_LATE = "attendance.late", _("More than 30 minutes late, or left so early")
    ATTENDANCE_PRIVATE_LEAVE = "attendance.private_leave", _("Private leave, not made up in 30 days")
    STUDY_SESSION = "study.session", _("Organised study session")
    STUDY_ITEM = "study.item", _("Approved study item")
    STUDY_QUIZ_PASSED = "study.quiz_passed", _("Organised quiz passed")
    STUDY_TRAINING_DAY = "study.training_day", _("Training days")
    LEAVE_UNREPORTED = "leave.unreported", _("Leave not reported")
    LEAVE_UNCLOSED = "leave.unclosed", _("Leave not closed")
    LEAVE_OVERDUE = "leave.overdue", _("Back late without a reason")
    REVIEW_RESULT = "review.result", _("Democratic review")
    SERVICE_WISH_REALISED = "service.wish_realised", _("Wish realised and revisited")
    SERVICE_HALF_DAY = "service.half_day", _("Half-days of volunteering")
    TASK_URGENT = "task.urgent", _("Urgent or hard task")
    BONUS_LECTURE = "bonus.lecture", _("Party lecture given")
    BONUS_SUGGESTION = "bonus.suggestion", _("Suggestion adopted")
    BONUS_COMMENDATION = "bonus.commendation", _("Commendation")


class AppraisalGrade(Word):
    """The grades of the quarterly appraisal 平时考核."""

    GOOD = "good", _("good")
    FAIRLY_GOOD = "fairly_good", _("fairly good")
    AVERAGE = "average", _("average")
    POOR = "poor", _("poor")
    NOT_GRADED = "not_graded", _("quarter not graded")
    """The unit did not appraise: maternity, long illness, secondment, newly arrived. It gives and costs nothing."""


APPRAISAL_NAMES: Final[Mapping[str, AppraisalGrade]] = MappingProxyType(
    dict(zip(("好", "较好", "一般", "较差", "不确定等次"), AppraisalGrade, strict=True))
)
"""The grades as units write them. Source: 公务员平时考核办法（试行）."""


class CommendationLevel(Word):
    """Who commended, from the own unit to the nation."""

    UNIT = "unit", _("unit level")
    DIVISION = "division", _("division level")
    DEPARTMENT = "department", _("department level")
    PROVINCE = "province", _("province level")
    NATION = "nation", _("nation level")


GRADES: Final[Mapping[str, Word]] = MappingProxyType(
    {grade.value: grade for kind in (AppraisalGrade, CommendationLevel) for grade in kind}
)
"""Every grade a fact can have, by what is stored."""


def _points(number: int) -> str:
    return ngettext("%(n)s point", "%(n)s points", number)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a fact of one type may carry, and how it is said. Quantities are hundredths, on whole ``step``s."""

    grades: tuple[str, ...] = ()
    lowest: int = ONE
    highest: int = ONE
    step: int = ONE
    by_matter: bool = False
    """True where facts about the same matter are weighed together, so that totals keep the matter."""
    unit: Callable[[int], str] = field(default=_points, compare=False)
    """The sentence for one or more of the quantity, with ``%(n)s`` in it."""
    is_amount: bool = False
    """True where the quantity is how much somebody did. Any other one is points, and stands in no ledger on paper and
    in no publicity."""

    @property
    def measured(self) -> bool:
        """True where the quantity says something beyond "once"."""
        return self.lowest != self.highest

    def said(self, quantity: int) -> str:
        """``quantity`` (hundredths) with its unit; empty where a fact is simply there."""
        return self.unit(1 if quantity == ONE else 2) % {"n": hundredths(quantity)} if self.measured else ""


_ONCE: Final = Shape()
_SHAPES: Final[Mapping[FactType, Shape]] = MappingProxyType(
    {
        FactType.APPRAISAL_QUARTER: Shape(grades=tuple(AppraisalGrade)),
        FactType.STUDY_TRAINING_DAY: Shape(  # halves are possible
            lowest=50, highest=6000, step=50, unit=lambda n: ngettext("%(n)s day", "%(n)s days", n), is_amount=True
        ),
        FactType.REVIEW_RESULT: Shape(
            lowest=0, highest=1000, step=1, unit=lambda n: gettext("mean of the votes %(n)s")
        ),  # 0 to 10
        FactType.SERVICE_HALF_DAY: Shape(
            lowest=ONE, highest=6000, unit=lambda n: ngettext("%(n)s half-day", "%(n)s half-days", n), is_amount=True
        ),
        FactType.TASK_URGENT: Shape(lowest=ONE, highest=200),  # points given by the committee: 1 or 2
        FactType.BONUS_COMMENDATION: Shape(grades=tuple(CommendationLevel), by_matter=True),
    }
)


def shape(fact_type: FactType) -> Shape:
    """What a fact of this type may carry. Source: the whitelist of the worked examples, rule set 2026.1."""
    return _SHAPES.get(fact_type, _ONCE)


class Total(NamedTuple):
    """What one member has of one kind of fact in one month; reversals are already taken off."""

    month: date
    """First day of the month the facts count in."""
    fact_type: FactType
    grade: str
    """Empty where the type has no grades."""
    matter: str
    """Empty unless the type is weighed by matter."""
    count: int  # type: ignore[assignment]  # nobody counts cells of a tuple
    quantity: int
    """Hundredths."""


def contribution(
    fact_type: FactType, *, grade: str, quantity: int, counts_in: date, matter: str, reverses: bool
) -> Total:
    """What one fact adds to the totals: itself once, or minus once if it reverses another.

    ``quantity`` is in hundredths and already negative on a reversal.
    """
    kept_matter = matter if shape(fact_type).by_matter else ""
    return Total(counts_in, fact_type, grade, kept_matter, -1 if reverses else 1, quantity)


def check_fact(
    fact_type: FactType,
    *,
    grade: str,
    quantity: int,
    occurred_on: date,
    counts_in: date,
    matter: str = "",
    reverses: bool = False,
) -> None:
    """Let a well-formed fact pass. ``quantity`` is in hundredths, negative when the fact reverses another.

    Raises:
        FactShapeError: a grade the type does not have, a quantity outside its range or steps, a matter that
            is too long, or a month that is no month or lies before the day itself.
    """
    form, label = shape(fact_type), fact_type.label
    if grade not in (form.grades or ("",)):
        if not form.grades:
            raise FactShapeError(_("“%(fact)s” has no grades."), fact=label)
        raise FactShapeError(
            _("“%(fact)s” needs one of the grades %(grades)s."), fact=label, grades=", ".join(form.grades)
        )
    amount = -quantity if reverses else quantity
    if not form.lowest <= amount <= form.highest:
        if not form.measured:
            raise FactShapeError(_("“%(fact)s” is counted one at a time: leave the quantity empty."), fact=label)
        raise FactShapeError(
            _("The quantity of “%(fact)s” lies between %(lowest)s and %(highest)s."),
            fact=label,
            lowest=hundredths(form.lowest),
            highest=hundredths(form.highest),
        )
    if amount % form.step:
        raise FactShapeError(
            _("The quantity of “%(fact)s” goes in steps of %(step)s."), fact=label, step=hundredths(form.step)
        )
    if len(matter) > MATTER_LENGTH:
        raise FactShapeError(_("A matter has at most %(length)s characters."), length=MATTER_LENGTH)
    if counts_in.day != 1 or counts_in < occurred_on.replace(day=1):
        raise FactShapeError(_("A fact counts in the month of its day or in a later one."))
