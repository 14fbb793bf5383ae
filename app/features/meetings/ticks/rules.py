"""The words of a list of attendance, and what each of them says. Source: domain, meetings §4."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.leave.rules import Away, LeaveType
from app.features.meetings.attendance.rules import EXPECTED_AT, IN_TIME, Attended, ConfirmedBy, Item, Kind, Leave, State

NOTE_LENGTH: Final = 200
_MORE: Final = IN_TIME + timedelta(minutes=1)
"""What a tick "late" means: nobody measures it."""


class Source(Word):
    """How an attendance came to be said."""

    TICK = "tick", _("ticked by the organiser")
    CODE = "code", _("code of the room")
    LEAVE = "leave", _("out of a leave")
    BACKFILL = "backfill", _("recorded afterwards")


class How(Word):
    """How somebody made up for a meeting."""

    ANOTHER_GROUP = "another_group", _("sat in with another group")
    BROUGHT = "brought", _("it was brought to the door")
    MATERIALS = "materials", _("read the materials")
    TOLD = "told", _("was told in a talk")


class Mark(Word):
    """What the organiser ticks for one person."""

    PRESENT = "present", _("present")
    LATE = "late", _("more than 30 minutes late")
    LEFT_EARLY = "left_early", _("left more than 30 minutes early")
    OFFICIAL = "official", _("official trip, training, secondment")
    SICK = "sick", _("sick leave")
    STATUTORY = "statutory", _("statutory leave")
    PRIVATE = "private", _("private leave")
    ABSENT = "absent", _("absent without excuse"), "need"
    NOT_EXPECTED = "not_expected", _("was not expected")


class TooEarlyToRecordError(ConflictError):
    code = "not_begun"
    message = _("The meeting has not begun. Attendance is recorded from its beginning on.")


class NotExpectedHereError(ConflictError):
    message = _("Somebody on this list is not expected at this meeting. Open the list anew.")


class MarkNotOfferedError(ConflictError):
    message = _("Whoever is exempt or came of their own will is never absent. Choose “%(other)s”.")


class ChangedMeanwhileError(ConflictError):
    message = _(
        "%(name)s saved this list before you. Where the two differ stands at each name; save again to keep yours."
    )


class ChangedSinceError(ConflictError):
    message = _("The list was changed after you opened it. Look at it once more, then confirm.")


class NoteMissingError(BadInputError):
    message = _("Some of this was confirmed already. Say in a few words why it is corrected; the member reads it.")
    field = "note"


class StoredTick(NamedTuple):
    """A tick as it is stored."""

    state: State
    leave: Leave | None = None
    is_late: bool = False
    left_early: bool = False


_SAID: Final = {
    Mark.PRESENT: StoredTick(State.PRESENT),
    Mark.LATE: StoredTick(State.PRESENT, is_late=True),
    Mark.LEFT_EARLY: StoredTick(State.PRESENT, left_early=True),
    Mark.OFFICIAL: StoredTick(State.LEAVE, Leave.OFFICIAL),
    Mark.SICK: StoredTick(State.LEAVE, Leave.SICK),
    Mark.STATUTORY: StoredTick(State.LEAVE, Leave.STATUTORY),
    Mark.PRIVATE: StoredTick(State.LEAVE, Leave.PRIVATE),
    Mark.ABSENT: StoredTick(State.ABSENT),
    Mark.NOT_EXPECTED: StoredTick(State.NOT_EXPECTED),
}
_ON_LEAVE: Final = {
    LeaveType.PERSONAL: Mark.PRIVATE,
    LeaveType.SICK: Mark.SICK,
    LeaveType.OFFICIAL: Mark.OFFICIAL,
    LeaveType.TRAINING: Mark.OFFICIAL,
    LeaveType.SECONDMENT: Mark.OFFICIAL,
    LeaveType.REPORT_ONLY: Mark.PRESENT,
}
"""What a leave says of who is not there; the others are of the law. A report of leaving town excuses nobody."""
_MARKS: Final = {said: mark for mark, said in _SAID.items()}


def said(mark: Mark) -> StoredTick:
    """What a mark says."""
    return _SAID[mark]


def mark_of(said: StoredTick) -> Mark | None:
    """The mark that says this; ``None`` for what nobody ticks."""
    return _MARKS.get(said)


def word_of(said: StoredTick, *, sees_kinds: bool) -> Mark | State | None:
    """What somebody reads of a tick: colleagues that one is on leave, officers on which. Source: §8."""
    return mark_of(said) if sees_kinds or said.state is not State.LEAVE else State.LEAVE


def meant(word: Mark | Literal["leave"], stands: Mark | None, *, sees_kinds: bool) -> Mark:
    """What a ``word`` of the list says: of somebody on leave, by who may not know on which, the leave that ``stands``.

    Raises:
        ChangedSinceError: somebody is said to be on leave, and no longer is.
    """
    mark = None if word == "leave" else word
    if not sees_kinds and stands and said(stands).leave and (mark is None or said(mark).leave):
        return stands
    if mark is None:
        raise ChangedSinceError
    return mark


def is_voluntary(kinds: Collection[Kind]) -> bool:
    """Whether nobody can be absent: volunteering, study, talks. Source: §4."""
    return not EXPECTED_AT.intersection(kinds)


def offered(*, invited: bool, voluntary: bool) -> tuple[Mark, ...]:
    """What can be said of somebody: who need not come is there, or was not expected. Source: §2, §4."""
    return (Mark.PRESENT, Mark.NOT_EXPECTED) if invited or voluntary else tuple(Mark)


def words_for(marks: Collection[Mark], stands: Mark, *, sees_kinds: bool) -> tuple[Mark | State, ...]:
    """The same, with one word for the leave of which the reader may not know the kind."""
    if sees_kinds or not said(stands).leave:
        return tuple(marks)
    return (State.LEAVE, *(mark for mark in marks if not said(mark).leave))


def first_mark(*, is_exempt: bool, voluntary: bool, away: Away | None = None, was_elsewhere: bool = False) -> Mark:
    """What the list begins with: everybody present of whom it is asked, but for a leave that is decided. Source: §8.

    Who is attached to another branch and took part there is on official leave here. Source: §4.
    """
    if is_exempt or voluntary:
        return Mark.NOT_EXPECTED
    if away and away.is_decided:
        return _ON_LEAVE.get(away.leave, Mark.STATUTORY)
    return Mark.OFFICIAL if was_elsewhere else Mark.PRESENT


def attended(
    begins: datetime,
    ends: datetime,
    items: Collection[Item],
    said: StoredTick,
    *,
    by_host: bool = False,
    made_up_on: date | None = None,
) -> Attended:
    """A stored tick as the rules of attendance read it; ``by_host``: no officer of the own branch confirmed it."""
    return Attended(
        begins=begins,
        ends=ends,
        items=items,
        state=said.state,
        leave=said.leave,
        arrived=min(begins + _MORE, ends) if said.is_late else None,
        left=max(ends - _MORE, begins) if said.left_early else None,
        confirmed_by=ConfirmedBy.HOST if by_host else ConfirmedBy.OWN,
        made_up_on=made_up_on,
    )
