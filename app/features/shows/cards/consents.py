"""What everybody may see, as long as the consent behind an address holds; and every consent a member ever gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import AnyRow
from app.features.members import queries as members
from app.features.members.models import Member
from app.features.shows.cards.models import CardConsent, CardPhoto
from app.features.shows.cards.queries import FACES, IS_HERE, as_face
from app.features.shows.cards.rules import Face, NotPublicError, PublicField, consented

_STANDS: Final = and_(CardConsent.token == bindparam("token"), CardConsent.withdrawn_at.is_(None), IS_HERE)
"""The consent behind an address, as long as it holds. Whoever has left has no public card, from that day on."""
_OF_MEMBER: Final = CardConsent.member_id == Member.id
_FACE: Final = FACES.add_columns(CardConsent.fields).join(CardConsent, _OF_MEMBER).where(_STANDS)
_PHOTO: Final = (
    select(CardPhoto.large, CardConsent.fields)
    .join(Member, Member.id == CardPhoto.member_id)
    .join(CardConsent, _OF_MEMBER)
    .where(_STANDS)
)
_CONSENTS: Final = (
    select(
        CardConsent.id,
        CardConsent.token,
        CardConsent.text_version,
        CardConsent.fields,
        CardConsent.given_at,
        CardConsent.withdrawn_at,
        CardConsent.withdrawn_by_id,
        Member.name.label("withdrawn_by"),
    )
    .outerjoin(Member, Member.id == CardConsent.withdrawn_by_id)
    .where(CardConsent.member_id == bindparam("member"))
    .order_by(CardConsent.given_at.desc(), CardConsent.id.desc())
)
_STANDING: Final = _CONSENTS.where(CardConsent.withdrawn_at.is_(None))
_TOKENS: Final = (
    select(CardConsent.member_id, CardConsent.token)
    .join(Member, Member.id == CardConsent.member_id)
    .where(Member.branch_id == bindparam("branch"), CardConsent.withdrawn_at.is_(None), IS_HERE)
)


@dataclass(frozen=True, slots=True)
class PublicCard:
    """What everybody may see, and which pieces of the card their owner has ticked for that."""

    face: Face
    fields: frozenset[PublicField]


def card(session: Session, token: str) -> PublicCard:
    """What its owner lets everybody see at this address now.

    Raises:
        NotPublicError: no consent holds for it.
    """
    today = clock.today()
    row = session.execute(_FACE, {"token": token, "day": today, "year": today.year}).one_or_none()
    if row is None:
        raise NotPublicError
    fields = fields_of(row.fields)
    return PublicCard(consented(as_face(row, members.posts_in(session, row.branch_id)), fields), fields)


def photo(session: Session, token: str) -> bytes:
    """The portrait behind the same address.

    Raises:
        NotPublicError: no consent holds, or none for the photo, or there is none.
    """
    row = session.execute(_PHOTO, {"token": token, "day": clock.today()}).one_or_none()
    if row is None or PublicField.PHOTO not in fields_of(row.fields):
        raise NotPublicError
    return bytes(row.large)


def consent(session: Session, member_id: UUID) -> AnyRow | None:
    """The consent that holds, if one does: rows as in ``consents``."""
    return session.execute(_STANDING, {"member": member_id}).one_or_none()


def pieces(session: Session, member_id: UUID) -> frozenset[PublicField]:
    """What the consent that holds lets everybody see beside the name; nothing where none does."""
    standing = consent(session, member_id)
    return fields_of(standing.fields) if standing else frozenset()


def consents(session: Session, member_id: UUID) -> Sequence[AnyRow]:
    """Every consent the member ever gave, the last first."""
    return session.execute(_CONSENTS, {"member": member_id}).all()


def tokens(session: Session, branch_id: UUID, *, day: date) -> dict[UUID, str]:
    """The addresses of the public cards of a branch, by member: for its prints."""
    rows = session.execute(_TOKENS, {"branch": branch_id, "day": day})
    return {row.member_id: row.token for row in rows}


def fields_of(kept: Sequence[str]) -> frozenset[PublicField]:
    """The ticked pieces as they are kept; a piece that is no longer offered is not shown."""
    known = set(PublicField)
    return frozenset(PublicField(name) for name in kept if name in known)
