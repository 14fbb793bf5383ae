"""One portion of what is done for a whole branch: the rules are those of the act, a refusal is one of the whole."""

from collections.abc import Callable, Collection
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.portions import Came, Onward
from app.features.members.two_people import AboutOneselfError, BoundError, SamePersonError
from app.features.scores.archive import queries
from app.features.scores.archive.rules import NothingToArchiveError, NotSettledError, TooLateToArchiveError
from app.features.scores.archive.service import Archived

NOTHING_HERE: Final[tuple[type[AppError], ...]] = (
    NothingToArchiveError,
    NotSettledError,
    TooLateToArchiveError,
    AboutOneselfError,
    SamePersonError,
    BoundError,
)
"""Nothing could be done for these people, and nothing was changed; the next portion may have others."""


def carry_on(
    session: Session, *, branch_id: UUID, year: int, onward: Onward, do: Callable[[Collection[UUID] | None], Archived]
) -> Came:
    """Do it for the next people of the branch.

    Raises:
        AppError: nothing could be done for anybody until the last portion: why.
    """
    part = queries.part(session, branch_id, year, onward.after)
    try:
        done = do(part.ids)
    except NOTHING_HERE:
        if not part.is_last or onward.number + onward.left:
            return Came(part, 0)
        done = do(None)  # nothing came of any of them: the reason is that of the whole branch
    return Came(part, done.done, done.left)
