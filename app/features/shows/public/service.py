"""Making a card public and taking it back."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ConflictError
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.shows.cards.service import enter_for
from app.features.shows.public.errors import ConsentOverError, OtherTextError
from app.features.shows.public.models import CardConsent
from app.features.shows.public.rules import CONSENT_VERSION, PublicField, new_token

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


def _same(before: CardConsent, actor: Actor, fields: list[str]) -> CardConsent:
    if before.member_id != actor.member_id:
        raise ConflictError
    if before.withdrawn_at is not None:
        raise ConsentOverError
    if before.fields != fields:
        raise ConflictError
    return before
