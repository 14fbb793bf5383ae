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
BRANCHES_LENGTH: Final = 800
"""Of the names of other branches, one a line."""
MOST_BRANCHES: Final = 20
"""Other branches that meet jointly. Ours."""
FARTHEST: Final = timedelta(days=400)
"""How far ahead a meeting is planned. Source: §12."""
TO_BE_RECORDED_AFTER: Final = timedelta(hours=24)
"""After its end a meeting without attendance wants a polite word. Source: §3."""
MOST_REPEATS: Final = 11
"""Months that a meeting is repeated in one go: with its own, a year."""
BASKETS: Final = (
    (Kind.THEME_DAY, Kind.LECTURE),
    (Kind.THEME_DAY, Kind.LECTURE, Kind.MEMBERS_MEETING),
    (Kind.ORG_LIFE, Kind.REVIEW),
)
"""Kinds that are often one gathering. Source: §3."""
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
    WRITTEN = "written", _("Minutes written")


class MeetingStepError(StepRefusedError):
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


class Joins(Word):
    """Whether another branch meets jointly with the host."""

    ASKED = "asked", _("not answered yet"), "need"
    JOINED = "joined", _("takes part")
    DECLINED = "declined", _("does not take part")


BESIDE: Final = frozenset({Capacity.ATTACHED, Capacity.GUEST})
"""Who takes part and counts in no number of the branch. Source: §2."""


class TooFarAheadError(ConflictError):
    message = _("A meeting is planned at most %(days)s days ahead. Please check the year.")
    field = "day"


class TooLongAgoError(ConflictError):
    """Before the year that came before the open one."""

    message = _("Meetings can be recorded back to %(first)s.")
    field = "day"


class ReasonMissingError(BadInputError):
    message = _("This day has passed. Say in a few words why it is recorded only now; it will be marked as such.")
    field = "reason"


class NoCommitteeError(ConflictError):
    message = _(
        "This branch has no committee: nobody holds the post of a commissioner. Choose a members' meeting, or give out "
        "the posts first."
    )
    field = "kinds"


class NoGroupsError(ConflictError):
    message = _("This branch has no groups. Choose a members' meeting, or make the groups first.")
    field = "kinds"


class CommitteeApartError(ConflictError):
    message = _(
        "The committee meets with fewer people: plan it as a meeting of its own and link the two. An absence then "
        "counts once all the same."
    )
    field = "kinds"


class JointKindsError(ConflictError):
    message = _("The committee and groups meet in their own branch: take them off the agenda, or invite no branch.")
    field = "kinds"


class TooManyBranchesError(ConflictError):
    message = _("At most %(most)s other branches meet jointly.")
    field = "branches"


class BegunWithoutError(ConflictError):
    """The host met alone, and may have voted."""

    message = _(
        "Your branch had said that it does not take part, and the meeting has begun. The host can name who came as "
        "guests."
    )


class BegunAlreadyError(ConflictError):
    message = _("It has begun. Whoever did not come is said on the list of who was there.")


class NotOfTheBranchError(ConflictError):
    message = _("Choose from this branch.")

    def __init__(self, *, at: str = "form") -> None:
        self.field = at
        super().__init__()


class CameAlreadyError(ConflictError):
    message = _("Somebody has already said to be there. For another day, cancel this meeting and plan a new one.")
    field = "day"


class LinkedDayError(ConflictError):
    message = _("Only meetings of one day belong together. Take the link out first, or choose the same day.")
    field = "linked_to_id"


class Belongs(NamedTuple):
    """Somebody who belongs to those who are expected."""

    capacity: Capacity
    is_full: bool
    """Whether a full member, on the day of the event."""
    is_exempt: bool
    """Invited, never absent. Source: §2."""
    own_branch_id: UUID | None = None
    """The own branch of that day, where it is not the host: there it counts."""

    @property
    def is_invited(self) -> bool:
        """Whether the host says of them that they were there, never that they were absent."""
        return self.is_exempt or self.capacity is Capacity.ATTACHED


class LinkedAlreadyError(ConflictError):
    message = _("Others are linked to this meeting. Link from the later one to the first.")
    field = "linked_to_id"


def check_when(begins: datetime, ends: datetime, *, today: date, reason: str | None, stays: bool = False) -> None:
    """Let a meeting be planned, or recorded afterwards for a ``reason``; one that ``stays`` on its day needs none.

    Raises:
        ImpossibleError: it ends before it begins, or lasts longer than a day.
        ReasonMissingError: its day has passed and nobody says why.
    """
    check_times(begins, ends, at="ends")
    day, first = clock.local_day(begins), date(open_from(today).year - 1, 1, 1)
    if day - today > FARTHEST:
        raise TooFarAheadError(days=FARTHEST.days)
    if day < first:
        raise TooLongAgoError(first=first)
    if day < today and not reason and not stays:
        raise ReasonMissingError


def check_kinds(kinds: Collection[Kind], *, has_committee: bool, has_groups: bool, is_joint: bool = False) -> None:
    """Let kinds pass that one set of people is expected at.

    Raises:
        CommitteeApartError: the committee's meeting is one of its own.
        JointKindsError: so is every meeting of a part of one branch, where several meet jointly.
    """
    if is_joint and OF_SOME.intersection(kinds):
        raise JointKindsError
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
