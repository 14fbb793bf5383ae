"""What a study record may be, and which facts and hours it brings. Source: domain README §3.3."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _

TITLE_LENGTH: Final = 120
TAKEAWAY_LENGTH: Final = 1000
MOST_MINUTES: Final = 24 * 60


class StudyKind(StrEnum):
    """How somebody studied."""

    SELF_STUDY = "self_study"
    LECTURE = "lecture"
    COURSE = "course"
    ORGANISED = "organised"


KIND_LABELS: Final[Mapping[StudyKind, LazyText]] = MappingProxyType(
    {
        StudyKind.SELF_STUDY: _("Self-study"),
        StudyKind.LECTURE: _("Lecture"),
        StudyKind.COURSE: _("Course"),
        StudyKind.ORGANISED: _("Organised study session"),
    }
)
