"""What may be written, how much, by when it is answered, and who answers. Pure. Source: docs/domain.md, red line 11."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from app.core import workdays
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.complaints.errors import FullError, NobodyAnswersError, TooManyTodayError
from app.features.members.rules import Role

TEXT_LENGTH: Final = 1_000
"""Of what is written, and of the answer: characters."""
ANSWERED_WITHIN: Final = 10
"""Working days; the day on which it came does not count."""
MOST_A_DAY: Final = 5
"""Of one person who signs. Who does not is held back by network, and what is counted there names nobody."""
MOST_WAITING: Final = 300
"""Of one organisation, as with wishes of residents: more than anybody reads is not taken."""
KEPT_AFTER: Final = timedelta(days=365)
"""How long the words are kept after the answer, or after they were taken back."""
ANSWERING: Final = frozenset(
    {Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.DISCIPLINE, Role.COMMITTEE_OFFICER, Role.INSPECTOR}
)
"""Who answers what was sent to the organisation on which they hold the post."""


class State(Word):
    """Where a complaint stands."""

    WAITING = "waiting", _("Waiting for an answer")
    ANSWERED = "answered", _("Answered"), "ok"
    WITHDRAWN = "withdrawn", _("Taken back")


class Reader(Word):
    """Whom the sender wants to read it."""

    ABOVE = "above", _("The committee above the branch")
    BRANCH = "branch", _("The officers of my branch")


class SheetLine(NamedTuple):
    """The line of a sheet that is asked about."""

    year: int
    rule: str

    def __str__(self) -> str:
        """As it stands in addresses: ``2026/B2``."""
        return f"{self.year}/{self.rule}"


_LINE: Final = re.compile(r"(20\d\d)/([A-E]\d?)")


def line_of(word: str) -> SheetLine | None:
    """The line that an address names, ``2026/B2``, or ``None`` where it names none."""
    found = _LINE.fullmatch(word)
    return SheetLine(int(found[1]), found[2]) if found else None


def due_on(sent_on: date, calendar: workdays.Calendar = workdays.PUBLISHED) -> date:
    """The last day for the answer."""
    return workdays.after(sent_on, ANSWERED_WITHIN, calendar)


def check_room(*, waiting: int, of_sender_today: int) -> None:
    """Let one more in."""
    if of_sender_today >= MOST_A_DAY:
        raise TooManyTodayError
    if waiting >= MOST_WAITING:
        raise FullError


def place_of(
    ladder: Sequence[UUID],
    answerers: Mapping[UUID, Collection[UUID]],
    *,
    reader: Reader,
    about: UUID | None = None,
    sender: UUID | None = None,
) -> UUID:
    """Which organisation answers: as the sender wants it, but over the head of whom it is about.

    Where nobody is over that head, the others beside it answer; below it only where nobody else is left.

    Args:
        ladder: the branch and what stands above it, upwards.
        answerers: who answers in each of them.
        reader: who should read it; where nobody there can, the others do.
        about: whom it is about.
        sender: who wrote it, signed or not.
    """
    able = [place for place in ladder if set(answerers.get(place, ())) - {about, sender}]
    wanted = ladder if reader is Reader.BRANCH else [*ladder[1:], *ladder[:1]]
    head = max((at for at, place in enumerate(ladder, 1) if about in answerers.get(place, ())), default=0)
    over = [place for place in wanted if place in ladder[head:]]
    for place in (*over, *reversed(ladder[:head])):
        if place in able:
            return place
    raise NobodyAnswersError
