"""What a token opens and who may say so. Pure.

A token reads people's data for whoever holds it, so nobody may gain by it: it is confirmed by somebody who may see
all that it reads, and who is not the one who asked (docs/decisions/0054).
"""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.rules import FactType
from app.features.members.actor import Actor
from app.features.members.rules import OrganisationKind, Permission

NAME_LENGTH: Final = 60
LONGEST_DAYS: Final = 366
"""How long a token is good for at most; another one is asked for and confirmed anew."""
READS_AN_HOUR: Final = 1200
"""Of one token and process; a page has up to ``MOST_ROWS``."""
STRANGERS_AN_HOUR: Final = 60
"""Unknown tokens from one network."""
MOST_ROWS: Final = 500
"""Rows of one answer."""
BEARER_FORM: Final = r"^slt_[\w-]{43}$"
"""A token as it is typed into another system; scanners for secrets know it by its beginning."""


class Scope(Word):
    """What a token opens."""

    BRANCHES = "branches", _("The tree of organisations")
    MEMBERS = "members", _("Members: branch, group and Party status, no names")
    NAMES = "names", _("Names and member numbers")
    PHONES = "phones", _("Phone numbers")
    FACTS = "facts", _("Facts of the ledger")
    DUTIES = "duties", _("Duty lines")


class TokenState(Word):
    """How far a token is."""

    WAITING = "waiting", _("waits for the other one"), "need"
    DECLINED = "declined", _("not confirmed")
    CONFIRMED = "confirmed", _("confirmed, not taken yet"), "need"
    IN_USE = "in_use", _("in use"), "ok"
    OVER = "over", _("over")


class WhyNot(Word):
    """Why a token cannot be as it was asked for."""

    NOTHING = "nothing", _("Please choose at least one.")
    MEMBERS_FIRST = "members_first", _("Names and phone numbers are those of members: choose members as well.")
    OF_A_BRANCH = (
        "of_a_branch",
        _("Facts and duty lines of people belong to their branch: choose one branch, whose officers confirm it."),
    )
    DAY = "day", _("Choose a last day from today on, at most %(days)s days ahead.")


OF_A_BRANCH: Final = frozenset({Scope.FACTS, Scope.DUTIES})
"""What nobody above a branch reads of its people, and so no token does (docs/domain.md §1)."""
MARKS: Final = frozenset({FactType.APPRAISAL_QUARTER, FactType.REVIEW_RESULT, FactType.TASK_URGENT})
"""Facts that are a mark given to a person: a grade, a mean of votes, points. No token reads them: they are a score (red
line 1)."""
READ_FACTS: Final = tuple(sorted(set(FactType) - MARKS))


def check_asked(scopes: Collection[Scope], reach: OrganisationKind, ends_on: date, today: date) -> None:
    """Let pass what a token can be.

    Raises:
        ImpossibleError: it cannot; says why and at which field.
    """
    if not scopes:
        raise ImpossibleError(WhyNot.NOTHING, at="scopes")
    if {Scope.NAMES, Scope.PHONES} & set(scopes) and Scope.MEMBERS not in scopes:
        raise ImpossibleError(WhyNot.MEMBERS_FIRST, at="scopes")
    if OF_A_BRANCH & set(scopes) and reach is not OrganisationKind.BRANCH:
        raise ImpossibleError(WhyNot.OF_A_BRANCH, at="scopes")
    if not 0 <= (ends_on - today).days <= LONGEST_DAYS:
        raise ImpossibleError(WhyNot.DAY, at="ends_on", days=LONGEST_DAYS)


def sees_what_it_reads(actor: Actor, scopes: Collection[str], reach_id: UUID) -> bool:
    """Whether the actor may see all that such a token reads, and so loses and gains nothing by confirming it."""
    if actor.branch_id == reach_id and actor.may(Permission.MANAGE_BRANCH_PEOPLE):
        return True
    return actor.may(Permission.MANAGE_ALL_PEOPLE) and not OF_A_BRANCH & set(scopes)


def may_end(actor: Actor, reach_id: UUID) -> bool:
    """Whether the actor may end such a token at once: each administrator, and the branch that it reads."""
    everywhere = (Permission.ADMINISTER_SYSTEM, Permission.MANAGE_ALL_PEOPLE, Permission.AUDIT)
    return any(map(actor.may, everywhere)) or (
        actor.branch_id == reach_id and actor.may(Permission.MANAGE_BRANCH_PEOPLE)
    )


def state_of(stands: str, *, is_taken: bool, is_ended: bool, ends_on: date, today: date) -> TokenState:
    """How far a token is on ``today``."""
    if stands == TokenState.DECLINED:
        return TokenState.DECLINED
    if is_ended or ends_on < today:
        return TokenState.OVER
    if stands == TokenState.WAITING:
        return TokenState.WAITING
    return TokenState.IN_USE if is_taken else TokenState.CONFIRMED
