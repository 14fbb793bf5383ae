"""Which results of a year are not there while they still can come: told before it is signed and archived."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText
from app.features.ledger import closings
from app.features.scores import queries
from app.features.scores.archive.given import at_the_end
from app.features.scores.sheet import Standing


def lacking(session: Session, member_ids: Collection[UUID], year: int) -> Mapping[UUID, tuple[LazyText, ...]]:
    """The lines for which a grade of a quarter or the review is missing, by member; who has all of them is not in it.

    Of whom the sheet is closed nothing is said: nobody can do anything about it.
    """
    late = closings.closed(session, member_ids, [year])
    ids = sorted(one for one in member_ids if (one, year) not in late)
    if not ids:
        return {}
    found = {
        shown.member_id: tuple(
            line.title for section in shown.sheet.sections[:-1] for line in section.lines if line.missing
        )
        for shown, _kept in queries.sheets_of(session, ids, at_the_end(year))
        if shown.sheet.standing is Standing.FULL
    }
    return {member_id: titles for member_id, titles in found.items() if titles}
