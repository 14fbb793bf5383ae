"""Cards that are public."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.shows.cards import service
from app.features.shows.cards.rules import CONSENT_VERSION, PublicField
from tests.makers import Person


def make_public(session: Session, person: Person, fields: Iterable[PublicField] = PublicField) -> str:
    """The address of the public card of ``person``, who lets everybody see ``fields``: all of them, if not said."""
    consent = service.give_consent(
        session, person.actor, consent_id=new_id(), fields=list(fields), text_version=CONSENT_VERSION
    )
    return f"/p/{consent.token}"


def withdraw(session: Session, person: Person, *, by: Person | None = None) -> bool:
    """The consent of ``person`` taken back."""
    return service.withdraw_consent(session, (by or person).actor, member_id=person.id)
