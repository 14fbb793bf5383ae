"""When a meeting may be planned, what goes together on its agenda, who is expected. Source: domain, meetings §3."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from app.core import clock
from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.life import Life, StepRefusedError
from app.core.words import Word
from app.features.ledger.periods import open_from
from app.features.meetings.attendance.rules import Kind, check_times

TITLE_LENGTH: Final = 120
PLACE_LENGTH: Final = 80
NAME_LENGTH: Final = 60
REASON_LENGTH: Final = 200
FARTHEST: Final = timedelta(days=400)
"""How far ahead a meeting is planned. Source: §12."""
TO_BE_RECORDED_AFTER: Final = timedelta(hours=24)
"""After its end a meeting without attendance wants a polite word. Source: §3."""
OF_SOME: Final = frozenset({Kind.COMMITTEE, Kind.GROUP})
"""Kinds to which not the whole branch is expected."""
T = TypeVar("T")


class EventState(Word):
    """Where a meeting stands. That it was held follows from its hour, that it is confirmed from its reviews."""

    PLANNED = "planned", _("planned")
    RECORDED = "recorded", _("recorded"), "ok"
    CANCELLED = "cancelled", _("cancelled")


class Step(Word):
    """What happens to a meeting."""

    PLANNED = "planned", _("Planned")
    CHANGED = "changed", _("Changed")
    POSTPONED = "postponed", _("Put on another day or hour")
    CANCELLED = "cancelled", _("Cancelled")
    RECORDED = "recorded", _("Attendance recorded")


class MeetingStepError(StepRefusedError):
    """The meeting is in another state by now."""

    message = _("This meeting is %(state)s by now. Look again, then decide.")


LIFE: Final = Life(
    EventState,
    {
        Step.CHANGED: ((EventState.PLANNED,), EventState.PLANNED),
        Step.POSTPONED: ((EventState.PLANNED,), EventState.PLANNED),
        Step.CANCELLED: ((EventState.PLANNED,), EventState.CANCELLED),
        Step.RECORDED: ((EventState.PLANNED, EventState.RECORDED), EventState.RECORDED),
    },
    refusal=MeetingStepError,
)


class Capacity(Word):
    """As what somebody is expected."""

    MEMBER = "member", _("member of the branch")
    COMMITTEE = "committee", _("member of the committee")
    GROUP = "group", _("member of the group")
    ATTACHED = "attached", _("attached for a time")
    GUEST = "guest", _("guest")


class TooFarAheadError(ConflictError):
    """A day that can hardly be meant."""

    code = "too_far_ahead"
    message = _("A meeting is planned at most %(days)s days ahead. Please check the year.")
    field = "day"


class TooLongAgoError(ConflictError):
    """Before the year that came before the open one."""

    code = "too_long_ago"
    message = _("Meetings can be recorded back to %(first)s.")
    field = "day"


class ReasonMissingError(BadInputError):
    """A meeting of a past day is recorded afterwards, which is always possible and always said."""

    code = "reason_missing"
    message = _("This day has passed. Say in a few words why it is recorded only now; it will be marked as such.")
    field = "reason"


class NoCommitteeError(ConflictError):
    """A committee meeting in a branch without a committee."""

    code = "no_committee"
    message = _(
        "This branch has no committee: nobody holds the post of a commissioner. Choose a members' meeting, or give out "
        "the posts first."
    )
    field = "kinds"


class NoGroupsError(ConflictError):
    """A group meeting in a branch without groups."""

    code = "no_groups"
    message = _("This branch has no groups. Choose a members' meeting, or make the groups first.")
    field = "kinds"


class CommitteeApartError(ConflictError):
    """A committee meeting on one agenda with what more people are expected at."""

    code = "committee_apart"
    message = _(
        "The committee meets with fewer people: plan it as a meeting of its own and link the two. An absence then "
        "counts once all the same."
    )
    field = "kinds"


class NotOfTheBranchError(ConflictError):
    """Somebody or a group of another branch."""

    code = "not_of_the_branch"
    message = _("Choose from this branch.")

    def __init__(self, *, at: str = "form") -> None:
        self.field = at
        super().__init__()


class LinkedDayError(ConflictError):
    """Two meetings of different days are not one gathering."""

    code = "linked_day"
    message = _("Only meetings of one day belong together. Take the link out first, or choose the same day.")
    field = "linked_to_id"


class Belongs(NamedTuple):
    """Somebody who belongs to those who are expected."""

    capacity: Capacity
    is_full: bool
    """Whether a full member, on the day of the event."""
    is_exempt: bool
    """Invited, never absent. Source: §2."""


class LinkedAlreadyError(ConflictError):
    """The first meeting of a gathering, to which others are linked."""

    code = "linked_already"
    message = _("Others are linked to this meeting. Link from the later one to the first.")
    field = "linked_to_id"


def check_when(begins: datetime, ends: datetime, *, today: date, reason: str | None, stays: bool = False) -> None:
    """Let a meeting be planned, or recorded afterwards for a ``reason``; one that ``stays`` on its day needs none.

    Raises:
        ImpossibleError: it ends before it begins, or lasts longer than a day.
        TooFarAheadError, TooLongAgoError: its day can hardly be meant.
        ReasonMissingError: its day has passed and nobody says why.
    """
    check_times(begins, ends, at="ends")
    day, first = clock.local_day(begins), date(open_from(today).year - 1, 1, 1)
    if day - today > FARTHEST:
        raise TooFarAheadError(days=FARTHEST.days)
    if day < first:
        raise TooLongAgoError(first=first.isoformat())
    if day < today and not reason and not stays:
        raise ReasonMissingError


def check_kinds(kinds: Collection[Kind], *, has_committee: bool, has_groups: bool) -> None:
    """Let kinds pass that one set of people is expected at.

    Raises:
        NoCommitteeError, NoGroupsError: nobody is there for it.
        CommitteeApartError: the committee's meeting is one of its own.
    """
    if Kind.COMMITTEE in kinds and not has_committee:
        raise NoCommitteeError
    if Kind.GROUP in kinds and not has_groups:
        raise NoGroupsError
    if Kind.COMMITTEE in kinds and len(set(kinds)) > 1:
        raise CommitteeApartError


def brings_facts(begins: datetime, planned_at: datetime) -> bool:
    """Whether attendance becomes facts: not that of a meeting recorded after its year was closed. Source: §3."""
    return clock.local_day(begins) >= open_from(clock.local_day(planned_at))


def expected_now(
    stored: Mapping[UUID, T], belongs: Mapping[UUID, T], *, came_later: AbstractSet[UUID], left_later: AbstractSet[UUID]
) -> dict[UUID, T]:
    """Who is expected, by the day of the event: ``belongs`` is who is there now.

    Who came after that day is not added, who left after it stays; all others who moved follow. Source: §3.
    """
    there = {member: one for member, one in belongs.items() if member not in came_later or member in stored}
    return {member: one for member, one in stored.items() if member in left_later} | there
