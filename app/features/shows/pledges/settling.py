"""Taking reminders back at once when what they asked for was done; the sweep would do it later."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.features.notices import service as notices
from app.features.shows.pledges.due import due, subjects
from app.features.shows.pledges.reminders import PLEDGES


def settle_done(session: Session, member_id: UUID, today: date | None = None) -> None:
    """Take back the reminders of everything that pledges no longer ask of the member."""
    today = today or clock.today()
    session.flush()
    asked = {one.subject_id for one in due(session, member_id, today)}
    notices.settle(session, PLEDGES.name, sorted(subjects(member_id, today) - asked))
