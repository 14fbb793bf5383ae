"""How a rule set changes: its steps, its name, for which year it may be published. Source: domain, quantified §6."""

from collections.abc import Collection
from datetime import date
from typing import Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.life import Life, StepRefusedError
from app.core.words import Word
from app.features.scores.cycle.rules import may_publish_rules

YEARS_AHEAD: Final = 1
"""A version is published for this year or the next."""


class Stands(Word):
    """How far a draft is."""

    EDITING = "editing", _("being edited")
    PROPOSED = "proposed", _("waits for a second person"), "need"
    PUBLISHED = "published", _("published"), "ok"
    DISCARDED = "discarded", _("discarded")


class Step(Word):
    """What is done with a draft."""

    EDIT = "edit", _("Edit")
    PROPOSE = "propose", _("Propose")
    RETURN = "return", _("Return to editing")
    PUBLISH = "publish", _("Publish")
    DISCARD = "discard", _("Discard")


class DraftMovedOnError(StepRefusedError):
    code = "draft_moved_on"
    message = _("By now this draft is: %(state)s. Look again.")


LIFE: Final = Life(
    Stands,
    {
        Step.EDIT: ((Stands.EDITING,), Stands.EDITING),
        Step.PROPOSE: ((Stands.EDITING,), Stands.PROPOSED),
        Step.RETURN: ((Stands.PROPOSED,), Stands.EDITING),
        Step.PUBLISH: ((Stands.PROPOSED,), Stands.PUBLISHED),
        Step.DISCARD: ((Stands.EDITING,), Stands.DISCARDED),
    },
    refusal=DraftMovedOnError,
)


class ProposerGoneError(ConflictError):
    code = "rules_proposer_gone"
    message = _("Who proposed these rules no longer keeps them: please return them to editing.")


class OtherTextError(ConflictError):
    code = "rules_changed_meanwhile"
    message = _("The draft has changed since you opened the page. Read it again, then publish it.")


class EditedMeanwhileError(ConflictError):
    code = "rule_edited_meanwhile"
    message = _(
        "This part was changed since you opened it. What you typed still stands below; compare it with the draft in "
        "another window, then save it again."
    )


class VersionTakenError(ConflictError):
    message = _("There is a version of this number by now. Please try again.")


class TooLateError(ConflictError):
    code = "rules_too_late"
    message = _(
        "The first publicity of %(year)s was on %(day)s: these rules can be published for %(next)s. For %(year)s only "
        "an officer of the top committee can, with a reason and the number of the decision; then every period of "
        "%(year)s that was publicised is publicised again, and no archived sheet changes."
    )
    field = "year"


class YearOverError(ConflictError):
    code = "rules_of_archived_year"
    message = _("%(year)s is archived: rules can be tried on it and no longer be published for it.")
    field = "year"


class FarYearError(BadInputError):
    code = "rules_of_far_year"
    message = _("Rules are published for this year or the next.")
    field = "year"


class ReasonMissingError(BadInputError):
    code = "rules_reason_missing"
    message = _("%(year)s is publicised already: please give the reason and the number of the decision.")
    field = "reason"


def next_version(year: int, taken: Collection[str]) -> str:
    """The first free number of a year, after all that are taken."""
    numbers = [int(version.split(".")[1]) for version in taken if version.startswith(f"{year}.")]
    return f"{year}.{max(numbers, default=0) + 1}"


def check_year(year: int, on: date, first_publicity: date | None, *, excepted: bool = False) -> None:
    """Let a year pass for which rules may be published on a day.

    ``excepted``: the top committee gives its reason and the number of its decision.

    Raises:
        FarYearError, YearOverError: it lies too far ahead, or is over.
        TooLateError: a period of it was publicised, and this is no exception.
    """
    if year > on.year + YEARS_AHEAD:
        raise FarYearError
    if not may_publish_rules(year, on, None):
        raise YearOverError(year=year)
    if not excepted and first_publicity is not None and not may_publish_rules(year, on, first_publicity):
        raise TooLateError(year=year, next=max(year, on.year) + 1, day=first_publicity)
