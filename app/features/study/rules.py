"""What a study record may be, which fact and which education hours it brings. Source: docs/domain.md §3.3."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.core.errors import BadInputError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.education import rules as hours
from app.features.education.rules import HoursClass
from app.features.ledger.rules import ONE, FactType
from app.features.members.partial_dates import first_day
from app.features.members.rules import Role
from app.features.records.rules import Content, visible_or_none
from app.features.reviews.rules import ReviewStatus

TAKEAWAY_LENGTH: Final = 1000
MOST_MINUTES: Final = 24 * 60
COMMITTEE: Final = frozenset({Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION, Role.PUBLICITY, Role.DISCIPLINE})
USUAL_MINUTES: Final = (15, 30, 45, 60, 90, 120, 180, 240, 360, 480)
"""What the form offers. Half a day is 4 hours and a day 8, in some units 3 and 6 (docs/domain.md §3.3)."""


class TooShortForTrainingError(BadInputError):
    """Training is counted in half days."""

    code = "too_short_for_training"
    field = "minutes"
    message = _("Training counts from half a day on, %(n)s hours. What was shorter is recorded as a course.")


class StudyKind(Word):
    """How somebody studied."""

    SELF_STUDY = "self_study", _("Self-study")
    LECTURE = "lecture", _("Lecture")
    COURSE = "course", _("Course")
    ONLINE = "online", _("Online course")
    ORGANISED = "organised", _("Organised study session")
    TRAINING = "training", _("Training day")


KIND_EXAMPLES: Final[Mapping[StudyKind, LazyText]] = MappingProxyType(
    {
        StudyKind.SELF_STUDY: _("books, documents"),
        StudyKind.LECTURE: _("Party lectures, talks"),
        StudyKind.COURSE: _("courses by the hour, taught in person"),
        StudyKind.ONLINE: _("学习强国, 干部网络学院 and the like"),
        StudyKind.ORGANISED: _("with the branch or group"),
        StudyKind.TRAINING: _("half or whole days, a record for each day"),
    }
)


class Studied(Content):
    """What somebody studied."""

    OF_A_DAY = ("minutes", MOST_MINUTES)

    kind: StudyKind
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    takeaway: Annotated[str | None, Field(max_length=TAKEAWAY_LENGTH), BeforeValidator(visible_or_none)] = None


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


def class_of(kind: StudyKind) -> HoursClass:
    """Which hours of education it gives: what one studied alone and online has a line of its own. Source: study §6."""
    match kind:
        case StudyKind.SELF_STUDY:
            return HoursClass.SELF_STUDY
        case StudyKind.ONLINE:
            return HoursClass.NETWORK
        case _:
            return HoursClass.ORGANISED


def fact_type_of(kind: StudyKind) -> FactType:
    """What an approved record counts as: one item or one organised session, however long it took; or training."""
    match kind:
        case StudyKind.ORGANISED:
            return FactType.STUDY_SESSION
        case StudyKind.TRAINING:
            return FactType.STUDY_TRAINING_DAY
        case _:
            return FactType.STUDY_ITEM


def quantity_of(kind: StudyKind, minutes: int, day_minutes: int | None = None) -> int:
    """How much of it there was, in hundredths: of training a whole day from ``day_minutes`` on, else half a day."""
    is_half = kind is StudyKind.TRAINING and minutes < (day_minutes or hours.DAY_MINUTES)
    return ONE // 2 if is_half else ONE


def check_length(kind: StudyKind, minutes: int, day_minutes: int | None = None) -> None:
    """Let training pass from half a day on, in a unit whose whole day has ``day_minutes``.

    Raises:
        TooShortForTrainingError: it took less.
    """
    half = (day_minutes or hours.DAY_MINUTES) // 2
    if kind is StudyKind.TRAINING and minutes < half:
        raise TooShortForTrainingError(n=half // hours.MINUTES)


def arrived_in(year: int, joined: str | None) -> date | None:
    """When a probationary member ``joined`` (ISO, partial), where that was in ``year``."""
    if not joined or not joined.startswith(f"{year}"):
        return None
    return first_day(joined)
