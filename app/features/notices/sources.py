"""Who has something to remind people of: a feature registers its source, and says what is due."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText


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
    is_listed: Callable[[Mapping[str, Any]], bool] = lambda details: False
    """Whether the page of today lists such a thing as it stands at that moment, so that its reminder adds nothing."""


_sources: dict[str, ReminderSource] = {}


def register(source: ReminderSource) -> ReminderSource:
    """Make ``source`` known; a feature does this once, when it is imported.

    Raises:
        ValueError: another source has this name.
    """
    if source.name in _sources:
        raise ValueError(f"two sources are called {source.name}")
    _sources[source.name] = source
    return source


def source_called(name: str) -> ReminderSource:
    """The source of this name.

    Raises:
        KeyError: no feature has registered it.
    """
    return _sources[name]


def sources() -> tuple[ReminderSource, ...]:
    """All sources, in the order of their features."""
    return tuple(_sources.values())
