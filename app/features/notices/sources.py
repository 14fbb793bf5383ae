"""Who has something to remind people of: a stream gives its source, and says what is due."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.features.members.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One item that is due for one person."""

    member_id: UUID
    subject_id: UUID
    """The item: a person is reminded of it once, however many ways lead to it."""
    address: str
    """The page on which it is done, inside this site: ``/shows/duties/…``."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What the sentence needs, as JSON knows it; nothing that may not stand in the database in clear."""
    until: date | None = None
    """The last day on which it matters, or ``None``: until it is done."""
    once: bool = False
    """Whether it is news: said once, and not again as long as it is due."""


AHEAD: Final = timedelta(days=30)
"""How far the page of today looks ahead."""


class Taps(NamedTuple):
    """A question that is answered where it stands: a button for each value of the form's ``state``."""

    address: str
    """Where the form goes. Its ``id`` is made with the page: a tap sent twice is one."""
    kind: str
    """The captured kind under which a phone keeps the tap where it finds no network; empty where it needs one."""
    subject: UUID
    """What is spoken of, as the payload of that kind names it."""
    called: LazyText
    choices: Sequence[tuple[Any, Any]]
    """Values and words."""
    sends: Mapping[str, str]
    """What else the form carries."""


class DueDay(NamedTuple):
    """The last day of something of one's own, for one's own calendar."""

    id: UUID
    title: str
    due_on: date
    address: str


class DueLine(NamedTuple):
    """Something to do, as a line of the page of today, and where it is done."""

    due_on: date
    title: str
    words: str
    address: str
    is_late: bool
    came_back: str = ""
    """The kind of record that came back with a reason, if one did. Where that is shown, it is not said here again."""
    taps: Taps | None = None
    """Where one tap is all there is to it."""
    is_ahead: bool = False
    """Whether it is only coming, at most ``AHEAD``: nothing has to be done yet."""
    about: LazyText | str = ""
    """What kind of thing it is."""
    act: LazyText | str = ""
    """What is to be done, as the words of a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSource:
    """A kind of thing people are reminded of. Each may be switched off by each person."""

    name: str
    label: LazyText
    """What people read where they switch it off: "duties that are due"."""
    due: Callable[[Session, datetime], Sequence[Reminder]]
    """Everything that is due for anybody at this moment, in a number of statements that does not grow with it.

    Say it as long as it is due: how often people hear it is decided here. What is no longer said is settled.
    """
    words: Callable[[Mapping[str, Any]], str]
    """``Reminder.details`` as one sentence in the reader's language, without asking the database."""
    lines: Callable[[Session, Actor, date], Iterable[DueLine]] = lambda session, actor, today: ()
    """What the actor has to do soon or is late with, on the page of today."""
    days: Callable[[Session, UUID, int], Iterable[DueDay]] = lambda session, member_id, year: ()
    """What a member still has to do in a year, for the own calendar; at most two statements."""
    is_listed: Callable[[Mapping[str, Any]], bool] = lambda details: False
    """Whether the page of today lists such a thing as it stands at that moment, so that its reminder adds nothing."""


_sources: dict[str, ReminderSource] = {}


def know(sources: Iterable[ReminderSource]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once.

    Raises:
        ValueError: two have one name.
    """
    for source in sources:
        if _sources.setdefault(source.name, source) is not source:
            raise ValueError(f"two are called {source.name}")


def sources() -> tuple[ReminderSource, ...]:
    """All sources, in the order of their features."""
    return tuple(_sources.values())
