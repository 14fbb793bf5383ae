"""What the board counts, and what it can be narrowed to. It never sorts by them: branches go by name (red line 1)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Only(StrEnum):
    """Which branches are listed."""

    ALL = "all"
    WAITING = "waiting"
    OVERDUE = "overdue"
    NO_SECRETARY = "no_secretary"


@dataclass(frozen=True, slots=True)
class Secretary:
    """Whom to ring."""

    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One branch: numbers of people and things, and one name."""

    id: UUID
    name: str
    secretaries: tuple[Secretary, ...]
    members: int
    accounts: int
    """Of the members, those who have set a password once; nothing is said about using it (red line 2)."""
    waiting: int
    """Records that have waited for longer than ``reviews.waiting.LONG``."""
    pledges: int
    """Members who are asked and have handed in no pledge this year; as ``shows.pledges.coverage`` counts them."""
    duties: int
    """Open duties past their day; as ``shows.duties.coverage`` counts them."""
    wishes: int
    """Wishes the branch answers for that have not come to an end."""
