"""How far a branch's year of pledges has come. By group and name, never a ranking."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core import formats
from app.core.i18n import LazyText, gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import ExemptionKind, Permission
from app.features.shows.pledges import queries
from app.features.shows.pledges.calendar import (
    WRITTEN_IN,
    asks_for_ending,
    asks_for_progress,
    last_day_of_ending,
    last_day_of_quarter,
    quarter_asked,
    quarter_of,
)
from app.features.shows.pledges.due import Ask, asked_on, statement
from app.features.shows.pledges.rules import PledgeState, Progress
from app.features.shows.pledges.view import PAGE, ShownPledge
from app.features.stream import Queue


class Stage(Word):
    """How far a member's year has come, as its slowest pledge has."""

    NONE = "none", _("not yet written")
    RETURNED = "returned", _("returned")
    SUBMITTED = "submitted", _("waiting for approval")
    APPROVED = "approved", _("approved")
    ENDED = "ended", _("to be evaluated")
    EVALUATED = "evaluated", _("evaluated")


_STAGE_OF: Final = {
    PledgeState.DRAFT: Stage.NONE,
    PledgeState.RETURNED: Stage.RETURNED,
    PledgeState.SUBMITTED: Stage.SUBMITTED,
    PledgeState.PUBLICITY: Stage.APPROVED,
    PledgeState.IN_PROGRESS: Stage.APPROVED,
    PledgeState.DONE: Stage.ENDED,
    PledgeState.NOT_MET: Stage.ENDED,
    PledgeState.EXCUSED: Stage.ENDED,
    PledgeState.EVALUATED: Stage.EVALUATED,
    PledgeState.ARCHIVED: Stage.EVALUATED,
}
_SLOWEST_FIRST: Final = list(Stage)


@dataclass(frozen=True, slots=True)
class Covered:
    """One member of the branch."""

    id: UUID
    name: str
    group_name: str | None
    post: str | None
    exemption: ExemptionKind | None
    pledges: Sequence[ShownPledge]

    @property
    def handed_in(self) -> Sequence[ShownPledge]:
        """What others see of the year; drafts are their writer's own."""
        return [pledge for pledge in self.pledges if not pledge.is_draft]

    @property
    def running(self) -> Sequence[ShownPledge]:
        """Those that are being kept just now."""
        return [pledge for pledge in self.pledges if pledge.state is PledgeState.IN_PROGRESS]

    @property
    def is_asked(self) -> bool:
        """Whether the branch counts on pledges of this member: who is exempt may hand some in, and is never missed."""
        return bool(self.handed_in) or self.exemption is None

    @property
    def stage(self) -> Stage:
        """How far the slowest pledge has come that was handed in."""
        return stage_of([pledge.state for pledge in self.handed_in])

    @property
    def label(self) -> LazyText:
        """The stage in words."""
        return self.stage.label


@dataclass(frozen=True, slots=True)
class Coverage:
    """The branch in a year, by group and name."""

    year: int
    members: Sequence[Covered]

    @property
    def groups(self) -> list[tuple[str | None, list[Covered]]]:
        """The members by group, as the branch lists them."""
        found: dict[str | None, list[Covered]] = {}
        for member in self.members:
            found.setdefault(member.group_name, []).append(member)
        return list(found.items())

    @property
    def numbers(self) -> list[tuple[LazyText, int]]:
        """How many members have come how far, of those who are asked."""
        counted = Counter(member.stage for member in self.members if member.is_asked)
        return [(stage.label, counted[stage]) for stage in Stage if counted[stage]]

    @property
    def without(self) -> list[str]:
        """Names of who is asked and has handed nothing in: the same on every page, print and file of the branch."""
        return [member.name for member in self.members if member.is_asked and not member.handed_in]

    @property
    def not_asked(self) -> int:
        """How many are exempt and have handed in nothing."""
        return sum(not member.is_asked for member in self.members)

    def untold(self, today: date) -> list[Covered]:
        """Who has said nothing this quarter of a pledge that runs, by group and name."""
        quarter = quarter_asked(today) if self.year == today.year else None
        return [one for one in self.members if quarter and any(pledge.lacks(quarter, today) for pledge in one.running)]

    def unended(self, today: date) -> list[Covered]:
        """Who has not said how a pledge ended whose time has come, by group and name."""
        return [one for one in self.members if any(pledge.wants_ending(today) for pledge in one.running)]

    def due(self, today: date) -> list[tuple[LazyText, int]]:
        """What waits for a word, and where help is wanted: numbers of running pledges, not of people."""
        running = [one for member in self.members for one in member.running]
        quarter = quarter_asked(today) if self.year == today.year else None
        untold = [one for one in running if quarter and one.lacks(quarter, today)]
        stuck = [one for one in running if one.latest and one.latest.state is Progress.IN_DIFFICULTY]
        over = [one for one in running if one.wants_ending(today)]
        silent = (
            _("nothing said this quarter")
            if quarter == quarter_of(today, self.year)
            else _("nothing said of last quarter")
        )
        told = [(silent, untold), (_("in difficulty"), stuck), (_("end not said"), over)]
        return [(label, len(pledges)) for label, pledges in told if pledges]


@lru_cache(maxsize=8)
def _counted(asks: tuple[Ask, ...]) -> Select[*tuple[Any, ...]]:
    """Of how many members of a branch each is asked, by year."""
    found = statement(asks, "branch").subquery()
    people = func.count(found.c.member_id.distinct()).label("people")
    return select(found.c.ask, found.c.year, people).group_by(found.c.ask, found.c.year).order_by(found.c.year)


def queues(session: Session, actor: Actor, today: date) -> Iterator[Queue]:
    """Who of the branch has not written, told or ended what is asked, counted in one statement, for who helps with it.

    Writing is asked all the year here, and a quarter until the next one is asked about.
    """
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        return
    quarter = quarter_asked(today)
    asks = (Ask.WRITE, *([Ask.PROGRESS] if quarter else []), Ask.ENDING)
    rows = session.execute(_counted(asks), {"branch": actor.branch_id, **asked_on(session, today)}).all()
    for row in sorted(rows, key=lambda row: (asks.index(row.ask), row.year)):
        label, at = {
            Ask.WRITE: (_("Pledges not written yet"), ""),
            Ask.PROGRESS: (_("Progress of Q%(n)s not told yet") % {"n": quarter}, "#untold"),
            Ask.ENDING: (_("Results of pledges not told yet"), "#unended"),
        }[row.ask]
        year = ""
        if row.year != today.year:
            label, year = _("Results of the pledges of %(year)s not told yet") % {"year": row.year}, f"?year={row.year}"
        said = ngettext("%(num)s member", "%(num)s members", row.people) % {"num": row.people}
        yield Queue(str(label), row.people, f"{PAGE}/branch{year}{at}", said=said)


def week(_session: Session, _actor: Actor, today: date) -> Iterator[str]:
    """What the season asks of everybody, without a word on who has done it."""
    if today.month == WRITTEN_IN:
        yield gettext("Pledges of %(year)s: to be written by %(day)s") % _until(date(today.year, WRITTEN_IN, 31))
    ending_year = today.year - 1 if today.month == WRITTEN_IN else today.year
    if asks_for_ending(today, ending_year):
        until = _until(last_day_of_ending(ending_year))
        said = gettext("Results of the pledges of %(year)s: to be handed in by %(day)s")
        yield said % {**until, "year": ending_year}
    if asks_for_progress(today):
        last = last_day_of_quarter(today.year, quarter_of(today, today.year))
        yield gettext("Progress of pledges this quarter: one tap on the page “Today” by %(day)s") % _until(last)


def _until(day: date) -> dict[str, object]:
    return {"year": day.year, "day": formats.short_day(day)}


def stage_of(states: Sequence[PledgeState]) -> Stage:
    """How far the slowest of these has come; ``NONE`` without any."""
    return min((_STAGE_OF[state] for state in states), key=_SLOWEST_FIRST.index, default=Stage.NONE)


def coverage(session: Session, branch_id: UUID, year: int) -> Coverage:
    """Who of a branch has written pledges, and how far they have come. For callers that know the branch is theirs."""
    exempt = members.exempt_on(session, branch_id)
    pledges = queries.of_branch(session, branch_id, year)
    return Coverage(
        year,
        [
            Covered(row.id, row.name, row.group_name, row.post, exempt.get(row.id), pledges.get(row.id, ()))
            for row in members.branch_members(session, branch_id)
        ],
    )
