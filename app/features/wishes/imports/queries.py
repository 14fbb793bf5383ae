"""What stands in a community already, and the actor's own uploads."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Row, String, bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.sealing import sealer
from app.features.members.actor import Actor
from app.features.private.rules import Contact
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.imports.models import WishUpload
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
_MINE: Final = select(WishUpload).where(
    WishUpload.id == bindparam("upload"), WishUpload.uploaded_by_id == bindparam("me")
)
_HELD: Final = _MINE.with_for_update().execution_options(populate_existing=True)
_WAITING: Final = (
    select(WishUpload.id, WishUpload.file_name, WishUpload.uploaded_at)
    .where(
        WishUpload.uploaded_by_id == bindparam("me"),
        WishUpload.confirmed_at.is_(None),
        WishUpload.uploaded_at >= bindparam("since"),
    )
    .order_by(WishUpload.uploaded_at.desc())
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


def upload_of(session: Session, actor: Actor, upload_id: UUID, *, hold: bool = False) -> WishUpload:
    """The actor's own upload; ``hold`` keeps it until the unit of work ends: two taps on one button do one thing.

    Raises:
        NotFoundError: there is none of that id, it is somebody else's, or it was forgotten.
    """
    statement = _HELD if hold else _MINE
    found = session.scalars(statement, {"upload": upload_id, "me": actor.member_id}).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def waiting(session: Session, actor: Actor, *, since: datetime) -> Sequence[Row[UUID, str, datetime]]:
    """The actor's uploads that are not confirmed yet, the newest first: rows ``id, file_name, uploaded_at``."""
    return session.execute(_WAITING, {"me": actor.member_id, "since": since}).all()


def _contact(sealed: str | None, wish_id: UUID) -> Contact | None:
    return Contact.from_text(sealer().open(sealed, belongs_to=wish_id)) if sealed else None
