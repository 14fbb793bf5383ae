"""The steps of a publicity, taken by whom a test names."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.scores.publicity import service
from app.features.scores.publicity.rules import Act
from tests.makers import Person


def propose(session: Session, officer: Person, *, year: int = 2026, quarter: int | None = 3, **said) -> UUID:
    """Proposed by ``officer``."""
    asked = {"working_days": 5 if quarter is None else 3, "reception": "组织委员", "phone": "8801", **said}
    return service.propose(session, officer.actor, id=new_id(), year=year, quarter=quarter, **asked).id


def published(session: Session, officer: Person, other: Person, **said) -> UUID:
    """All four steps: proposed, checked and published by ``officer``, approved by the ``other``."""
    publicity_id = propose(session, officer, **said)
    for who, act in ((officer, Act.CHECK), (other, Act.APPROVE), (officer, Act.PUBLISH)):
        service.take(session, who.actor, publicity_id=publicity_id, act=act)
    return publicity_id
