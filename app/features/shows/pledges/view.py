"""A pledge as pages, cards, walls and prints show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import LazyText
from app.core.workdays import PUBLISHED, Calendar
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges.calendar import QUARTERS, asks_for_ending, last_day_of_publicity, may_tell, quarter_of
from app.features.shows.pledges.hints import HINT_SENTENCES, hints
from app.features.shows.pledges.rules import APPROVED_STATES, OPEN_STATES, Ending, PledgeState, Progress, Side

PAGE: Final = "/shows/pledges"
"""Where the pledges of a year stand."""


class ProgressReport(NamedTuple):
    """One tap about a pledge."""

    quarter: int
    state: Progress
    note: str | None
    said_at: datetime
    entered_by: str | None
    """The officer who said it for the member."""

    @property
    def label(self) -> LazyText:
        """On track, in difficulty or done."""
        return self.state.label


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPledge:
    """Everything there is to show of one pledge."""

    id: UUID
    member_id: UUID
    year: int
    side: Side
    text: str
    sign: str
    due_on: date
    state: PledgeState
    entered_by: str | None
    """The officer who wrote or handed it in for the member."""
    decided_by: str | None
    decided_on: date | None
    advice: str | None
    """With which it was returned."""
    copied_from_id: UUID | None
    corrects_id: UUID | None
    progress: tuple[ProgressReport, ...] = ()
    """Oldest first."""
    outcome_id: UUID | None = None
    attempts: int = 0
    """How often somebody said how it ended."""
    outcome_status: ReviewStatus | None = None
    outcome: Ending | None = None
    """What was said last about how it ended."""
    said: str | None = None
    said_on: date | None = None
    outcome_advice: str | None = None
    """With which that was returned."""
    outcome_entered_by: str | None = None
    days: Calendar = PUBLISHED
    """What its publicity is counted with."""

    @property
    def latest(self) -> ProgressReport | None:
        """The last word about its progress."""
        return self.progress[-1] if self.progress else None

    @property
    def proposal(self) -> Ending | None:
        """What the software suggests about its end, and people decide: done, if that was the last word."""
        return Ending.DONE if self.latest is not None and self.latest.state is Progress.DONE else None

    @property
    def marks(self) -> Mapping[int, ProgressReport | None]:
        """The last word of each quarter; ``None`` is not yet said, and costs nothing.

        From the quarter on in which it was said how the pledge ended, only what was said is there: that was the word.
        """
        is_over = self.said_on is not None and not self.is_open
        asked = quarter_of(self.said_on, self.year) - 1 if self.said_on and is_over else QUARTERS[-1]
        marks: dict[int, ProgressReport | None] = dict.fromkeys(QUARTERS[:asked])
        return marks | {said.quarter: said for said in self.progress}

    def lacks(self, quarter: int, today: date) -> bool:
        """Whether a word about this ``quarter`` of its year is still wanted: it could be said, and has not been."""
        approved_on = self.decided_on or today
        is_open = self.state is PledgeState.IN_PROGRESS and self.due_on > today and self.marks.get(quarter) is None
        return is_open and may_tell(quarter, self.year, approved_on=approved_on, today=today)

    def wants_ending(self, today: date) -> bool:
        """Whether it is time to say how it ended: from its day on, and from December on."""
        is_time = self.due_on <= today or asks_for_ending(today, self.year)
        return is_time and self.state is PledgeState.IN_PROGRESS

    @property
    def state_label(self) -> LazyText:
        """Its state in words; once evaluated, how it ended."""
        if self.is_evaluated and self.outcome is not None:
            return self.outcome.label
        return self.state.label

    @property
    def outcome_label(self) -> LazyText | str:
        """How it is said to have ended; empty while nobody has said it."""
        return "" if self.outcome is None else self.outcome.label

    @property
    def tone(self) -> str:
        """The tone of the chip beside those words."""
        return self.outcome.tone if self.is_evaluated and self.outcome is not None else self.state.tone

    @property
    def hints(self) -> list[LazyText]:
        """What could be said more plainly, in sentences."""
        return [HINT_SENTENCES[hint] for hint in hints(self.text, self.sign)]

    @property
    def public_until(self) -> date | None:
        """The last day on which it is shown for comment."""
        if self.decided_on is None or self.state not in APPROVED_STATES:
            return None
        return last_day_of_publicity(self.decided_on, self.days)

    @property
    def is_draft(self) -> bool:
        """Not handed in yet: its writer's own matter."""
        return self.state is PledgeState.DRAFT

    @property
    def is_approved(self) -> bool:
        """Whether the branch has approved it."""
        return self.state in APPROVED_STATES

    @property
    def is_open(self) -> bool:
        """Approved, and nobody has said yet how it ended."""
        return self.state in OPEN_STATES

    @property
    def is_evaluated(self) -> bool:
        """Whether an officer has decided how it ended."""
        return self.state in (PledgeState.EVALUATED, PledgeState.ARCHIVED)
