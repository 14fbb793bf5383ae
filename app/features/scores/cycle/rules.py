"""Deadlines of a publicity and its objections, the two closings of a year, and who is scored and graded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.core import workdays
from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

PUBLICITY_DAYS: Final = range(3, 11)
"""Working days a publicity may last. Source: domain, quantified §3."""
OBJECTION_DAYS: Final = 3
"""Working days after the publicity within which an objection is in time."""
BRANCH_DAYS: Final = 5
ESCALATION_DAYS: Final = 3
COMMITTEE_DAYS: Final = 10
MOST_EXEMPT_DAYS: Final = 182
"""Of a year; who is exempt for more has a sheet without a score. Source: §2."""


class Broken(Word):
    """What about a cycle cannot be."""

    DAYS = "publicity_of_3_to_10_days", _("A publicity lasts 3 to 10 working days.")
    FILED = "filed_before_opening", _("An objection is possible from the day the publicity opens.")
    ANSWERED = "answered_before_filing", _("An answer cannot come before the objection.")
    SILENT = "silent_and_answered", _("The branch cannot both answer and stay silent.")
    ESCALATED = "escalated_too_early", _("It can be taken further only after the answer or the deadline for it.")
    SPAN = "ends_before_it_begins", _("The exemption ends before it begins.")
    REVIEW = "review_of_another_year", _("The review of a year is held in it or in the next.")


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known of an objection; what is missing happens on the last day there is for it."""

    filed_on: date | None = None
    answered_on: date | None = None
    escalated_on: date | None = None
    silent: bool = False
    """The branch gave no answer."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The days of a publicity and one objection; each is the last day, whole, on the branch's calendar."""

    ends: date
    objections_until: date
    filed_in_time: bool
    branch_answers_by: date
    escalate_from: date
    escalate_until: date | None
    """``None``: a silent branch leaves no last day."""
    escalated_in_time: bool
    committee_answers_by: date


def deadlines(
    opened: date, days: int, filed: Filed = Filed(), calendar: workdays.Calendar = workdays.PUBLISHED
) -> Deadlines:
    """All deadlines, in working days after the day on which each step opens. Source: domain, quantified §3, §13.

    Raises:
        ImpossibleError: a publicity of fewer than 3 or more than 10 days, or steps in an order that cannot be.
    """
    if days not in PUBLICITY_DAYS:
        raise ImpossibleError(Broken.DAYS)

    def after(day: date, working_days: int) -> date:
        return workdays.after(day, working_days, calendar)

    ends = after(opened, days)
    until = after(ends, OBJECTION_DAYS)
    filed_on = filed.filed_on or until
    if filed_on < opened:
        raise ImpossibleError(Broken.FILED)
    branch_by = after(filed_on, BRANCH_DAYS)
    if filed.silent and filed.answered_on:
        raise ImpossibleError(Broken.SILENT)
    answered = filed.answered_on or branch_by
    if answered < filed_on:
        raise ImpossibleError(Broken.ANSWERED)
    first = branch_by + timedelta(days=1) if filed.silent else answered
    last = None if filed.silent else after(answered, ESCALATION_DAYS)
    escalated = filed.escalated_on or first
    if escalated < first:
        raise ImpossibleError(Broken.ESCALATED)
    return Deadlines(
        ends,
        until,
        filed_on <= until,
        branch_by,
        first,
        last,
        last is None or escalated <= last,
        after(escalated, COMMITTEE_DAYS),
    )


def exempt_days(year: int, spans: Collection[tuple[date, date]]) -> int:
    """The days of ``year`` that lie in the spans of an exemption, their last ones included. Source: §13.

    Raises:
        ImpossibleError: a span that ends before it begins.
    """
    if any(last < first for first, last in spans):
        raise ImpossibleError(Broken.SPAN)
    new_year, new_years_eve = date(year, 1, 1), date(year, 12, 31)
    return sum(max(0, (min(last, new_years_eve) - max(first, new_year)).days + 1) for first, last in spans)


def scored(year: int, spans: Collection[tuple[date, date]], *, on: date | None = None) -> bool:
    """Whether a sheet of ``year`` has a score: not exempt on 31 December, nor for more than 182 days. Source: §2.

    ``on``: the last day of a part of the year that is looked at instead.
    """
    eve = on or date(year, 12, 31)
    return exempt_days(year, spans) <= MOST_EXEMPT_DAYS and not any(first <= eve <= last for first, last in spans)


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What a member's status gives at the end of a year."""

    graded: bool
    """Full on the day of the review."""
    advice: bool
    """Full on 31 December."""


def standing(year: int, review_on: date, full_since: date | None) -> YearEnd:
    """Who is graded and advised; a probationary member is scored alone. Source: §2.

    Raises:
        ImpossibleError: the review lies in neither that year nor the next.
    """
    if review_on.year not in {year, year + 1}:
        raise ImpossibleError(Broken.REVIEW)
    full = full_since or date.max
    return YearEnd(graded=full <= review_on, advice=full <= date(year, 12, 31))


def may_publish_rules(year: int, on: date, first_publicity: date | None) -> bool:
    """Whether a rule set may be published for ``year``: before its first publicity, never once it is archived.

    Source: §6, §13 (31 March is the last day on which a sheet can be archived).
    """
    return (first_publicity is None or on < first_publicity) and on <= date(year + 1, 3, 31)
