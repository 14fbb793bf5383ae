"""People and posts for tests about people."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.members.models import AuditEntry, Exemption, RoleTerm
from app.features.members.rules import ExemptionKind, MemberDetails, Role
from tests.makers import FROM_THE_START, LONG_AGO, Person, Place, make_member


def make_business_administrator(session: Session, branch: Place, committee: Place, name: str = "毕文") -> Person:
    """Who looks after all people and the tree."""
    return make_member(session, branch, name, roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)


def make_term(
    session: Session,
    person: Person,
    place: Place,
    role: Role,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> UUID:
    """A post, written without asking whether it goes together with others."""
    term = RoleTerm(
        member_id=person.id,
        organisation_id=place.id,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        given_at=FROM_THE_START,
    )
    session.add(term)
    session.flush()
    return term.id


def make_exemption(
    session: Session,
    person: Person,
    kind: ExemptionKind = ExemptionKind.ILLNESS,
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> UUID:
    """An exemption."""
    exemption = Exemption(member_id=person.id, kind=kind, starts_on=starts_on, ends_on=ends_on)
    session.add(exemption)
    session.flush()
    return exemption.id


def details(person: Person, **changed: Any) -> MemberDetails:
    """What is known about ``person``, with what has changed."""
    return MemberDetails(**{"name": person.name, "phone": person.phone, "group_id": person.group_id} | changed)


def audit_rows(session: Session) -> list[tuple[str, str, dict[str, list[str | None]]]]:
    """What the audit log says, in the order it was written: action, subject, changes."""
    rows = session.execute(
        select(AuditEntry.action, AuditEntry.subject, AuditEntry.changes).order_by(AuditEntry.at, AuditEntry.id)
    )
    return [(row.action.value, row.subject, row.changes) for row in rows]
