"""The word of somebody else that a wish is done: the desk, or the wisher with the slip's code or link."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members.actor import Actor
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as life
from app.features.wishes.claims import queries as claims
from app.features.wishes.claims.errors import NotYoursError
from app.features.wishes.claims.models import WishClaim
from app.features.wishes.contacts.sentences import check_sentence
from app.features.wishes.fulfilment import queries, slips
from app.features.wishes.fulfilment.errors import OwnClaimError, SlipVoidError, UnknownSlipError
from app.features.wishes.fulfilment.rules import ConfirmedHow
from app.features.wishes.models import Wish
from app.features.wishes.rules import Step


def confirm_realised(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """The collector of the community, or an officer of the branch that leads there, says that it is done.

    Raises:
        NotFoundError: the actor does not answer for such a wish.
        OwnClaimError: the actor took part.
        StepRefusedError: nothing was handed over.
    """
    wish, held = _to_confirm(session, actor, wish_id, Step.CONFIRM)
    _confirm(session, wish, held, ConfirmedHow.DESK, by_id=actor.member_id)


def not_yet(session: Session, actor: Actor, *, wish_id: UUID, note: str = "") -> None:
    """The desk says that the wish has not arrived; it goes back to those who claimed it, with a sentence.

    Raises:
        NotFoundError, OwnClaimError, StepRefusedError: as ``confirm_realised``.
        NamesSomebodyError: the sentence carries a number, or says who wishes.
    """
    wish, held = _to_confirm(session, actor, wish_id, Step.NOT_YET)
    check_sentence(session, wish_id, note)
    _take_back(session, wish, held, by_id=actor.member_id, by_wisher=False, note=note)


def confirm_with_code(session: Session, actor: Actor, *, wish_id: UUID, typed: str) -> bool:
    """Confirm with the code that the wisher says aloud; gives whether it was right. A wrong one is counted.

    Raises:
        NotFoundError: no such wish in the actor's sight.
        NotYoursError: the actor did not claim it.
        StepRefusedError: nothing was handed over.
        SlipVoidError: the wisher has no slip, too many codes were wrong, or somebody of the claim has issued it.
    """
    row = wishes.wish(session, actor, wish_id)
    wish = life.hold(session, wish_id)
    held = claims.current(session, wish_id)
    if held is None or row.joined_at is None or row.left_at is not None:
        raise NotYoursError
    wish_rules.after(wish.status, Step.CONFIRM)
    slip = queries.good_slip(session, wish_id)
    if slip is None or claims.took_part(session, held.id, slip.issued_by_id):  # who took it later knows its code
        raise SlipVoidError
    if not slips.is_code_of(slip, typed):
        session.flush()
        return False
    _confirm(session, wish, held, ConfirmedHow.CODE, by_id=None)
    return True


def confirm_by_link(session: Session, *, token: str) -> None:
    """The wisher, or who opens the link for the wisher, says that it is done.

    Raises:
        UnknownSlipError: no good slip carries this link, or somebody of the claim has issued it.
        StepRefusedError: nothing was handed over yet, or it is confirmed already.
    """
    wish, held = _by_link(session, token, Step.CONFIRM)
    _confirm(session, wish, held, ConfirmedHow.LINK, by_id=None)


def not_yet_by_link(session: Session, *, token: str) -> None:
    """The wisher says that nothing has arrived; those who claimed it hear of it.

    Raises:
        UnknownSlipError: no good slip carries this link.
        StepRefusedError: nobody said it was handed over, or it is confirmed.
    """
    wish, held = _by_link(session, token, Step.NOT_YET)
    _take_back(session, wish, held, by_id=None, by_wisher=True, note="")


def _confirm(session: Session, wish: Wish, held: WishClaim, how: ConfirmedHow, *, by_id: UUID | None) -> None:
    wish_rules.after(wish.status, Step.CONFIRM)
    held.confirmed_at, held.confirmed_how, held.confirmed_by_id = clock.now(), how, by_id
    life.take(session, wish, Step.CONFIRM, by_id=by_id, by_wisher=by_id is None)


def _take_back(
    session: Session, wish: Wish, held: WishClaim, *, by_id: UUID | None, by_wisher: bool, note: str
) -> None:
    held.fulfilled_on = held.fulfilled_by_id = held.sentence = None
    life.take(session, wish, Step.NOT_YET, by_id=by_id, by_wisher=by_wisher, note=note)


def _to_confirm(session: Session, actor: Actor, wish_id: UUID, step: Step) -> tuple[Wish, WishClaim]:
    if not wishes.answers_for(session, actor, wish_id):
        raise NotFoundError
    wish = life.hold(session, wish_id)
    wish_rules.after(wish.status, step)
    held = claims.current(session, wish_id)
    if held is None:
        raise NotFoundError
    if claims.took_part(session, held.id, actor.member_id):
        raise OwnClaimError
    return wish, held


def _by_link(session: Session, token: str, step: Step) -> tuple[Wish, WishClaim]:
    wish, slip = slips.hold_by_link(session, token)
    wish_rules.after(wish.status, step)
    held = claims.current(session, wish.id)
    if held is None or claims.took_part(session, held.id, slip.issued_by_id):  # who took it later knows its link
        raise UnknownSlipError
    return wish, held
