"""A year that is over, publicised and signed, for tests of its archive."""

from datetime import UTC, date, datetime
from uuid import UUID

import time_machine
from sqlalchemy.orm import Session

from app.features.scores.archive import service, signing
from app.features.scores.archive.models import Signature
from app.features.scores.archive.rules import SignatureWords
from app.features.scores.publicity.models import Publicity
from tests.makers import Person, Place

YEAR = 2026


def noon(year: int, month: int, day: int) -> time_machine.travel:
    """Noon of a day on the branch's calendar."""
    return time_machine.travel(datetime(year, month, day, 4, tzinfo=UTC), tick=False)


def make_publicity(session: Session, branch: Place, sam: Person, dora: Person, year: int = YEAR) -> None:
    """The publicity of the year: opened on 4 January, over on the 11th, objections until the 14th (example E)."""
    then = datetime(2027, 1, 4, 2, tzinfo=UTC)
    session.add(
        Publicity(
            branch_id=branch.id,
            year=year,
            quarter=None,
            working_days=5,
            reception=sam.name,
            proposed_by_id=sam.id,
            proposed_at=then,
            checked_by_id=sam.id,
            checked_at=then,
            approved_by_id=dora.id,
            approved_at=then,
            published_by_id=sam.id,
            published_at=then,
            opened_on=date(year + 1, 1, 4),
            ends_on=date(year + 1, 1, 11),
            objections_until=date(year + 1, 1, 14),
            heads="0:" + "0" * 64,
        )
    )
    session.flush()


def signature_of(session: Session, member: Person, version: int = 1) -> Signature:
    """Where a member signs."""
    rows = session.query(Signature).where(Signature.member_id == member.id, Signature.version == version)
    return rows.one()


def signed_by(session: Session, *people: Person) -> None:
    """These have nothing against their sheets."""
    for person in people:
        signing.sign(session, person.actor, year=YEAR, said=SignatureWords.AGREED)


def archived(session: Session, proposer: Person, confirmer: Person, branch_id: UUID | None = None) -> tuple[int, int]:
    """How many sheets the two of them archive, and how many are left."""
    from app.features.members.two_people import Second

    service.propose(session, proposer.actor, year=YEAR)
    where = branch_id or proposer.branch_id
    done = service.decide(session, confirmer.actor, branch_id=where, year=YEAR, second=Second.CONFIRM)
    return done.done, done.left
