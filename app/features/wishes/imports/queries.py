"""What stands in a community already."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from app.core.sealing import sealer
from app.features.private.rules import Contact
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.imports.rules import Neighbour
from app.features.wishes.intake.rules import Known
from app.features.wishes.models import Wish

_SAME_TITLE: Final = (
    select(Wish.id, Wish.title, Wish.need, WishContact.sealed)
    .outerjoin(WishContact, WishContact.wish_id == Wish.id)
    .where(
        Wish.community_id == bindparam("community"),
        Wish.title.in_(bindparam("titles", type_=String(), expanding=True)),
    )
)
_RECENT: Final = select(Wish.id, Wish.code, Wish.title, Wish.need, Wish.category).where(
    Wish.community_id == bindparam("community"), Wish.entered_at >= bindparam("since")
)


def neighbours(session: Session, community_id: UUID, titles: Collection[str]) -> list[Neighbour]:
    """The wishes of a community with one of these titles, each with its contact, for comparing; nobody sees it.

    Raises:
        KeyMissingError, BrokenSealError: the server does not find the key that fits.
    """
    rows = session.execute(_SAME_TITLE, {"community": community_id, "titles": sorted(set(titles))}).all()
    return [Neighbour(row.title, row.need, _contact(row.sealed, row.id)) for row in rows]


def recent(session: Session, community_id: UUID, *, since: datetime) -> list[Known]:
    """The wishes of a community entered lately, for hints at doubles."""
    return [Known(*row) for row in session.execute(_RECENT, {"community": community_id, "since": since})]


def _contact(sealed: str | None, wish_id: UUID) -> Contact | None:
    return Contact.from_text(sealer().open(sealed, belongs_to=wish_id)) if sealed else None
