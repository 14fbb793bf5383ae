"""The wisher takes a wish back: at once, at any time, without a reason. It never comes back, and nobody can call."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.features.wishes import service as life
from app.features.wishes.claims import queries as claims
from app.features.wishes.claims.rules import ClaimEnd
from app.features.wishes.claims.service import end
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.rules import ErasedBecause
from app.features.wishes.fulfilment import service as fulfilment
from app.features.wishes.fulfilment import slips
from app.features.wishes.models import Wish
from app.features.wishes.rules import Step
from app.features.wishes.stories import service as stories


def withdraw(
    session: Session, *, wish_id: UUID, by_id: UUID | None = None, by_wisher: bool = False, note: str = ""
) -> Wish:
    """End a wish because its wisher wants it: contact, slip, photos, story are gone at once; who held it is told.

    ``by_id`` is the collector or officer to whom the wisher has said it; ``by_wisher`` is the wisher's own tap.

    Raises:
        NotFoundError, StepRefusedError: there is no such wish, or it is over.
    """
    wish = life.hold(session, wish_id)
    life.take(session, wish, Step.WITHDRAW, by_id=by_id, by_wisher=by_wisher, note=note)
    held = claims.current(session, wish_id)
    if held is not None:
        end(session, held, ClaimEnd.WITHDRAWN)
    contacts.erase(session, wish_id=wish_id, because=ErasedBecause.WITHDRAWN, by_id=by_id)
    slips.end(session, wish_id)
    fulfilment.erase_photos(session, wish_id)
    stories.take_down(session, wish_id=wish_id, by_id=by_id)
    return wish


def withdraw_by_link(session: Session, *, token: str) -> Wish:
    """The same by the wisher's own tap, on the page behind the slip.

    Raises:
        UnknownSlipError: no good slip carries this link.
        StepRefusedError: the wish is over.
    """
    wish, _slip = slips.hold_by_link(session, token)
    return withdraw(session, wish_id=wish.id, by_wisher=True)
