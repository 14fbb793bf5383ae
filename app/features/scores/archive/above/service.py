"""Opening an archived sheet again, by a decision of the organ committee."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.features.ledger import closings
from app.features.ledger.periods import Closing
from app.features.members import audit, powers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.members.standing import Side
from app.features.members.two_people import BoundError
from app.features.scores.archive.models import Reopening
from app.features.scores.archive.rules import NoArchivedSheetError, SeveralMeantError

_MOST_MEANT: Final = 20


def reopen(session: Session, actor: Actor, *, who: str, year: int, reason: str, document: str) -> UUID:
    """Open somebody's archived sheet again by a decision of the organ committee: its year takes facts again.

    It is found by a name or a number. One person does it, for nothing is gained by it alone: facts, signature and the
    next archive need others. Nobody of the own branch, oneself included, nor whose account came about by the own hand.

    Raises:
        NoArchivedSheetError, SeveralMeantError: nobody, or more than one, is meant.
    """
    meant = [
        row
        for row in members.people_meant(session, who, _MOST_MEANT)
        if powers.side(session, actor, row.branch_id) is Side.ABOVE
    ]
    closed = closings.versions(session, [row.id for row in meant], year)
    archived = [row for row in meant if row.id in closed and closed[row.id][1] is Closing.ARCHIVED]
    if not archived:
        raise NoArchivedSheetError(year=year)
    if len(archived) > 1:
        raise SeveralMeantError
    (person,) = archived
    if powers.are_bound(session, actor.member_id, person.id):
        raise BoundError
    version = closed[person.id][0]
    if not closings.reopen(session, person.id, year):
        raise NoArchivedSheetError(year=year)
    row = Reopening(
        member_id=person.id,
        year=year,
        version=version,
        reason=reason,
        document=document,
        reopened_by_id=actor.member_id,
    )
    session.add(row)
    about = audit.Subject(person.name, person.id, person.branch_id)
    said = audit.changed({}, {"year": year, "version": version, "reason": reason, "document": document})
    audit.record(session, actor.member_id, AuditAction.SHEET_REOPENED, about, said)
    session.flush()
    return UUID(str(person.id))
