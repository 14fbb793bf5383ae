"""How far a branch's year of pledges has come. By group and name, never a ranking."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.members import queries as members
from app.features.members.rules import ExemptionKind
from app.features.shows.pledges import queries
from app.features.shows.pledges.calendar import asks_for_ending, asks_for_progress, quarter_of
from app.features.shows.pledges.rules import PledgeState, Progress
from app.features.shows.pledges.view import ShownPledge


class Stage(Word):
    """How far a member's year has come, as its slowest pledge has."""

    NONE = "none", _("not yet written")
    DRAFT = "draft", _("draft")
    RETURNED = "returned", _("returned")
    SUBMITTED = "submitted", _("waiting for approval")
    APPROVED = "approved", _("approved")
    ENDED = "ended", _("to be evaluated")
    EVALUATED = "evaluated", _("evaluated")


_STAGE_OF: Final = {
    PledgeState.DRAFT: Stage.DRAFT,
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
    def is_asked(self) -> bool:
        """Whether the branch counts on pledges of this member: who is exempt may write some, and is never missed."""
        return bool(self.pledges) or self.exemption is None

    @property
    def stage(self) -> Stage:
        """How far the slowest pledge has come."""
        return stage_of([pledge.state for pledge in self.pledges])

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
        """How many are exempt and have written nothing."""
        return sum(not member.is_asked for member in self.members)

    def due(self, today: date) -> list[tuple[LazyText, int]]:
        """What waits for a word, and where help is wanted: numbers of running pledges, not of people."""
        running = [one for member in self.members for one in member.pledges if one.state is PledgeState.IN_PROGRESS]
        is_asked = self.year == today.year and asks_for_progress(today)
        untold = [one for one in running if is_asked and one.marks[quarter_of(today, self.year)] is None]
        stuck = [one for one in running if one.latest and one.latest.state is Progress.IN_DIFFICULTY]
        over = [one for one in running if one.due_on < today or asks_for_ending(today, self.year)]
        told = [(_("nothing said this quarter"), untold), (_("in difficulty"), stuck), (_("end not said"), over)]
        return [(label, len(pledges)) for label, pledges in told if pledges]


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
