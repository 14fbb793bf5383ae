"""The words of the duty list: kinds, states and results, and what people read for them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word


class DutyKind(StrEnum):
    """One post, two duties 一岗双责: the work itself and the Party's part in it."""

    WORK = "work"
    PARTY = "party"


class DutySource(StrEnum):
    """How a duty came to its member."""

    ASSIGNED = "assigned"
    TAKEN = "taken"
    IMPORTED = "imported"
    REPEATED = "repeated"


class Progress(StrEnum):
    """How a duty goes, in the word of who is responsible for it."""

    STARTED = "started"
    IN_DIFFICULTY = "in_difficulty"


class Said(StrEnum):
    """What one tap on a phone says: how it goes, or that it is done."""

    STARTED = "started"
    IN_DIFFICULTY = "in_difficulty"
    DONE = "done"


class Result(StrEnum):
    """How a duty ended, as it was reported; an officer decides."""

    DONE = "done"
    NOT_DONE = "not_done"
    OBJECTIVE = "objective"


class ChangeKind(Word):
    """What somebody changed about a duty, as its history says it."""

    DUE_ON = "due_on", _("Due day moved")
    REPEAT = "repeat", _("No longer comes again")
    HELPERS = "helpers", _("Helpers changed")
    CANCELLED = "cancelled", _("Cancelled")
    RESTORED = "restored", _("Taken up again")


class DutyState(StrEnum):
    """Where a duty stands. It is computed from its rows and never stored."""

    OPEN = "open"
    STARTED = "started"
    IN_DIFFICULTY = "in_difficulty"
    REPORTED = "reported"
    KEPT = "kept"
    MISSED = "missed"
    EXCUSED = "excused"
    CANCELLED = "cancelled"


class Urgency(StrEnum):
    """How near the due day of an open duty is."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


KIND_LABELS: Final[Mapping[DutyKind, LazyText]] = MappingProxyType(
    {DutyKind.WORK: _("Work duty"), DutyKind.PARTY: _("Party duty")}
)
SOURCE_LABELS: Final[Mapping[DutySource, LazyText]] = MappingProxyType(
    {
        DutySource.ASSIGNED: _("assigned by the branch"),
        DutySource.TAKEN: _("taken by the member"),
        DutySource.IMPORTED: _("from an imported list"),
        DutySource.REPEATED: _("comes again by itself"),
    }
)
PROGRESS_LABELS: Final[Mapping[Progress, LazyText]] = MappingProxyType(
    {Progress.STARTED: _("Started"), Progress.IN_DIFFICULTY: _("In difficulty")}
)
RESULT_LABELS: Final[Mapping[Result, LazyText]] = MappingProxyType(
    {
        Result.DONE: _("Done"),
        Result.NOT_DONE: _("Not done"),
        Result.OBJECTIVE: _("Not done, for an objective reason"),
    }
)
STATE_LABELS: Final[Mapping[DutyState, LazyText]] = MappingProxyType(
    {
        DutyState.OPEN: _("not begun"),
        DutyState.STARTED: _("under way"),
        DutyState.IN_DIFFICULTY: _("in difficulty"),
        DutyState.REPORTED: _("waiting for an officer"),
        DutyState.KEPT: _("done"),
        DutyState.MISSED: _("not done"),
        DutyState.EXCUSED: _("objective reason"),
        DutyState.CANCELLED: _("cancelled"),
    }
)
DAY_PASSED: Final = _("day passed")
"""What a duty says that nobody began before its day: kindly, in words."""
STATE_TONES: Final[Mapping[DutyState, str]] = MappingProxyType(
    {
        DutyState.STARTED: "gold",
        DutyState.IN_DIFFICULTY: "warn",
        DutyState.KEPT: "ok",
        DutyState.MISSED: "warn",
    }
)
OPEN_STATES: Final = frozenset({DutyState.OPEN, DutyState.STARTED, DutyState.IN_DIFFICULTY})
