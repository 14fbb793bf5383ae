"""What the pages of the reports show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.wishes.reports import queries, rules
from app.features.wishes.reports.rules import COUNTED


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of one community, in the order of ``COUNTED``."""

    community: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a month."""

    lines: Sequence[Line]
    totals: tuple[int, ...]


def summary(session: Session, actor: Actor, month: date) -> Summary:
    """The numbers of each community in the actor's sight, and of all together."""
    found = queries.numbers_of(session, actor, month)
    lines = [
        Line(row.name, tuple(found.get(row.id, {}).get(step, 0) for step in COUNTED))
        for row in queries.communities(session, actor)
    ]
    totals = tuple(sum(line.numbers[index] for line in lines) for index in range(len(COUNTED)))
    return Summary(lines, totals)


def by_community(wishes: Iterable[queries.AnyRow]) -> list[tuple[str, list[queries.AnyRow]]]:
    """The wishes of a month below their communities, in the order of the list."""
    return [(name, list(rows)) for name, rows in groupby(wishes, key=lambda row: row.community)]


def readable_month(word: str) -> date:
    """The month an address names, if its summary can be read by now.

    Raises:
        NotFoundError: it names none, or one that is not ready.
    """
    month = rules.month_called(word)
    if month is None or month > rules.latest_ready(clock.today()):
        raise NotFoundError
    return month


def on_the_desk(actor: Actor) -> date | None:
    """The month whose summary lies on an officer's desk: from the 10th until the month is over."""
    today = clock.today()
    return rules.month_before(today) if actor.may(Permission.APPROVE) and today.day >= rules.READY_ON else None
