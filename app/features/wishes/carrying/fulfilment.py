"""Handing over, with one sentence, the day and perhaps a photo; somebody else's word that it is done."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.core import clock, photos
from app.core.errors import NotFoundError
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.standing import VOUCHED_AFTER
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import queries, rules, slips
from app.features.wishes.carrying.claims import lock_own_claim
from app.features.wishes.carrying.errors import NotYoursError, OwnClaimError, SlipVoidError
from app.features.wishes.carrying.slips import good_slip
from app.features.wishes.contacts.service import check_sentence
from app.features.wishes.models import Wish, WishClaim, WishParticipant, WishPhoto
from app.features.wishes.rules import BoundByAccountError, ConfirmedHow, Status, Step

_PHOTO: Final = select(WishPhoto.content, WishPhoto.media_type).where(WishPhoto.claim_id == bindparam("claim"))
_HAS_PHOTO: Final = _PHOTO.with_only_columns(WishPhoto.claim_id)
PHOTO_SIZE: Final = 1280
"""Longest side in pixels: enough to see the thing on a phone."""

_PARTS: Final = select(WishParticipant.member_id).where(
    WishParticipant.claim_id == bindparam("claim"), WishParticipant.took_part_from.is_not(None)
)


def check_bound_to_nobody(session: Session, claim_id: UUID, member_id: UUID) -> None:
    """Let nobody vouch for those who brought in the account.

    Raises:
        BoundByAccountError: somebody who takes part in the claim, or ever did, brought it in.
    """
    if _is_bound(session, claim_id, member_id):
        raise BoundByAccountError(days=VOUCHED_AFTER.days)


def stands_apart(session: Session, claim_id: UUID, member_id: UUID) -> bool:
    """Whether somebody took no part in a claim, and owes the account to nobody who did."""
    return not queries.took_part(session, claim_id, member_id) and not _is_bound(session, claim_id, member_id)


def _is_bound(session: Session, claim_id: UUID, member_id: UUID) -> bool:
    parts = session.scalars(_PARTS, {"claim": claim_id})
    return not powers.bound_to(session, [member_id])[member_id].isdisjoint(parts)


def fulfil(
    session: Session, actor: Actor, *, wish_id: UUID, sentence: str, day: date, photo: bytes | None = None
) -> None:
    """Say that the wish is handed over, on which day, and how in one sentence; perhaps with a photo of the thing.

    The photo is small already, see core/photos.py.

    Raises:
        NotFoundError, NotYoursError, StepRefusedError: the actor does not carry the wish now.
        HandedOverDayError: a day before the claim or after today.
        NamesSomebodyError: the sentence carries a number, or says who wishes.
    """
    wish, claim, _own = lock_own_claim(session, actor, wish_id)
    check_sentence(session, wish_id, sentence)
    rules.check_handed_over_on(day, claimed_on=clock.local_day(claim.claimed_at), today=clock.today())
    if photo is not None:
        _keep_photo(session, actor, claim, photo)
    if wish.status is Status.CLAIMED:  # nobody hands over what was never talked about
        claim.contacted_at = clock.now()
        wish_service.advance(session, wish, Step.CONTACT, by_id=actor.member_id)
    claim.fulfilled_on, claim.fulfilled_by_id, claim.sentence = day, actor.member_id, sentence
    session.execute(
        update(WishParticipant)
        .where(WishParticipant.claim_id == claim.id, WishParticipant.joined_at.is_(None))
        .values(left_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    wish_service.advance(session, wish, Step.FULFIL, by_id=actor.member_id, note=sentence)


def photo(session: Session, claim_id: UUID) -> AnyRow | None:
    """The photo of the thing: a row ``content, media_type``. The caller asks who may see it."""
    return session.execute(_PHOTO, {"claim": claim_id}).one_or_none()


def has_photo(session: Session, claim_id: UUID) -> bool:
    """Whether somebody added a photo of the thing."""
    return session.scalar(_HAS_PHOTO, {"claim": claim_id}) is not None


def remove_photo(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """Take the photo away; those who took part can, and those who answer for the wish. Twice is once.

    Raises:
        NotYoursError: somebody else's photo.
    """
    row = wishes.wish(session, actor, wish_id)
    takes_part = row.joined_at is not None and row.left_at is None
    if not takes_part and not wishes.answers_for(session, actor, wish_id):
        raise NotYoursError
    session.execute(delete(WishPhoto).where(WishPhoto.claim_id == row.claim_id))


def erase_photos(session: Session, wish_id: UUID) -> None:
    """Take every photo of the wish away."""
    of_wish = WishPhoto.claim_id.in_(select(WishClaim.id).where(WishClaim.wish_id == wish_id))
    session.execute(delete(WishPhoto).where(of_wish).execution_options(synchronize_session=False))


def _keep_photo(session: Session, actor: Actor, claim: WishClaim, content: bytes) -> None:
    session.execute(delete(WishPhoto).where(WishPhoto.claim_id == claim.id))
    session.add(
        WishPhoto(claim_id=claim.id, content=content, media_type=photos.MEDIA_TYPE, added_by_id=actor.member_id)
    )


def confirm_realised(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """The collector of the community, or an officer of the branch that leads there, says that it is done.

    Raises:
        OwnClaimError: the actor took part.
        BoundByAccountError: the actor came in by the hand of somebody who took part.
    """
    wish, claim = _to_confirm(session, actor, wish_id, Step.CONFIRM)
    confirm_claim(session, wish, claim, ConfirmedHow.DESK, by_id=actor.member_id)


def not_yet(session: Session, actor: Actor, *, wish_id: UUID, note: str = "") -> None:
    """The desk says that the wish has not arrived; it goes back to those who claimed it, with a sentence.

    Raises:
        NotFoundError, OwnClaimError, BoundByAccountError, StepRefusedError: as ``confirm_realised``.
        NamesSomebodyError: the sentence carries a number, or says who wishes.
    """
    wish, claim = _to_confirm(session, actor, wish_id, Step.NOT_YET)
    check_sentence(session, wish_id, note, at="note")
    take_back_claim(session, wish, claim, by_id=actor.member_id, note=note)


def confirm_with_code(session: Session, actor: Actor, *, wish_id: UUID, typed: str) -> bool:
    """Confirm with the code that the wisher says aloud; gives whether it was right. A wrong one is counted.

    Raises:
        NotYoursError: the actor did not claim it.
        SlipVoidError: the wisher has no slip, too many codes were wrong, or somebody of the claim has issued it,
            or somebody who came in by the hand of one of them.
    """
    row = wishes.wish(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    claim = queries.current_claim(session, wish_id)
    if claim is None or row.joined_at is None or row.left_at is not None:
        raise NotYoursError
    wish_rules.LIFE.check(wish.status, Step.CONFIRM)
    slip = good_slip(session, wish_id)
    if slip is None or not stands_apart(session, claim.id, slip.issued_by_id):  # they may know its code
        raise SlipVoidError
    if not slips.is_code_of(slip, typed):
        session.flush()
        return False
    confirm_claim(session, wish, claim, ConfirmedHow.CODE, by_id=None)
    return True


def confirm_claim(session: Session, wish: Wish, claim: WishClaim, how: ConfirmedHow, *, by_id: UUID | None) -> None:
    """Note who said that a locked claim is fulfilled; ``by_id`` is ``None`` for the wisher. The caller asks who may."""
    wish_rules.LIFE.check(wish.status, Step.CONFIRM)
    claim.confirmed_at, claim.confirmed_how, claim.confirmed_by_id = clock.now(), how, by_id
    wish_service.advance(session, wish, Step.CONFIRM, by_id=by_id, by_wisher=by_id is None)


def take_back_claim(session: Session, wish: Wish, claim: WishClaim, *, by_id: UUID | None, note: str) -> None:
    """Let a locked claim wait to be handed over again; ``by_id`` is ``None`` for the wisher."""
    claim.fulfilled_on = claim.fulfilled_by_id = claim.sentence = None
    wish_service.advance(session, wish, Step.NOT_YET, by_id=by_id, by_wisher=by_id is None, note=note)


def _to_confirm(session: Session, actor: Actor, wish_id: UUID, step: Step) -> tuple[Wish, WishClaim]:
    wishes.check_answers_for(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    wish_rules.LIFE.check(wish.status, step)
    claim = queries.current_claim(session, wish_id)
    if claim is None:
        raise NotFoundError
    if queries.took_part(session, claim.id, actor.member_id):
        raise OwnClaimError
    check_bound_to_nobody(session, claim.id, actor.member_id)
    return wish, claim
