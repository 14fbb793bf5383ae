"""What a resident may send, how often, what has to be said yes to, and how it is shown. Pure."""

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import LazyText, gettext
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.carrying.rules import CONTACT_WITHIN, REVISIT_FROM
from app.features.wishes.residents.errors import BusyHereError, QueueFullError, TooOftenError
from app.features.wishes.rules import TITLE_LENGTH, Category, Status

GUARDIAN_LENGTH: Final = 40
MOST_AN_HOUR: Final = 5
MOST_A_DAY: Final = 20
"""Wishes from one network to one community. The phones of a street often share one address of their operator."""
MOST_AN_HOUR_HERE: Final = 50
MOST_A_DAY_HERE: Final = 120
"""Wishes from all networks to one community: several times what a notice on every door brings in. Whoever has many
addresses fills the queue of a few weeks in a day else, and nobody reads it any more."""
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


class ForWhom(Word):
    """Whose wish it is."""

    ONESELF = "oneself", _("For myself or my family")
    OTHER = "other", _("For somebody else")


class SubmissionStatus(Word):
    """What became of what a resident sent."""

    WAITING = "waiting", _("waiting")
    ACCEPTED = "accepted", _("taken as a wish")
    REFUSED = "refused", _("refused and erased")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed after 90 days")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidByResident:
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


class Arrivals(NamedTuple):
    """How many were sent lately."""

    in_last_hour: int
    in_last_day: int


def check_room(*, of_network: Arrivals, here: Arrivals, waiting: int) -> None:
    """Let one more submission in.

    Raises:
        TooOftenError: this network has sent ``MOST_AN_HOUR`` or ``MOST_A_DAY``.
        BusyHereError: all together have sent ``MOST_AN_HOUR_HERE`` or ``MOST_A_DAY_HERE`` to the community.
        QueueFullError: ``MOST_WAITING`` wait to be read.
    """
    if of_network.in_last_hour >= MOST_AN_HOUR or of_network.in_last_day >= MOST_A_DAY:
        raise TooOftenError
    if here.in_last_hour >= MOST_AN_HOUR_HERE or here.in_last_day >= MOST_A_DAY_HERE:
        raise BusyHereError
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
        Status.CLAIMED: _("A volunteer has taken your wish and will call you within %(call_days)s days."),
        Status.IN_PROGRESS: _("A volunteer has taken your wish and is working on it."),
        Status.TO_CONFIRM: _("The volunteer says it is done. Somebody will ask you whether it is."),
        Status.REALISED: _("Your wish has come true. Somebody will ask after %(days)s days whether it helps."),
        Status.CLOSED: _("Your wish has come true, and somebody has asked whether it helps. All the best to you!"),
        Status.REFERRED: _("This is more than volunteers can do. It was passed on: %(channel)s."),
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
    days = {"days": REVISIT_FROM.days, "call_days": CONTACT_WITHIN.days}
    return _RESIDENT_WORDS[wish] % {"channel": channel or "", **days}


def ended(status: SubmissionStatus, wish: Status | None) -> bool:
    """Whether there is nothing left that could be taken back."""
    over: Collection[Status] = (Status.CLOSED, Status.REFERRED, Status.WITHDRAWN)
    return status not in (SubmissionStatus.WAITING, SubmissionStatus.ACCEPTED) or wish in over


ROWS_ON_A_PAGE: Final = 20
COVER: Final = "〔…〕"
_LONG_NUMBER: Final = re.compile(r"\+?[0-9０-９][0-9０-９ \-－]{5,20}[0-9０-９xX]")
_SENTENCE_END: Final = re.compile(r"[。！？!?;；\n,，]")


def without_owner(text: str, *, name: str) -> str:
    """``text`` with the wisher's name and every long number covered: members read it, and need neither."""
    covered = _LONG_NUMBER.sub(COVER, text)
    return covered.replace(name, COVER) if len(name) > 1 else covered


def title_from(text: str) -> str:
    """A title to begin with: the first clause, as far as a title goes."""
    first = next((part.strip() for part in _SENTENCE_END.split(text) if part.strip()), text.strip())
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A submission that waits, without what it says."""

    id: UUID
    community_id: UUID
    network: str | None
    """A digest; ``None`` once it is forgotten."""
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Folded:
    """One line of the queue: a submission, and how many more of the same network are folded under it."""

    arrived: Arrived
    more: int


def folded(queue: Iterable[Arrived]) -> Iterator[Folded]:
    """The queue with at most ``SHOWN_OF_ONE_NETWORK`` lines of each network; the last of them says how many follow.

    A flood from one place takes three lines, and what others sent stays in sight.
    """
    waiting = list(queue)
    of_network: Counter[tuple[UUID, str | None]] = Counter(
        (one.community_id, one.network) for one in waiting if one.network
    )
    shown: Counter[tuple[UUID, str | None]] = Counter()
    for one in waiting:
        key = (one.community_id, one.network)
        shown[key] += 1
        if one.network is None or shown[key] < SHOWN_OF_ONE_NETWORK:
            yield Folded(one, 0)
        elif shown[key] == SHOWN_OF_ONE_NETWORK:
            yield Folded(one, of_network[key] - SHOWN_OF_ONE_NETWORK)


def only(queue: Iterable[Arrived], submission_id: UUID) -> list[Folded]:
    """The one line of this submission, while it waits."""
    return [Folded(one, 0) for one in queue if one.id == submission_id]


def only_network(queue: Sequence[Arrived], submission_id: UUID) -> list[Folded]:
    """Every line of the network that this submission came from."""
    places = {(one.community_id, one.network) for one in queue if one.id == submission_id}
    return [
        Folded(one, 0)
        for one in queue
        if one.id == submission_id or (one.network is not None and (one.community_id, one.network) in places)
    ]


def page_of(lines: Sequence[Folded], number: int) -> tuple[Sequence[Folded], int]:
    """The lines of page ``number`` (from 1; the last one where there are fewer), and how many pages there are."""
    last = max(1, -(-len(lines) // ROWS_ON_A_PAGE))
    first = (min(number, last) - 1) * ROWS_ON_A_PAGE
    return lines[first : first + ROWS_ON_A_PAGE], last


SIGNS: Final = "23456789abcdefghjkmnpqrstvwxyz"
"""Small letters and digits that paper and voice do not confuse: who has no camera types the address."""
TOKEN_LENGTH: Final = 16
"""Signs: 78 bits. Nobody finds a poster without having seen it."""
_TOKEN: Final = re.compile(rf"[{SIGNS}]{{{TOKEN_LENGTH}}}")


def new_poster_token() -> str:
    """The word of a new poster."""
    return "".join(secrets.choice(SIGNS) for _ in range(TOKEN_LENGTH))


def read_poster_token(word: str) -> str | None:
    """The word that was meant by an address: some phones make its first letter a capital."""
    meant = word.strip().lower()
    return meant if _TOKEN.fullmatch(meant) else None
