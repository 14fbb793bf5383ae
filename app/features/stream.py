"""What a stream of work says of itself, in one value: all that the rest of the house has to know of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.i18n import LazyText
from app.core.own_data import Purpose, Section
from app.features.education.sources import HoursSource
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.years import Grader
from app.features.members.actor import Actor
from app.features.members.said import Sayer
from app.features.notices.sources import ReminderSource
from app.features.reviews.kinds import Follower, ReviewKind
from app.features.sync.captures import CapturedKind


@dataclass(frozen=True, slots=True)
class SweepStep:
    """One thing that time brings about: ``work`` gives how often it did, for the line that says so."""

    said: LazyText
    work: Callable[[Database, datetime], int]
    erases: bool = False
    """Whether it erases what is kept long enough. That waits for nothing else, and asks first whether the clock is
    right."""


def in_one_unit(work: Callable[[Session, datetime], int]) -> Callable[[Database, datetime], int]:
    """``work`` of a ``SweepStep`` that one unit of work is enough for."""

    def run(database: Database, now: datetime) -> int:
        with database.write() as session:
            return work(session, now)

    return run


class Queue(NamedTuple):
    """Work that waits for an officer: one row of the page of today, with its number and its one way on."""

    label: str
    number: int
    address: str
    words: str = ""
    """One more fact, where there is one."""
    said: str = ""
    """The number in words, where it is not one of things: "5 people"."""
    is_late: bool = False
    """Whether somebody has to act on it now."""


class OwnPage(NamedTuple):
    """A page of the member's own. Phones keep its last copy, to be read without a network."""

    address: str
    icon: str
    label: LazyText
    is_tab: bool = False
    """Whether every page leads to it (``base.html``); the others are listed on the pages "Today" and "Me"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream of work. What it has nothing of is left out; the order within a field is the order people see."""

    name: str
    """For machines."""
    routes: Sequence[str] = ()
    """The modules whose ``router`` it serves, named and not imported: only ``main`` does that."""
    review_kinds: Sequence[ReviewKind] = ()
    """Its records that wait for an officer's word."""
    captures: Sequence[CapturedKind[Any]] = ()
    """What phones record of it without a network."""
    follows: Mapping[str, Follower] = field(default_factory=dict)
    """What it brings along of its own when records of another stream count, or count no longer: by their kind."""
    fact_sources: Sequence[FactSource] = ()
    """What it writes into the ledger without a decision in the queue."""
    reminders: Sequence[ReminderSource] = ()
    """What it reminds people of, and what it puts on the page of today."""
    lists: Callable[[Session, Actor], Mapping[str, Any]] = lambda session, actor: {}
    """What a phone takes along of it so that it can be spoken of without a network: the actor's own alone."""
    queues: Callable[[Session, Actor, date], Iterable[Queue]] = lambda session, actor, today: ()
    """What waits for the actor as an officer besides decisions, counted in the database and by the filter of the list
    that each leads to."""
    week: Callable[[Session, Actor, date], Iterable[str]] = lambda session, actor, today: ()
    """What the coming days bring for the actor's branch, in sentences that everybody may read: no names."""
    of_member: Sayer | None = None
    """What it says of a member on the member's page, to whoever may read it."""
    grades: Grader | None = None
    """Which grade people gave somebody for a year, where it keeps them."""
    hours: HoursSource | None = None
    """Which hours of education it knows of: they are added up from all streams, and kept nowhere else."""
    pages: Sequence[OwnPage] = ()
    """Where members find what is their own of it."""
    own_data: Sequence[Section] = ()
    """What it keeps about a person."""
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    """Who sees that, and what for."""
    sweep: Sequence[SweepStep] = ()
    """What time alone brings about in it."""
