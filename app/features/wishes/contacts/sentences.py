"""A free sentence about a wish becomes visible to members and stays in a history that nobody can change.

So it is looked through before it is kept: here, where the contact is, which names the one it must not name.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.sealing import BrokenSealError, KeyMissingError, sealer
from app.features.wishes.contacts.errors import NamesSomebodyError
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.contacts.rules import Contact
from app.features.wishes.naming import names_somebody


def check_sentence(session: Session, wish_id: UUID, *texts: str) -> None:
    """Let texts pass that carry no number of a person, and neither name, number nor address of the wisher.

    Raises:
        NamesSomebodyError: one does.
    """
    said = [text for text in texts if text]
    if not said:
        return
    contact = kept_contact(session, wish_id)
    if any(names_somebody(text, contact) for text in said):
        raise NamesSomebodyError


def kept_contact(session: Session, wish_id: UUID) -> Contact | None:
    """What is kept of the wisher, to compare a text with it: nobody reads it, so no look is noted.

    ``None`` where nothing is kept, or the server does not find the key; numbers are seen all the same.
    """
    row = session.get(WishContact, wish_id)
    if row is None:
        return None
    try:
        return Contact.from_text(sealer().open(row.sealed, belongs_to=wish_id))
    except (KeyMissingError, BrokenSealError):
        return None
