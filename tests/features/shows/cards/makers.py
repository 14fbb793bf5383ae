"""Cards as members have filled them in."""

import io
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy.orm import Session

from app.core import photos
from app.features.shows.cards import service
from app.features.shows.cards.rules import LARGE, SMALL, CardScope, IdentityDetails
from tests.makers import Person


def make_identity(session: Session, person: Person, *, by: Person | None = None, **told: Any) -> None:
    """What ``person`` tells on this year's card."""
    service.save_identity(
        session, (by or person).actor, member_id=person.id, details=IdentityDetails(**{"motto": "把小事办好", **told})
    )


def make_photo(session: Session, person: Person, *, by: Person | None = None, colour: str = "green") -> UUID:
    """A portrait of ``person``; gives its id."""
    pictures = photos.shrunk(picture(colour=colour), square=True, sizes=(SMALL, LARGE))
    return service.keep_photo(session, (by or person).actor, member_id=person.id, pictures=pictures).id


def open_to_organ(session: Session, person: Person) -> None:
    """Let the other branches open the card."""
    service.choose_scope(session, person.actor, scope=CardScope.ORGAN)


def picture(size: tuple[int, int] = (640, 480), *, colour: str = "green", **options: Any) -> bytes:
    """A JPEG that shows nobody."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()
