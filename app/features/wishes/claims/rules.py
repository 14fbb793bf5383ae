"""Who may claim what, and by when what comes next. Source: docs/domain.md §3.2, except where it says ours."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.members.rules import BRANCH_POSTS, Role
from app.features.wishes.claims.errors import EstimateLoweredError, TeamFullError, TooDearError, TooManyClaimsError

MOST_ACTIVE: Final = 2
"""Wishes that one member looks after at a time, until they are handed over."""
MOST_PEOPLE: Final = 10
"""People of one claim, its leader included."""
CONTACT_WITHIN: Final = timedelta(days=7)
FULFIL_WITHIN: Final = timedelta(days=30)
EXTENSION: Final = timedelta(days=14)
"""More time, once, by one tap. Ours: what is ordered or needs a tradesman takes two weeks more."""
GRACE: Final = timedelta(days=14)
"""How long a wish stays with its claimer after the day it should be fulfilled by. Ours: it outlasts every holiday, and
leaves room for four polite reminders before the wish goes back to the board by itself."""
SOFT_YUAN: Final = 200
"""Above this the page says that nobody has to carry it alone."""
MOST_YUAN: Final = 500
"""Above this only a team of a committee claims."""
COMMITTEE: Final = frozenset({*BRANCH_POSTS, Role.COMMITTEE_OFFICER})
"""Who can lead a committee's team: the branch committee 支委会 and the organ's committee officers."""
NOTE_LENGTH: Final = 200


class ClaimKind(StrEnum):
    """How a wish is carried."""

    ALONE = "alone"
    TEAM = "team"
    SHARED = "shared"


class ClaimEnd(StrEnum):
    """How a claim ended."""

    RELEASED = "released"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


KIND_LABELS: Final[Mapping[ClaimKind, LazyText]] = MappingProxyType(
    {ClaimKind.ALONE: _("alone"), ClaimKind.TEAM: _("as a team"), ClaimKind.SHARED: _("shared")}
)
END_LABELS: Final[Mapping[ClaimEnd, LazyText]] = MappingProxyType(
    {
        ClaimEnd.RELEASED: _("given back"),
        ClaimEnd.OVERDUE: _("back on the board, its time was over"),
        ClaimEnd.WITHDRAWN: _("taken back by the wisher"),
        ClaimEnd.CLOSED: _("realised and revisited"),
    }
)


def is_for_committees(yuan: int | None) -> bool:
    """Whether only a committee's team may claim a wish of this estimate in yuan."""
    return yuan is not None and yuan > MOST_YUAN


def is_dear(yuan: int | None) -> bool:
    """Whether the page says softly that the estimate in yuan is much for one person."""
    return yuan is not None and yuan > SOFT_YUAN


def check_claim(*, active: int, yuan: int | None, kind: ClaimKind, roles: Collection[Role]) -> None:
    """Let somebody claim who looks after ``active`` wishes already and holds ``roles``.

    Raises:
        TooManyClaimsError: ``MOST_ACTIVE`` are enough.
        TooDearError: above ``MOST_YUAN``, and this is no team led from a committee.
    """
    check_active(active)
    if is_for_committees(yuan) and (kind is not ClaimKind.TEAM or COMMITTEE.isdisjoint(roles)):
        raise TooDearError(n=MOST_YUAN)


def check_estimate(before: int | None, after: int | None) -> None:
    """Let the estimate of a published wish change, in yuan, as long as nobody carries it alone who could not before.

    Raises:
        EstimateLoweredError: it falls from above ``MOST_YUAN`` or ``SOFT_YUAN`` to there or below, or to nothing.
    """
    for line in (MOST_YUAN, SOFT_YUAN):
        if before is not None and before > line and (after is None or after <= line):
            raise EstimateLoweredError(n=line)


def check_active(active: int) -> None:
    """Let somebody take part in one more wish.

    Raises:
        TooManyClaimsError: ``MOST_ACTIVE`` are enough.
    """
    if active >= MOST_ACTIVE:
        raise TooManyClaimsError(n=active)


def check_room(people: int) -> None:
    """Let one more person into a claim of ``people``, those invited included.

    Raises:
        TeamFullError: ``MOST_PEOPLE`` are there.
    """
    if people >= MOST_PEOPLE:
        raise TeamFullError(n=people)


def contact_by(claimed_on: date) -> date:
    """The day by which the wisher has heard from the claimer."""
    return claimed_on + CONTACT_WITHIN


def fulfil_by(claimed_on: date, *, is_extended: bool) -> date:
    """The day by which the wish is to be handed over."""
    return claimed_on + FULFIL_WITHIN + (EXTENSION if is_extended else timedelta())


def returns_on(claimed_on: date, *, is_extended: bool) -> date:
    """The first day on which an unfulfilled wish goes back to the board by itself."""
    return fulfil_by(claimed_on, is_extended=is_extended) + GRACE + timedelta(days=1)
