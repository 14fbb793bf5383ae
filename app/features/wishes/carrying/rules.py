"""Who may claim what, by when what comes next, and how it is confirmed. Source: docs/domain.md §3.2, or ours.

``no`` does not close a wish: it goes back to those who claimed it, with new days to fulfil it, and brings no fact. They
may give it back without blame. ``partly`` closes it and counts: the promise was kept, and the sentence tells the
community what is still missing (ours).
"""

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from app.core import formats
from app.features.members.rules import BRANCH_POSTS, Role
from app.features.wishes.carrying.errors import (
    EstimateLoweredError,
    HandedOverDayError,
    TeamFullError,
    TooDearError,
    TooEarlyError,
    TooManyClaimsError,
    TooManyToJoinError,
    WantedEarlierError,
)
from app.features.wishes.rules import ClaimKind, Helped, Step

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
COMMITTEE_YUAN: Final = 500
"""Above this only a team of a committee claims."""
COMMITTEE: Final = frozenset({*BRANCH_POSTS, Role.COMMITTEE_OFFICER})
"""Who can lead a committee's team: the branch committee 支委会 and the organ's committee officers."""


def is_for_committees(yuan: int | None) -> bool:
    """Whether only a committee's team may claim a wish of this estimate in yuan."""
    return yuan is not None and yuan > COMMITTEE_YUAN


def is_dear(yuan: int | None) -> bool:
    """Whether the page says softly that the estimate in yuan is much for one person."""
    return yuan is not None and yuan > SOFT_YUAN


def is_past(wanted_by: date | None, today: date) -> bool:
    """Whether the wisher's own day has passed, so that an unclaimed wish helps no more."""
    return wanted_by is not None and wanted_by < today


def has_enough(active: int) -> bool:
    """Whether somebody looks after as many wishes as one person can."""
    return active >= MOST_ACTIVE


def check_claim(*, active: int, yuan: int | None, kind: ClaimKind, roles: Collection[Role]) -> None:
    """Let somebody claim who looks after ``active`` wishes already and holds ``roles``.

    Raises:
        TooManyClaimsError: ``MOST_ACTIVE`` are enough.
        TooDearError: above ``COMMITTEE_YUAN``, and this is no team led from a committee.
    """
    if has_enough(active):
        raise TooManyClaimsError(n=active)
    if is_for_committees(yuan) and (kind is not ClaimKind.TEAM or COMMITTEE.isdisjoint(roles)):
        raise TooDearError(n=COMMITTEE_YUAN)


def check_estimate(before: int | None, after: int | None) -> None:
    """Let the estimate of a published wish change, in yuan, as long as nobody carries it alone who could not before.

    Raises:
        EstimateLoweredError: it falls from above ``COMMITTEE_YUAN`` or ``SOFT_YUAN`` to there or below, or to nothing.
    """
    for line in (COMMITTEE_YUAN, SOFT_YUAN):
        if before is not None and before > line and (after is None or after <= line):
            raise EstimateLoweredError(n=line)


def check_joining(active: int) -> None:
    """Let somebody join one more wish of others."""
    if has_enough(active):
        raise TooManyToJoinError(n=active)


UNDO_LASTS: Final = timedelta(minutes=10)
"""How long a release can be taken back by whoever made it, as long as nobody else has the wish."""


def can_undo(released_at: datetime | None, now: datetime) -> bool:
    """Whether a release of this moment, the member's own, can still be taken back."""
    return released_at is not None and now - released_at <= UNDO_LASTS


def check_room(people: int) -> None:
    """Let one more person into a claim of ``people``, those invited included."""
    if people >= MOST_PEOPLE:
        raise TeamFullError(n=people)


def fulfil_by(fulfil_from: date, wanted_by: date | None, *, is_extended: bool = False) -> date:
    """The one day by which a claimed wish is to be handed over: what the claimer promises, or what the wisher wants.

    The earlier of the two. A day that had passed when the days to fulfil began says nothing any more: a wish that has
    not helped and goes back to its claimer has new days.
    """
    promised = fulfil_from + FULFIL_WITHIN + (EXTENSION if is_extended else timedelta())
    return promised if wanted_by is None or wanted_by < fulfil_from else min(promised, wanted_by)


def contact_by(claimed_on: date, fulfil_by: date) -> date:
    """The day by which the wisher has heard from the claimer: never after the day of handing over."""
    return min(claimed_on + CONTACT_WITHIN, max(claimed_on, fulfil_by))


def returns_on(fulfil_by: date) -> date:
    """The first day on which an unfulfilled wish goes back to the board by itself."""
    return fulfil_by + GRACE + timedelta(days=1)


def check_extension(fulfil_from: date, wanted_by: date | None) -> None:
    """Let more time be given where the wisher's own day leaves any.

    Raises:
        WantedEarlierError: the wish helps no longer by then.
    """
    by = fulfil_by(fulfil_from, wanted_by)
    if fulfil_by(fulfil_from, wanted_by, is_extended=True) == by:
        raise WantedEarlierError(day=formats.day(by))


CODE_DIGITS: Final = 6
"""Digits of the code that a wisher says aloud."""


def check_handed_over_on(day: date, *, claimed_on: date, today: date) -> None:
    """Let a day of handing over pass that lies between the claim and today."""
    if not claimed_on <= day <= today:
        raise HandedOverDayError


def new_code() -> str:
    """Six digits for a slip, to be read aloud; a leading nought is spoken like the others."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def readable(code: str) -> str:
    """``482913`` → ``482 913``, as it is read aloud."""
    return f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}"


def read_code(typed: str) -> str | None:
    """The digits somebody meant: spaces and dashes are how people group them, full-width digits how some type."""
    meant = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed if sign not in " -–—　")
    return meant if len(meant) == CODE_DIGITS and meant.isdecimal() else None


REVISIT_FROM: Final = timedelta(days=14)
REVISIT_UNTIL: Final = timedelta(days=30)
"""After this a revisit is late, and still worth making."""


REVISIT_STEPS: Final[Mapping[Helped, Step]] = MappingProxyType(
    {Helped.YES: Step.REVISIT, Helped.PARTLY: Step.REVISIT, Helped.NO: Step.HELP_AGAIN}
)


def revisit_from(fulfilled_on: date) -> date:
    """The first day on which a revisit says something."""
    return fulfilled_on + REVISIT_FROM


def revisit_until(fulfilled_on: date) -> date:
    """The day by which somebody should have looked back."""
    return fulfilled_on + REVISIT_UNTIL


def check_looked_back_on(day: date, *, fulfilled_on: date) -> None:
    """Let a revisit pass that is not too early."""
    if day < revisit_from(fulfilled_on):
        raise TooEarlyError(day=formats.day(revisit_from(fulfilled_on)), days=REVISIT_FROM.days)
