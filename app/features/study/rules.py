"""What a study record may be, which fact and which education hours it brings. Source: docs/domain.md §3.3."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.rules import FactType
from app.features.members.rules import Role
from app.features.records.rules import NewRecord

TITLE_LENGTH: Final = 120
TAKEAWAY_LENGTH: Final = 1000
MOST_MINUTES: Final = 24 * 60
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


def alike(study: Studied, neighbours: Mapping[UUID, Studied]) -> Mapping[UUID, Studied]:
    """Those ``neighbours`` for which ``study`` may be recorded twice; all, where the day has not room for them all."""
    if study.minutes + sum(other.minutes for other in neighbours.values()) > MOST_MINUTES:
        return neighbours
    said = (_plain(study.title), study.kind)
    return {id_: other for id_, other in neighbours.items() if (_plain(other.title), other.kind) == said}


def _plain(title: str) -> str:
    """A title without what people write now this way and now that: width, case, spaces, brackets, punctuation."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
