"""When somebody looks back, and what the answer does. Source: docs/domain.md §3.2, except where it says ours.

``no`` does not close a wish: it goes back to those who held it, with new days to fulfil it, and brings no fact. They
may give it back without blame. ``partly`` closes it and counts: the promise was kept, and the sentence tells the
community what is still missing (ours).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core import formats
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.features.wishes.revisits.errors import TooEarlyError
from app.features.wishes.rules import Step

REVISIT_FROM: Final = timedelta(days=14)
REVISIT_UNTIL: Final = timedelta(days=30)
"""After this a revisit is late, and still worth making."""
SENTENCE_LENGTH: Final = 200


class Helped(StrEnum):
    """Did it really help?"""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


HELPED_LABELS: Final[Mapping[Helped, LazyText]] = MappingProxyType(
    {Helped.YES: _("Yes, it really helped"), Helped.PARTLY: _("Partly"), Helped.NO: _("No, not yet")}
)
STEPS: Final[Mapping[Helped, Step]] = MappingProxyType(
    {Helped.YES: Step.REVISIT, Helped.PARTLY: Step.REVISIT, Helped.NO: Step.HELP_AGAIN}
)


def first_day(fulfilled_on: date) -> date:
    """The first day on which a revisit says something."""
    return fulfilled_on + REVISIT_FROM


def last_day(fulfilled_on: date) -> date:
    """The day by which somebody should have looked back."""
    return fulfilled_on + REVISIT_UNTIL


def check_day(day: date, *, fulfilled_on: date) -> None:
    """Let a revisit pass that is not too early.

    Raises:
        TooEarlyError: two weeks have not passed.
    """
    if day < first_day(fulfilled_on):
        raise TooEarlyError(day=formats.day(first_day(fulfilled_on)))
