"""A committee's decision on online hours."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.study.hours.models import HoursDecision


def decide(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    committee: UUID,
    first_year: int,
    network_counts: bool,
    day_hours: int,
    document: str,
) -> None:
    """Say as committee officer whether online hours count below, with the number of the decision. Twice is once.

    How long a whole day of training is says it too; that holds once another officer says the same.

    Raises:
        NotFoundError: the committee is not the actor's.
    """
    if committee not in actor.leads:
        raise NotFoundError
    if session.get(HoursDecision, id):
        return
    said = {
        "first_year": first_year,
        "network_counts": network_counts,
        "day_hours": day_hours,
        "document": document,
    }
    session.add(HoursDecision(id=id, organisation_id=committee, decided_by_id=actor.member_id, **said))
    session.flush()
    about = audit.Subject(document, None, committee)
    audit.record(session, actor.member_id, AuditAction.HOURS_DECIDED, about, audit.changed({}, said))
