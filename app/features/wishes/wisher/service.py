"""What the wisher says, with the link of the slip or to the desk: it came, it did not come, I want it no more.

A wish that was taken back never comes back, and nobody can call.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.db import Database
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.sign_in import lockout
from app.features.sign_in.errors import LockedError
from app.features.sign_in.tokens import digest
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import fulfilment, slips
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying.claims import end_claim
from app.features.wishes.carrying.errors import LinksLockedError, UnknownSlipError
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.rules import ErasedBecause
from app.features.wishes.models import Wish, WishClaim, WishSlip
from app.features.wishes.rules import ClaimEnd, ConfirmedHow, Step, StepRefusedError
from app.features.wishes.stories import service as stories
from app.features.wishes.stories.models import WishStory

_BY_TOKEN: Final = (
    select(
        WishSlip.wish_id,
        Wish.code,
        Wish.title,
        Wish.status,
        Organisation.name.label("community"),
        Organisation.is_demo,
        WishClaim.fulfilled_on,
        WishStory.story,
    )
    .join(Wish, Wish.id == WishSlip.wish_id)
    .join(Organisation, Organisation.id == Wish.community_id)
    .outerjoin(WishClaim, (WishClaim.wish_id == Wish.id) & WishClaim.ended_at.is_(None))
    .outerjoin(WishStory, (WishStory.wish_id == Wish.id) & WishStory.ended_at.is_(None))
    .where(WishSlip.token_digest == bindparam("token_digest"), WishSlip.ended_at.is_(None))
)


def behind_link(units: Database, *, token: str, network: str) -> AnyRow:
    """The wish of a slip. Addresses that somebody makes up are counted, and soon nobody answers there.

    They are counted apart from wrong passwords: who guesses here, or is made to by a picture on a page elsewhere,
    locks nobody out of signing in.

    Raises:
        UnknownSlipError: no good slip carries this token.
        LinksLockedError: too many made-up addresses came from this network.
    """
    with units.read() as session:
        found = slip_with(session, token)
    if found is None:
        try:
            lockout.begin(units, account=f"wisher:{token}", network=f"wisher:{network}")
        except LockedError as locked:
            raise LinksLockedError(minutes=locked.values["minutes"]) from None
        raise UnknownSlipError
    return found


def said(units: Database, say: Callable[..., object], *, token: str) -> bool:
    """``say`` something with the link of a slip, in a unit of work of its own; gives whether it follows on anything.

    Raises:
        UnknownSlipError: no good slip carries this link.
    """
    try:
        with units.write() as session:
            say(session, token=token)
    except StepRefusedError:  # said before, or overtaken by what somebody else said
        return False
    return True


def slip_with(session: Session, token: str) -> AnyRow | None:
    """The wish whose slip carries ``token``, without a word of who wishes."""
    return session.execute(_BY_TOKEN, {"token_digest": digest(token)}).one_or_none()


def confirm_by_link(session: Session, *, token: str) -> None:
    """The wisher, or who opens the link for the wisher, says that it is done.

    Raises:
        UnknownSlipError: no good slip carries this link, or somebody of the claim has issued it, or somebody who came
            in by the hand of one of them.
    """
    wish, claim = _to_confirm(session, token, Step.CONFIRM)
    fulfilment.confirm_claim(session, wish, claim, ConfirmedHow.LINK, by_id=None)


def not_yet_by_link(session: Session, *, token: str) -> None:
    """The wisher says that nothing has arrived; those who claimed it hear of it.

    Raises:
        UnknownSlipError: no good slip carries this link.
    """
    wish, claim = _to_confirm(session, token, Step.NOT_YET)
    fulfilment.take_back_claim(session, wish, claim, by_id=None, note="")


def withdraw_by_link(session: Session, *, token: str) -> Wish:
    """Take the wish back by the wisher's own tap, on the page behind the slip.

    Raises:
        UnknownSlipError: no good slip carries this link.
    """
    wish, _slip = _lock_by_link(session, token)
    return withdraw(session, wish_id=wish.id, by_wisher=True)


def withdraw(
    session: Session, *, wish_id: UUID, by_id: UUID | None = None, by_wisher: bool = False, note: str = ""
) -> Wish:
    """End a wish because its wisher wants it: contact, slip, photos, story are gone at once; who claimed it is told.

    ``by_id`` is the collector or officer to whom the wisher has said it; ``by_wisher`` is the wisher's own tap.
    """
    wish = wish_service.lock_wish(session, wish_id)
    wish_service.advance(session, wish, Step.WITHDRAW, by_id=by_id, by_wisher=by_wisher, note=note)
    claim = carrying.current_claim(session, wish_id)
    if claim is not None:
        end_claim(session, claim, ClaimEnd.WITHDRAWN)
    contacts.erase(session, wish_id=wish_id, because=ErasedBecause.WITHDRAWN, by_id=by_id)
    slips.end_slip(session, wish_id)
    fulfilment.erase_photos(session, wish_id)
    stories.take_down(session, wish_id=wish_id, by_id=by_id)
    return wish


def _to_confirm(session: Session, token: str, step: Step) -> tuple[Wish, WishClaim]:
    wish, slip = _lock_by_link(session, token)
    wish_rules.LIFE.check(wish.status, step)
    claim = carrying.current_claim(session, wish.id)
    if claim is None or not fulfilment.stands_apart(session, claim.id, slip.issued_by_id):  # they may know its link
        raise UnknownSlipError
    return wish, claim


def _lock_by_link(session: Session, token: str) -> tuple[Wish, WishSlip]:
    found = slip_with(session, token)
    if found is None:
        raise UnknownSlipError
    wish = wish_service.lock_wish(session, found.wish_id)
    slip = slips.good_slip(session, found.wish_id)  # it may have been replaced while the wish was waited for
    if slip is None or slip.token_digest != digest(token):
        raise UnknownSlipError
    return wish, slip
