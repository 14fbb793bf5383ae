"""What a study record may be, which fact and which education hours it brings. Source: docs/domain.md §3.3."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.periods import open_from
from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.reviews.rules import Flag
from app.features.study.errors import FutureDayError, LongAgoError

TITLE_LENGTH: Final = 120
TAKEAWAY_LENGTH: Final = 1000
MOST_MINUTES: Final = 24 * 60
DEVICE_TIME_LENGTH: Final = 40
LATE_AFTER: Final = timedelta(days=7)
"""A record that comes later than this after its day is marked for a look. Ours: a week passes in any holiday."""
HOURS_OF_MEMBERS: Final = 32
"""Education hours (学时, 60 minutes each) a year."""
HOURS_OF_COMMITTEE: Final = 56
"""The same for secretaries and the branch committee."""
COMMITTEE: Final = frozenset({Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE})
USUAL_MINUTES: Final = (15, 30, 45, 60, 90, 120, 240, 480)
"""What the form offers. Half a day is 4 hours and a day 8, as units count them (docs/domain.md §3.3)."""


class StudyKind(Word):
    """How somebody studied."""

    SELF_STUDY = "self_study", _("Self-study")
    LECTURE = "lecture", _("Lecture")
    COURSE = "course", _("Course")
    ORGANISED = "organised", _("Organised study session")


KIND_EXAMPLES: Final[Mapping[StudyKind, LazyText]] = MappingProxyType(
    {
        StudyKind.SELF_STUDY: _("books, documents"),
        StudyKind.LECTURE: _("Party lectures, talks"),
        StudyKind.COURSE: _("training, online courses"),
        StudyKind.ORGANISED: _("with the branch or group"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStudy:
    """A record as it was captured."""

    id: UUID
    """Made before, on the phone or in the form."""
    branch_id: UUID
    member_id: UUID
    recorded_by_id: UUID
    kind: StudyKind
    title: str
    minutes: int
    takeaway: str | None
    occurred_on: date
    """Branch-local day."""
    occurred_at: datetime
    """Corrected by the measured error of the phone's clock."""
    device_time: str
    """The phone's own words for it."""
    received_at: datetime
    made_offline: bool = False
    flags: frozenset[Flag] = frozenset()
    """What is known already; the service adds what it finds."""
    corrects_id: UUID | None = None


class Neighbour(NamedTuple):
    """What is compared of two records of the same member and day."""

    kind: StudyKind
    title: str
    minutes: int


class Hours(NamedTuple):
    """Education hours of one member in one year, in minutes; never points (red line 2)."""

    approved: int
    waiting: int


def fact_type_of(kind: StudyKind) -> FactType:
    """What an approved record counts as: one item or one organised session, however long it took."""
    return FactType.STUDY_SESSION if kind is StudyKind.ORGANISED else FactType.STUDY_ITEM


def hours_wanted(roles: Collection[Role]) -> int:
    """Education hours a year for somebody with these posts. Source: docs/domain.md §3.3."""
    return HOURS_OF_COMMITTEE if COMMITTEE & set(roles) else HOURS_OF_MEMBERS


def check_day(day: date, *, today: date) -> None:
    """Let a typed day pass that is past or present, and not so long ago that it must be a slip.

    A day of the year before the open one still passes; an officer then looks at it.

    Raises:
        FutureDayError: after ``today``.
        LongAgoError: before the year that came before the open one.
    """
    if day > today:
        raise FutureDayError
    earliest = date(open_from(today).year - 1, 1, 1)
    if day < earliest:
        raise LongAgoError(year=earliest.year)


def alike(study: Neighbour, neighbours: Mapping[UUID, Neighbour]) -> Mapping[UUID, Neighbour]:
    """Those ``neighbours`` for which ``study`` may be recorded twice; all, where the day has not room for them all."""
    if study.minutes + sum(other.minutes for other in neighbours.values()) > MOST_MINUTES:
        return neighbours
    said = (_plain(study.title), study.kind)
    return {id_: other for id_, other in neighbours.items() if (_plain(other.title), other.kind) == said}


def flags_found(study: NewStudy, neighbours: Mapping[UUID, Neighbour], *, today: date) -> frozenset[Flag]:
    """Why an officer should look at ``study``, beside what is known already. ``today`` is the day it arrived."""
    this = Neighbour(study.kind, study.title, study.minutes)
    found = {
        Flag.OVERLAP: bool(alike(this, neighbours)),
        Flag.PERIOD_CLOSED: study.occurred_on < open_from(today),
        Flag.LATE_UPLOAD: today - study.occurred_on > LATE_AFTER,
    }
    return study.flags | {flag for flag, applies in found.items() if applies}


def _plain(title: str) -> str:
    """A title without what people write now this way and now that: width, case, spaces, brackets, punctuation."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
