"""What a study record may be, which fact and which education hours it brings. Source: docs/domain.md §3.3."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.rules import FactType
from app.features.members.partial_dates import first_day
from app.features.members.rules import Role
from app.features.records.rules import NewRecord
from app.features.reviews.rules import ReviewStatus, plain
from app.features.study.hours import rules as hours
from app.features.study.hours.rules import HoursClass

TITLE_LENGTH: Final = 120
TAKEAWAY_LENGTH: Final = 1000
MOST_MINUTES: Final = 24 * 60
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
class NewStudy(NewRecord):
    """What somebody studied, as it was captured."""

    kind: StudyKind
    minutes: int
    takeaway: str | None


class Studied(Protocol):
    """What is compared of two records of the same member and day, new or stored."""

    @property
    def kind(self) -> StudyKind:
        """How somebody studied."""

    @property
    def title(self) -> str:
        """What it was."""

    @property
    def minutes(self) -> int:
        """How long it took."""


class Standing(NamedTuple):
    """A record that nobody returned or took back."""

    member_id: UUID
    occurred_on: date
    kind: StudyKind
    title: str
    minutes: int
    status: ReviewStatus
    branch_id: UUID
    """Where the member belonged when it was recorded: its officers see it, those of a later branch do not."""

    def entry(self) -> hours.Entry:
        """As education hours: what one studied alone has a line of its own and never counts."""
        alone = self.kind is StudyKind.SELF_STUDY
        title = "" if self.title == str(self.kind.label) else self.title
        return hours.Entry(
            HoursClass.SELF_STUDY if alone else HoursClass.ORGANISED, self.minutes, self.occurred_on, title
        )


class Hours(NamedTuple):
    """Education hours of one member in one year, in minutes; never points (red line 2)."""

    approved: int
    waiting: int
    """What would be added to them."""
    self_study: int
    """Approved, and never added."""


def fact_type_of(kind: StudyKind) -> FactType:
    """What an approved record counts as: one item or one organised session, however long it took."""
    return FactType.STUDY_SESSION if kind is StudyKind.ORGANISED else FactType.STUDY_ITEM


def hours_of(records: Iterable[Standing], year: int) -> Hours:
    """What one member's records of ``year`` come to. Source: docs/domain.md §3.3."""
    of_year = [one for one in records if one.occurred_on.year == year]
    approved = hours.hours([one.entry() for one in of_year if one.status is ReviewStatus.APPROVED])
    with_waiting = hours.hours([one.entry() for one in of_year])
    return Hours(approved.counted, with_waiting.counted - approved.counted, approved.minutes[HoursClass.SELF_STUDY])


def hours_wanted(roles: Collection[Role], *, arrived_on: date | None = None) -> int:
    """Education hours of a year for somebody with these posts who arrived in it, or earlier (``None``).

    Source: docs/domain.md §3.3.
    """
    whole = hours.OFFICER_HOURS if COMMITTEE & set(roles) else hours.MEMBER_HOURS
    return hours.left_of(whole, arrived_on) if arrived_on else whole


def arrived_in(year: int, joined: str | None) -> date | None:
    """When a probationary member ``joined`` (ISO, partial), where that was in ``year``."""
    if not joined or not joined.startswith(f"{year}"):
        return None
    return first_day(joined)


def alike(study: Studied, neighbours: Mapping[UUID, Studied]) -> Mapping[UUID, Studied]:
    """Those ``neighbours`` for which ``study`` may be recorded twice; all, where the day has not room for them all."""
    if study.minutes + sum(other.minutes for other in neighbours.values()) > MOST_MINUTES:
        return neighbours
    said = (plain(study.title), study.kind)
    return {id_: other for id_, other in neighbours.items() if (plain(other.title), other.kind) == said}
