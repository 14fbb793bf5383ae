"""The wisher's slip: a link as a picture, and six digits to say aloud. Only digests of both are kept."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.members.actor import Actor
from app.features.sign_in.tokens import digest, new_token
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as life
from app.features.wishes.claims import queries as claims
from app.features.wishes.fulfilment import queries, rules
from app.features.wishes.fulfilment.errors import OwnClaimError, UnknownSlipError
from app.features.wishes.fulfilment.models import WishSlip
from app.features.wishes.fulfilment.rules import MOST_FAILURES
from app.features.wishes.models import Wish
from app.features.wishes.rules import Step


@dataclass(frozen=True, slots=True)
class IssuedSlip:
    """What stands on the paper for the wisher. It is nowhere else."""

    token: str
    code: str


def issue(session: Session, actor: Actor, *, wish_id: UUID) -> IssuedSlip:
    """A new slip for the wisher; an older one is no longer good.

    Raises:
        NotFoundError: the actor does not answer for such a wish.
        OwnClaimError: the actor takes part in it, and would confirm the own work.
        StepRefusedError: the wish is over.
    """
    if not wishes.answers_for(session, actor, wish_id):
        raise NotFoundError
    wish = life.hold(session, wish_id)
    held = claims.current(session, wish_id)
    if held is not None and claims.took_part(session, held.id, actor.member_id):
        raise OwnClaimError
    wish_rules.after(wish.status, Step.WITHDRAW)  # a slip is good for every wish that is not over
    end(session, wish_id)
    slip_id, token, code = new_id(), new_token(), rules.new_code()
    session.add(
        WishSlip(
            id=slip_id,
            wish_id=wish_id,
            token_digest=digest(token),
            code_digest=_code_digest(slip_id, code),
            failures=0,
            issued_by_id=actor.member_id,
        )
    )
    session.flush()
    return IssuedSlip(token, code)


def hold_by_link(session: Session, token: str) -> tuple[Wish, WishSlip]:
    """The wish whose slip carries this link, and that slip, held.

    Raises:
        UnknownSlipError: no good slip carries it.
    """
    found = queries.slip_with(session, token)
    if found is None:
        raise UnknownSlipError
    wish = life.hold(session, found.wish_id)
    slip = queries.good_slip(session, found.wish_id)  # it may have been replaced while the wish was waited for
    if slip is None or slip.token_digest != digest(token):
        raise UnknownSlipError
    return wish, slip


def end(session: Session, wish_id: UUID) -> None:
    """Let the wisher's slip be good for nothing more; hold the wish before."""
    slip = queries.good_slip(session, wish_id)
    if slip is not None:
        slip.ended_at = clock.now()
        session.flush()


def is_code_of(slip: WishSlip, typed: str) -> bool:
    """Whether this is the code on a held slip. A wrong one is counted, and the last allowed one voids the slip."""
    code = rules.read_code(typed)
    if code is not None and _code_digest(slip.id, code) == slip.code_digest:
        return True
    slip.failures += 1
    if slip.failures >= MOST_FAILURES:
        slip.ended_at = clock.now()
    return False


def _code_digest(slip_id: UUID, code: str) -> str:
    """Of the slip and the code together: the same code on two slips leaves no trace."""
    return digest(f"{slip_id}:{code}")
