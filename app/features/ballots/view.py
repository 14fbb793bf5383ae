"""What pages say of a review, as far as the one who reads may know it."""

from collections.abc import Sequence
from typing import NamedTuple

from app.core import formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.words import Word
from app.features.ballots import queries
from app.features.ballots.box import Box
from app.features.ballots.life import Moved, State
from app.features.ballots.models import DemocraticReview, ReviewOpinion
from app.features.ballots.rolls import Expected
from app.features.ballots.rules import Grade, Shown
from app.features.members.queries import AnyRow


class BallotStage(Word):
    """Where somebody is with the own ballot."""

    WAIT = "wait", lazy_gettext("The ballot is not open yet. Whoever chairs the meeting opens it.")
    GONE = "gone", lazy_gettext("You belong to another branch by now and vote there; your year is reviewed here.")
    ABSENT = "absent", lazy_gettext("You are not on the list of those who are here. Tell whoever chairs the meeting.")
    PAPER = "paper", lazy_gettext("You have taken a paper ballot.")
    TAKE = "take", lazy_gettext("The ballot is open.")
    FILL = "fill", lazy_gettext("Your ballot")
    DONE = "done", lazy_gettext("You have voted by phone.")
    ELSEWHERE = (
        "elsewhere",
        lazy_gettext(
            "You took your ballot with another phone or browser. If it is not handed in yet, it is handed in there."
        ),
    )
    OVER = "over", lazy_gettext("The ballot is closed.")


def standing(found: DemocraticReview, me: AnyRow | Expected, lies: Box | None, token: str) -> BallotStage:
    """Where ``me`` is, whose browser holds this ``token``; ``lies``: the box of a ballot that is open."""
    if found.state is State.PREPARED:
        return BallotStage.WAIT
    if found.state is not State.OPEN or lies is None:
        return BallotStage.OVER
    if me.moved is Moved.GONE:
        return BallotStage.GONE
    if not me.is_present:
        return BallotStage.ABSENT
    if me.on_paper:
        return BallotStage.PAPER
    if not me.has_voted:
        return BallotStage.TAKE
    if lies.is_out(token):
        return BallotStage.FILL
    return BallotStage.DONE if lies.is_back(token) else BallotStage.ELSEWHERE


class PersonResult(NamedTuple):
    """The result of one person in words."""

    marks: str
    """The distribution from five marks on; else empty."""
    mean: str
    points: str
    """What counts in D1, or empty: awaited."""

    @property
    def ballot(self) -> str:
        """Both in one line, as far as there are any."""
        return " · ".join(filter(None, (self.marks, self.mean and _("mean %(mean)s") % {"mean": self.mean})))


def told(marks: Sequence[int] | None, opinion: ReviewOpinion | None) -> PersonResult:
    """What a person and the committee see. Source: §7.4."""
    if marks is None:
        return PersonResult("", "", "")
    found = queries.result_of(marks, opinion)
    spread = ""
    if found.shown is Shown.DISTRIBUTION:
        spread = " · ".join(f"{grade.label} {number}" for grade, number in zip(Grade, marks, strict=True))
    mean = "" if found.mean is None else formats.hundredths(found.mean)
    return PersonResult(spread, mean, "" if found.points is None else formats.hundredths(found.points))


def how_shown(marks: Sequence[int] | None) -> str:
    """Why there is less to see."""
    if marks is None:
        return ""
    return {
        Shown.DISTRIBUTION: "",
        Shown.MEAN: _("With three or four marks only the mean is shown."),
        Shown.NONE: _("With fewer than three marks the ballot has no result: the committee's grade counts."),
    }[queries.result_of(marks, None).shown]
