"""What a resident may send, how often, and what has to be said yes to. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText, gettext
from app.core.i18n import lazy_gettext as _
from app.features.wishes.contacts.rules import ConsentKind, Contact
from app.features.wishes.public.errors import QueueFullError, TooOftenError
from app.features.wishes.rules import Category, Status

GUARDIAN_LENGTH: Final = 40
MOST_AN_HOUR: Final = 5
MOST_A_DAY: Final = 20
"""Wishes from one network to one community. The phones of a street often share one address of their operator."""
MOST_WAITING: Final = 300
"""Of one community. More than anybody reads is not taken, so that what came in stays readable."""
SHOWN_OF_ONE_NETWORK: Final = 3
"""Of more than these the moderator sees how many there are, and opens them with one tap."""
NETWORK_KNOWN_FOR: Final = timedelta(days=7)
"""How long it is known which submissions came from one network."""
KEPT_UNREAD_FOR: Final = timedelta(days=90)
"""What nobody has decided by then is erased, like the contacts of closed wishes (docs/domain.md §9)."""
RECEIPT_KNOWN_FOR: Final = timedelta(days=90)
"""How long a receipt still says what became of a wish that was not taken."""


class ForWhom(StrEnum):
    """Whose wish it is."""

    ONESELF = "oneself"
    OTHER = "other"


class SubmissionStatus(StrEnum):
    """What became of what a resident sent."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


FOR_WHOM_LABELS: Final[Mapping[ForWhom, LazyText]] = MappingProxyType(
    {ForWhom.ONESELF: _("For myself or my family"), ForWhom.OTHER: _("For somebody else")}
)


DECIDED_LABELS: Final[Mapping[SubmissionStatus, LazyText]] = MappingProxyType(
    {SubmissionStatus.ACCEPTED: _("taken as a wish"), SubmissionStatus.REFUSED: _("refused and erased")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything a resident said. It is kept sealed until somebody decides."""

    need: str
    category: Category
    wanted_by: date | None
    name: str
    phone: str
    address: str
    for_whom: ForWhom
    agreed: tuple[ConsentKind, ...]
    """What the resident has ticked of the texts of that day."""
    guardian: str
    """Who agrees for a wisher under 14; empty for everybody else."""

    @property
    def contact(self) -> Contact:
        """How to reach the wisher."""
        note = gettext("Guardian: %(name)s") % {"name": self.guardian} if self.guardian else ""
        return Contact(name=self.name, phone=self.phone, address=self.address, note=note)


_DELICATE: Final = frozenset({Category.DISABILITY, Category.HARDSHIP})
_DELICATE_WORDS: Final = re.compile(
    r"病|癌|瘫|残|盲|聋|哑|精神|抑郁|痴呆|失能|低保|特困|贫困|困难户|救助|宗教|信教|教堂|清真|服刑|吸毒"
)


def is_delicate(category: Category, *words: str) -> bool:
    """Whether a wish tells what needs a consent of its own (Personal Information Protection Law, articles 28, 29)."""
    return category in _DELICATE or any(_DELICATE_WORDS.search(text) for text in words)


_NOT_DIALLED: Final = re.compile(r"[\s()‐-―-]")
_DIALLED: Final = re.compile(r"\+?[0-9]{7,15}")


def dialled(typed: str) -> str | None:
    """The number that is meant, mobile or landline (``0931-1234567``), or ``None`` where nobody could call it."""
    number = _NOT_DIALLED.sub("", unicodedata.normalize("NFKC", typed))
    return number if _DIALLED.fullmatch(number) else None


def check_room(*, in_last_hour: int, in_last_day: int, waiting: int) -> None:
    """Let one more submission in.

    Raises:
        TooOftenError: this network has sent ``MOST_AN_HOUR`` or ``MOST_A_DAY``.
        QueueFullError: ``MOST_WAITING`` wait to be read.
    """
    if in_last_hour >= MOST_AN_HOUR or in_last_day >= MOST_A_DAY:
        raise TooOftenError
    if waiting >= MOST_WAITING:
        raise QueueFullError


def covered(field: str, text: str) -> str:
    """A piece of the contact as its owner knows it again, and nobody who looks over the shoulder learns it."""
    if field == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) > 7 else "****"
    shown = {"name": 1, "address": 4}.get(field, 0)
    return f"{text[:shown]}***"


_RESIDENT_WORDS: Final[Mapping[Status, LazyText]] = MappingProxyType(
    {
        **dict.fromkeys(
            (Status.DRAFT, Status.TO_VERIFY, Status.RETURNED),
            _("Your community is looking at the wish. Somebody may call you to ask for details."),
        ),
        **dict.fromkeys(
            (Status.PUBLISHED, Status.NEXT_ROUND, Status.EXPIRED),
            _("The wish has been taken and waits for a volunteer of the Party branches."),
        ),
        Status.CLAIMED: _("A volunteer has taken your wish and will call you within a week."),
        Status.IN_PROGRESS: _("A volunteer has taken your wish and is working on it."),
        Status.TO_CONFIRM: _("The volunteer says it is done. Somebody will ask you whether it is."),
        Status.REALISED: _("Your wish has come true. Somebody will ask in two weeks whether it helps."),
        Status.CLOSED: _("Your wish has come true, and somebody has asked whether it helps. All the best to you!"),
        Status.DECLINED: _("This is more than volunteers can do. It was passed on: %(channel)s."),
        Status.WITHDRAWN: _("The wish was taken back, and what you told about yourself has been erased."),
    }
)
_SUBMISSION_WORDS: Final[Mapping[SubmissionStatus, LazyText]] = MappingProxyType(
    {
        SubmissionStatus.WAITING: _("Your wish has arrived. Your community reads it within a few working days."),
        SubmissionStatus.REFUSED: _(
            "Your community did not take this as a wish, and everything you wrote has been erased. If that was a "
            "mistake, please talk to the people at its service desk."
        ),
        SubmissionStatus.WITHDRAWN: _("You took this wish back. Everything you wrote has been erased."),
        SubmissionStatus.LAPSED: _(
            "Nobody answered in 90 days, we are sorry. Everything you wrote has been erased; please talk to the people "
            "at your community's service desk."
        ),
    }
)


def standing(status: SubmissionStatus, wish: Status | None, *, channel: str | None) -> str:
    """What became of it, in words for the resident."""
    if wish is None:
        return str(_SUBMISSION_WORDS[status])
    return _RESIDENT_WORDS[wish] % {"channel": channel or ""}


def ended(status: SubmissionStatus, wish: Status | None) -> bool:
    """Whether there is nothing left that could be taken back."""
    over: Collection[Status] = (Status.CLOSED, Status.DECLINED, Status.WITHDRAWN)
    return status not in (SubmissionStatus.WAITING, SubmissionStatus.ACCEPTED) or wish in over
