"""Reads about contacts: as what somebody may open one, who has, what they rest on. Never what they say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.core.rows import columns
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.rules import Role
from app.features.organisations.communities.queries import COLLECTED, collecting
from app.features.private.rules import ConsentKind
from app.features.wishes.contacts.models import ContactErasure, ContactLook, WishConsent, WishContact
from app.features.wishes.contacts.rules import MOST_SEARCHED, OPEN_TO_CLAIMERS, Capacity, ErasedBecause
from app.features.wishes.models import Wish, WishClaim, WishParticipant


class KeptContact(NamedTuple):
    """That a contact is kept, and which of its fields say something; not what."""

    filled: list[str]
    kept_at: datetime
    kept_by: str | None


class Consent(NamedTuple):
    """What a wisher agreed to, and when."""

    kind: ConsentKind
    version: str
    given_at: datetime
    recorded_by: str | None
    """``None``: the public form."""


class Look(NamedTuple):
    """Somebody opened a contact."""

    at: datetime
    capacity: Capacity
    reason: str | None
    name: str
    branch_name: str


class Erasure(NamedTuple):
    """A contact was erased."""

    at: datetime
    because: ErasedBecause
    fields: int
    by: str | None
    """``None``: the passing time, or the wisher."""


_CARRIES_IT: Final = and_(
    Wish.status.in_(OPEN_TO_CLAIMERS),
    exists().where(
        WishClaim.wish_id == Wish.id,
        WishClaim.ended_at.is_(None),
        WishParticipant.claim_id == WishClaim.id,
        WishParticipant.member_id == bindparam("me", type_=Uuid()),
        WishParticipant.joined_at.is_not(None),
        WishParticipant.left_at.is_(None),
    ),
)
_COLLECTS: Final = Wish.community_id.in_(COLLECTED)
_LEADS: Final = Wish.branch_id == bindparam("secretary_of", type_=Uuid())
_CAPACITIES: Final = select(_CARRIES_IT.label("claimer"), _COLLECTS.label("collector"), _LEADS.label("officer")).where(
    Wish.id == bindparam("wish")
)
OPENABLE: Final = (
    select(Wish.id, Wish.code, Wish.branch_id, WishContact.wish_id, WishContact.sealed, _COLLECTS.label("as_collector"))
    .join(Wish, Wish.id == WishContact.wish_id)
    .where(or_(_COLLECTS, _LEADS))
    .order_by(Wish.entered_at.desc(), Wish.id)
    .limit(MOST_SEARCHED + 1)
)
"""Kept contacts with their wishes, and whether as a collector or as the secretary, the newest first and one more than
are searched. Give it ``openable_to(actor)``."""
_KEPT: Final = (
    select(*columns(KeptContact, WishContact, kept_by=Member.name))
    .outerjoin(Member, Member.id == WishContact.kept_by_id)
    .where(WishContact.wish_id == bindparam("wish"))
)
_CONSENTS: Final = (
    select(*columns(Consent, WishConsent, recorded_by=Member.name))
    .outerjoin(Member, Member.id == WishConsent.recorded_by_id)
    .where(WishConsent.wish_id == bindparam("wish"))
    .order_by(WishConsent.given_at, WishConsent.kind)
)
_LOOKS: Final = (
    select(*columns(Look, ContactLook, Member, branch_name=Organisation.name))
    .join(Member, Member.id == ContactLook.member_id)
    .join(Organisation, Organisation.id == Member.branch_id)
    .where(ContactLook.wish_id == bindparam("wish"))
    .order_by(ContactLook.at.desc(), ContactLook.id.desc())
)
_ERASURES: Final = (
    select(*columns(Erasure, ContactErasure, by=Member.name))
    .outerjoin(Member, Member.id == ContactErasure.by_id)
    .where(ContactErasure.wish_id == bindparam("wish"))
    .order_by(ContactErasure.at.desc(), ContactErasure.id.desc())
)


def capacity(session: Session, actor: Actor, wish_id: UUID) -> Capacity | None:
    """As what the actor may open the contact of a wish today, or ``None``. Who carries the wish need not say why.

    Of the officers only the secretary of the leading branch (docs/domain.md, red line 10).
    """
    asked = {"wish": wish_id, "me": actor.member_id, **openable_to(actor)}
    found = session.execute(_CAPACITIES, asked).one_or_none()
    return next((kind for kind in Capacity if found is not None and found._mapping[kind.value]), None)


def openable_to(actor: Actor) -> dict[str, object]:
    """The parameters of ``OPENABLE``."""
    return {"secretary_of": actor.branch_id if Role.SECRETARY in actor.roles else None, **collecting(actor)}


def kept(session: Session, wish_id: UUID) -> KeptContact | None:
    """What kind of contact is kept of a wish, if one is."""
    row = session.execute(_KEPT, {"wish": wish_id}).one_or_none()
    return KeptContact._make(row) if row else None


def consents(session: Session, wish_id: UUID) -> Sequence[Consent]:
    """What the wisher agreed to, the first first."""
    return [Consent._make(row) for row in session.execute(_CONSENTS, {"wish": wish_id})]


def looks(session: Session, wish_id: UUID) -> Sequence[Look]:
    """Who opened the contact of a wish, the last one first."""
    return [Look._make(row) for row in session.execute(_LOOKS, {"wish": wish_id})]


def erasures(session: Session, wish_id: UUID) -> Sequence[Erasure]:
    """When and why the contact of a wish was erased, the last time first."""
    return [Erasure._make(row) for row in session.execute(_ERASURES, {"wish": wish_id})]
