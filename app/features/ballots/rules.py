"""The democratic review: how many ballots count, the mean of the marks, the third that may be excellent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word


class Grade(Word):
    """The yearly grades, best first."""

    EXCELLENT = "优秀", _("excellent")
    QUALIFIED = "合格", _("qualified")
    BASICALLY_QUALIFIED = "基本合格", _("basically qualified")
    NOT_QUALIFIED = "不合格", _("not qualified")


POINTS: Final = (1000, 800, 500, 0)
"""Hundredths of a point for a mark of each grade, in their order. Source: domain, quantified §7.4."""
DISTRIBUTION_FROM: Final = 5
"""Valid marks from which the distribution is shown; below it the mean alone."""
MEAN_FROM: Final = 3
"""Valid marks from which there is a result of the ballot at all."""
EXCELLENT_OF: Final = 3
"""One of so many full members may be excellent (一般不超过三分之一)."""


class Shown(Word):
    """What a person and the committee see of the marks."""

    DISTRIBUTION = "distribution", _("the distribution")
    MEAN = "mean", _("the mean")
    NONE = "none", _("nothing: too few marks")


class Broken(Word):
    """What about a ballot cannot be."""

    RETURNED = "more_returned_than_issued", _("More ballots came back than were given out: the ballot is repeated.")
    INVALID = "more_invalid_than_returned", _("There are more invalid ballots than came back.")
    PRESENT = "more_voters_than_present", _("More people voted by phone and on paper than are present.")
    TAKE_PART = "more_present_than_may_take_part", _("More people are present than may take part.")
    MARKS = "more_marks_than_ballots", _("A person has more marks than there are ballots for that person.")
    VOTED = "voted_without_ballot", _("The person cannot have voted: there is no ballot.")
    ABSENT = "more_absent_than_full", _("More people are absent or exempt than there are full members.")
    WANTED = "more_wanted_than_full", _("More people would be excellent than there are full members.")


@dataclass(frozen=True, slots=True)
class MarksResult:
    """What the marks of one person come to, in hundredths of a point."""

    mean: int | None
    shown: Shown
    points: int | None
    """What counts in D1; ``None``: awaited, never 0."""


def result(marks: Sequence[int], grade: Grade | None = None) -> MarksResult:
    """Mean of ``marks`` (how many of each grade, best first), half-up; with fewer than three the committee's grade.

    Source: §7.4.
    """
    number = sum(marks)
    if number < MEAN_FROM:
        given = None if grade is None else POINTS[list(Grade).index(grade)]
        return MarksResult(None, Shown.NONE, given)
    total = sum(points * count for points, count in zip(POINTS, marks, strict=True))
    mean = (2 * total + number) // (2 * number)
    return MarksResult(mean, Shown.DISTRIBUTION if number >= DISTRIBUTION_FROM else Shown.MEAN, mean)


def most_excellent(full: int, *, absent: int = 0, exempt: int = 0) -> int:
    """How many may be excellent: a third of all full members, absent and exempt ones included. Source: §7.5.

    Raises:
        ImpossibleError: more absent or exempt people than full members.
    """
    if absent > full or exempt > full:
        raise ImpossibleError(Broken.ABSENT)
    return full // EXCELLENT_OF


def may_be_excellent(wanted: int, full: int, *, consent: bool) -> bool:
    """Whether so many may be; beyond the third with the consent of the organ's committee.

    Raises:
        ImpossibleError: more than there are full members.
    """
    if wanted > full:
        raise ImpossibleError(Broken.WANTED)
    return wanted <= most_excellent(full) or consent


@dataclass(frozen=True, slots=True)
class Cast:
    """Ballots by phone and on paper."""

    phone: int = 0
    issued: int = 0
    returned: int = 0
    invalid: int = 0

    @property
    def cast(self) -> int:
        """Those who took part, with an invalid ballot too. Source: §13."""
        return self.phone + self.returned

    @property
    def counted(self) -> int:
        """Those that can hold marks."""
        return self.cast - self.invalid


def check_cast(ballots: Cast, *, present: int, may_take_part: int) -> bool:
    """Whether more than half of those who may take part did so. Source: §7.3.

    Raises:
        ImpossibleError: numbers that cannot be; more ballots than were given out repeat the ballot.
    """
    if ballots.returned > ballots.issued:
        raise ImpossibleError(Broken.RETURNED)
    if ballots.invalid > ballots.returned:
        raise ImpossibleError(Broken.INVALID)
    if ballots.phone + ballots.issued > present:
        raise ImpossibleError(Broken.PRESENT)
    if present > may_take_part:
        raise ImpossibleError(Broken.TAKE_PART)
    return 2 * ballots.cast > may_take_part


def most_marks(ballots: Cast, *, subject_voted: bool) -> int:
    """How many marks one person can have: nobody marks oneself.

    Raises:
        ImpossibleError: the person voted, and there is no ballot.
    """
    if subject_voted and not ballots.cast:
        raise ImpossibleError(Broken.VOTED)
    return max(0, ballots.counted - subject_voted)


def check_marks(marks: Sequence[int], ballots: Cast, *, subject_voted: bool) -> None:
    """Let no more marks pass for a person than there are ballots for that person."""
    if sum(marks) > most_marks(ballots, subject_voted=subject_voted):
        raise ImpossibleError(Broken.MARKS)
