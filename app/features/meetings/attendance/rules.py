"""What attendance at one gathering gives a member: at most one loss, a study session, minutes of education."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from app.core import clock
from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.periods import month_counted_in
from app.features.ledger.rules import FactType

IN_TIME: Final = timedelta(minutes=30)
"""Later than this is late, as is leaving earlier than this. Source: domain, meetings §4."""
LONGEST: Final = timedelta(hours=24)
"""Of one event."""
MAKE_UP_DAYS: Final = 30
"""After the day of the event, the last one included; the loss is posted on the day after. Source: §5."""
MAKE_UP_CONFIRMED: Final = 10
"""Days after those within which an officer confirms what was made up. Source: §5."""


class Kind(Word):
    """What an item of an event is."""

    MEMBERS_MEETING = "members_meeting", _("Members' meeting")
    COMMITTEE = "committee", _("Committee meeting")
    GROUP = "group", _("Group meeting")
    LECTURE = "lecture", _("Party lecture")
    THEME_DAY = "theme_day", _("Theme Party day")
    ORG_LIFE = "org_life", _("Organisation-life meeting")
    REVIEW = "review", _("Democratic review")
    STUDY_SESSION = "study_session", _("Organised study")
    VOLUNTEERING = "volunteering", _("Volunteering")
    JOINT = "joint", _("Joint event")
    OTHER = "other", _("Another event")


EXPECTED_AT: Final = frozenset(
    {Kind.MEMBERS_MEETING, Kind.COMMITTEE, Kind.GROUP, Kind.LECTURE, Kind.THEME_DAY, Kind.ORG_LIFE, Kind.REVIEW}
)
"""Kinds that can give a loss; the others are voluntary. Source: §4, §15."""
KEY: Final = frozenset({Kind.ORG_LIFE, Kind.REVIEW})
"""Kinds whose absence weighs more."""
TEACHING: Final = frozenset({Kind.LECTURE, Kind.STUDY_SESSION})
"""Kinds that are education; a theme day is where it was used to study."""


class State(Word):
    """Where somebody was."""

    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
    LEAVE = "leave", _("on leave")
    NOT_EXPECTED = "not_expected", _("not expected")


class Leave(Word):
    """What kind of leave an attendance shows."""

    OFFICIAL = "official", _("on an official trip")
    SICK = "sick", _("on sick leave")
    STATUTORY = "statutory", _("on statutory leave")
    PRIVATE = "private", _("on private leave")
    ASKED = "asked", _("leave asked for")


class ConfirmedBy(Word):
    """Whose officer confirmed an attendance."""

    OWN = "own", _("an officer of one's own branch")
    HOST = "host", _("an officer of the host")
    NOBODY = "nobody", _("nobody yet")


class Broken(Word):
    """What about an attendance cannot be."""

    ORDER = "ends_before_it_begins", _("The meeting ends before it begins.")
    LONG = "longer_than_a_day", _("A meeting lasts 24 hours at most.")
    NOTHING = "no_items", _("Choose at least one kind of meeting.")
    STAY = "left_before_arriving", _("Arriving and leaving do not fit the meeting.")
    LEAVE = "leave_without_its_kind", _("Say which kind of leave it is, and only where somebody is on leave.")
    MAKE_UP = "made_up_before", _("It cannot be made up before it took place.")


@dataclass(frozen=True, slots=True)
class Item:
    """A part of an event."""

    kind: Kind
    minutes: int = 0
    study: bool = False
    """The tick "study" of a theme day."""

    @property
    def teaches(self) -> bool:
        """Whether it is education."""
        return self.kind in TEACHING or (self.kind is Kind.THEME_DAY and self.study)


def check_times(begins: datetime, ends: datetime, *, at: str = "form") -> None:
    """Let a meeting pass that ends after it has begun and within ``LONGEST``; ``at``: the field that is to blame.

    Raises:
        ImpossibleError: it does not.
    """
    if ends <= begins:
        raise ImpossibleError(Broken.ORDER, at=at)
    if ends - begins > LONGEST:
        raise ImpossibleError(Broken.LONG, at=at)


@dataclass(frozen=True, slots=True)
class Attended:
    """One person at one event.

    Raises:
        ImpossibleError: times that cannot be, leave without its kind.
    """

    begins: datetime
    ends: datetime
    items: Collection[Item]
    state: State
    arrived: datetime | None = None
    left: datetime | None = None
    leave: Leave | None = None
    made_up_on: date | None = None
    confirmed_by: ConfirmedBy = ConfirmedBy.OWN
    confirmed_on: date | None = None
    """The day of the event, where nothing else is said."""

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        check_times(self.begins, self.ends)
        if not self.items:
            raise ImpossibleError(Broken.NOTHING)
        if (self.left or self.ends) < (self.arrived or self.begins) or (self.arrived or self.begins) > self.ends:
            raise ImpossibleError(Broken.STAY)
        if (self.state is State.LEAVE) != (self.leave is not None):
            raise ImpossibleError(Broken.LEAVE)
        if self.made_up_on and self.made_up_on < self.day:
            raise ImpossibleError(Broken.MAKE_UP)

    @property
    def day(self) -> date:
        """The day it counts on: where it began, on the branch's calendar."""
        return clock.local_day(self.begins)

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds its items have."""
        return frozenset(item.kind for item in self.items)

    @property
    def made_up(self) -> bool:
        """Whether it was made up within the days there are for it."""
        return self.made_up_on is not None and (self.made_up_on - self.day).days <= MAKE_UP_DAYS


@dataclass(frozen=True, slots=True)
class Loss:
    """A fact that costs points."""

    fact_type: FactType
    occurred_on: date
    counts_in: date
    """First day of the month it counts in."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a gathering gives a member."""

    losses: Sequence[Loss]
    study_sessions: int
    education_minutes: int


class MadeUp(NamedTuple):
    """What somebody says to have made up for."""

    done_on: date
    reported_on: date
    confirmed_on: date | None
    """``None``: it waits for an officer."""

    def keeps_off(self, day: date, today: date) -> bool:
        """Whether the loss of an event of ``day`` does not stand beside it.

        Confirmed in time it never does. Reported in time it holds the loss until it is decided, as long as it could
        still be confirmed in time. Source: §5, §15.
        """
        last = day + timedelta(days=MAKE_UP_DAYS)
        confirmed_by = last + timedelta(days=MAKE_UP_CONFIRMED)
        if self.confirmed_on:
            return self.confirmed_on <= confirmed_by
        return self.reported_on <= last and today <= confirmed_by


HEAVIEST_FIRST: Final = (
    FactType.ATTENDANCE_ABSENT_KEY,
    FactType.ATTENDANCE_ABSENT,
    FactType.ATTENDANCE_PRIVATE_LEAVE,
    FactType.ATTENDANCE_LATE,
)
"""Of one gathering, linked events included, the first of these is posted, once. Source: §3, §15."""


def loss_of(one: Attended) -> FactType | None:
    """The loss that an event alone gives, whoever confirms it. Kinds that are voluntary give none. Source: §4."""
    if not one.kinds & EXPECTED_AT:
        return None
    if one.state is State.ABSENT:
        return FactType.ATTENDANCE_ABSENT_KEY if one.kinds & KEY else FactType.ATTENDANCE_ABSENT
    if one.state is State.LEAVE and one.leave is Leave.PRIVATE and not one.made_up:
        return FactType.ATTENDANCE_PRIVATE_LEAVE
    if one.state is State.PRESENT and (
        (one.arrived or one.begins) - one.begins > IN_TIME or one.ends - (one.left or one.ends) > IN_TIME
    ):
        return FactType.ATTENDANCE_LATE
    return None


def posted_on(one: Attended, loss: FactType) -> date:
    """The first day on which a loss may stand in the ledger: private leave waits until it can no longer be made up."""
    confirmed = one.confirmed_on or one.day
    if loss is FactType.ATTENDANCE_PRIVATE_LEAVE:
        return max(confirmed, one.day + timedelta(days=MAKE_UP_DAYS + 1))
    return confirmed


def given(events: Sequence[Attended], as_of: date | None = None) -> Given:
    """What one person gets of one gathering (linked events are one), with what is due on ``as_of``.

    A loss needs an officer of the own branch; presence is believed to the host as well. Without ``as_of`` everything
    that will be due is posted. Source: §3 to §5.
    """
    losses = []
    for one in events:
        kind = loss_of(one)
        if kind and one.confirmed_by is ConfirmedBy.OWN and (as_of is None or posted_on(one, kind) <= as_of):
            losses.append(Loss(kind, one.day, month_counted_in(one.day, posted_on(one, kind))))
    losses.sort(key=lambda loss: (HEAVIEST_FIRST.index(loss.fact_type), loss.occurred_on))
    taught = [
        one
        for one in events
        if one.confirmed_by is not ConfirmedBy.NOBODY
        and (one.state is State.PRESENT or (one.made_up and one.state is not State.NOT_EXPECTED))
        and any(item.teaches for item in one.items)
        and (as_of is None or (one.confirmed_on or one.day) <= as_of)
    ]
    minutes = sum(item.minutes for one in taught for item in one.items if item.teaches)
    return Given(losses[:1], len(taught), minutes)
