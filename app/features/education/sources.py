"""Where hours of education come from: streams announce what they know of a year, and nobody writes it down twice."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.features.education.rules import Taken

HoursSource = Callable[[Session, Collection[UUID], int], Iterable[Taken]]
"""What some members did in a year, each entry on a day of it."""
_sources: list[HoursSource] = []


def know(sources: Iterable[HoursSource]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once."""
    _sources[:] = sources


def of_year(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, list[Taken]]:
    """Everything these members did in ``year``, by day; who did nothing has an empty list."""
    found: dict[UUID, list[Taken]] = {member_id: [] for member_id in member_ids}
    for source in _sources if member_ids else ():
        for taken in source(session, member_ids, year):
            found[taken.member_id].append(taken)
    for entries in found.values():
        entries.sort(key=lambda taken: taken.entry.day or date.min)
    return found
