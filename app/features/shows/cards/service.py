"""Writing the first face of a card: what it tells, its portrait, who may open it, and whether everybody may."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, delete, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ConflictError, NotFoundError
from app.core.i18n import gettext as _
from app.core.rows import rowcount
from app.features.members import leavers
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.shows.cards import consents, queries
from app.features.shows.cards.models import CardConsent, CardIdentity, CardPhoto, CardSight
from app.features.shows.cards.rules import (
    CONSENT_VERSION,
    DETAILS,
    LARGE,
    SMALL,
    CardScope,
    ConsentOverError,
    IdentityDetails,
    OtherTextError,
    PublicByOwnerError,
    PublicField,
    new_token,
    put_up,
)

_REMOVE_PHOTO: Final = delete(CardPhoto).where(CardPhoto.member_id == bindparam("member"))


def save_identity(session: Session, actor: Actor, *, member_id: UUID, details: IdentityDetails) -> bool:
    """Write what the card of this year tells; the same again changes nothing. Gives whether it changed something.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
        PublicByOwnerError: an officer would put up what everybody sees by the member's consent.
    """
    enter_for(session, actor, member_id)
    year = clock.today().year
    before = queries.details(queries.identity(session, member_id, year=year))
    if before == details:
        return False
    _check_owner_puts_up(session, actor, member_id, put_up(before, details))
    identity = session.get(CardIdentity, (member_id, year)) or CardIdentity(member_id=member_id, year=year)
    for name in DETAILS:
        setattr(identity, name, getattr(details, name))
    identity.entered_by_id, identity.entered_at = actor.member_id, clock.now()
    session.add(identity)
    session.flush()
    return True


def keep_photo(session: Session, actor: Actor, *, member_id: UUID, pictures: Mapping[int, bytes]) -> CardPhoto:
    """Put a portrait in the place of the one before, of which nothing is left. ``pictures``: core/photos.py, by size.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
        PublicByOwnerError: an officer would put up what everybody sees by the member's consent.
    """
    enter_for(session, actor, member_id)
    _check_owner_puts_up(session, actor, member_id, {PublicField.PHOTO})
    session.execute(_REMOVE_PHOTO, {"member": member_id})
    photo = CardPhoto(member_id=member_id, small=pictures[SMALL], large=pictures[LARGE], entered_by_id=actor.member_id)
    session.add(photo)
    session.flush()
    return photo


def remove_photo(session: Session, actor: Actor, *, member_id: UUID) -> None:
    """Erase the portrait; where there is none, nothing happens.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
    """
    enter_for(session, actor, member_id)
    session.execute(_REMOVE_PHOTO, {"member": member_id})


def choose_scope(session: Session, actor: Actor, *, scope: CardScope) -> None:
    """Say who may open the actor's own card within the instance; nobody says it for somebody else."""
    members.lock(session, actor.member_id)
    sight = session.get(CardSight, actor.member_id) or CardSight(member_id=actor.member_id)
    sight.scope, sight.chosen_at = scope, clock.now()
    session.add(sight)
    session.flush()


def may_enter(actor: Actor, member_id: UUID, branch_id: UUID) -> bool:
    """Whether the actor writes on this card: it is the own one, or a member's for whom the actor records (代录)."""
    return member_id == actor.member_id or (actor.may(Permission.RECORD_FOR_OTHERS) and branch_id == actor.branch_id)


def enter_for(session: Session, actor: Actor, member_id: UUID) -> None:
    """Hold the member on whose card the actor writes.

    Raises:
        NotFoundError: the card is neither the actor's nor that of a member for whom the actor records.
    """
    members.lock(session, member_id)
    if not may_enter(actor, member_id, members.colleague(session, actor, member_id).branch_id):
        raise NotFoundError


def _check_owner_puts_up(session: Session, actor: Actor, member_id: UUID, pieces: Collection[PublicField]) -> None:
    """Let what everybody would see pass from its owner alone: consent is for what the member saw.

    Raises:
        PublicByOwnerError: the actor is somebody else, and one of these pieces is public.
    """
    if actor.member_id == member_id:
        return
    seen_by_all = consents.pieces(session, member_id) & set(pieces)
    if seen_by_all:
        labels = [str(field.label) for field in PublicField if field in seen_by_all]
        raise PublicByOwnerError(pieces=_(", ").join(labels))


_OPEN: Final = (CardConsent.member_id == bindparam("member"), CardConsent.withdrawn_at.is_(None))
_END_OF_LEAVERS: Final = (
    update(CardConsent)
    .where(
        CardConsent.withdrawn_at.is_(None),
        CardConsent.member_id.in_(select(Member.id).where(Member.left_on <= bindparam("today"))),
    )
    .values(withdrawn_at=bindparam("now"))
    .returning(CardConsent.id)
    .execution_options(synchronize_session=False)
)


def give_consent(
    session: Session, actor: Actor, *, consent_id: UUID, fields: Collection[PublicField], text_version: str
) -> CardConsent:
    """Make the actor's own card public at a new address; one that was public before is withdrawn, its address dies.

    There is no way to consent for somebody else: whose card it is comes from the session alone.

    Raises:
        OtherTextError: the text on the page is not the one that holds.
        ConsentOverError: this form was sent before, and its consent withdrawn since.
        ConflictError: this form was sent before with other ticks, or the id is taken.
    """
    members.lock(session, actor.member_id)
    kept = [field.value for field in PublicField if field in set(fields)]
    if before := session.get(CardConsent, consent_id):
        return _same(before, actor, kept)
    if text_version != CONSENT_VERSION:
        raise OtherTextError
    withdraw_consent(session, actor, member_id=actor.member_id)
    consent = CardConsent(
        id=consent_id, member_id=actor.member_id, token=new_token(), text_version=text_version, fields=kept
    )
    session.add(consent)
    session.flush()
    return consent


def withdraw_consent(session: Session, actor: Actor, *, member_id: UUID) -> bool:
    """Take the public page down, in this moment; gives whether one was up. Twice is once.

    An officer who records for others may do it for a member of the branch: taking down protects, putting up does not.

    Raises:
        NotFoundError: neither the actor nor a member for whom the actor records.
    """
    enter_for(session, actor, member_id)
    consent = session.scalars(select(CardConsent).where(*_OPEN), {"member": member_id}).one_or_none()
    if consent is None:
        return False
    consent.withdrawn_at, consent.withdrawn_by_id = max(clock.now(), consent.given_at), actor.member_id
    session.flush()
    return True


def end_consents_of_leavers(session: Session, now: datetime) -> int:
    """Withdraw for good what those who have left consented to: coming back does not put the page up again.

    Their pages are gone already, on the day they left.
    """
    return len(session.execute(_END_OF_LEAVERS, {"today": clock.local_day(now), "now": now}).all())


def withdraw_all(session: Session, now: datetime) -> int:
    """Let no card be public; gives how many were. Whose card it is may say yes again."""
    at = case((CardConsent.given_at > now, CardConsent.given_at), else_=now)
    return rowcount(
        session.execute(update(CardConsent).where(CardConsent.withdrawn_at.is_(None)).values(withdrawn_at=at))
    )


def forget_leavers(session: Session, now: datetime) -> int:
    """Erase portraits, mottos and office phones of those who left long ago; gives how many portraits and cards."""
    asked = {"before": leavers.gone_before(now)}
    erased = (
        session.execute(delete(table).where(table.member_id.in_(leavers.OF_LEAVERS)), asked)
        for table in (CardPhoto, CardIdentity)
    )
    return sum(rowcount(result) for result in erased)


def _same(before: CardConsent, actor: Actor, fields: list[str]) -> CardConsent:
    if before.member_id != actor.member_id:
        raise ConflictError
    if before.withdrawn_at is not None:
        raise ConsentOverError
    if before.fields != fields:
        raise ConflictError
    return before
