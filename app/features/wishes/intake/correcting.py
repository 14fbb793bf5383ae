"""Who may write the text of a wish anew, and when. Its estimate says who may claim it, so that is held most.

A draft is free. Later an officer of the leading branch corrects the text, with a trace; nobody who ever took part in
the wish does. Once it was published its estimate may rise, but never fall to where more people may claim it, and
whoever has corrected it claims it no more: nobody makes a dear wish cheap for oneself.
"""

from typing import Any, Final

from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.wishes.claims import queries as claims
from app.features.wishes.claims.rules import check_estimate
from app.features.wishes.intake.errors import NotChangeableError, OwnTextError
from app.features.wishes.models import Wish
from app.features.wishes.rules import STATUS_LABELS, TERMINAL, Status

CHANGEABLE: Final = frozenset({Status.DRAFT, Status.RETURNED})


def may_change(session: Session, wish: Any, actor: Actor) -> bool:
    """Whether the actor, who answers for the wish (a row or an object), may change its text now."""
    return _may_write(wish, actor) and not claims.ever_took_part(session, wish.id, actor.member_id)


def check_change(session: Session, wish: Wish, actor: Actor, *, yuan: int | None) -> None:
    """Let the actor, who answers for the wish, write its text anew with an estimate of ``yuan``.

    Raises:
        NotChangeableError: it is with the officers and the actor is none, or it has come to its end.
        OwnTextError: the actor takes part in it, or has.
        EstimateLoweredError: it was published, and more people could claim it than before.
    """
    if not _may_write(wish, actor):
        raise NotChangeableError(state=STATUS_LABELS[wish.status])
    if claims.ever_took_part(session, wish.id, actor.member_id):
        raise OwnTextError
    if wish.published_at is not None:
        check_estimate(wish.yuan, yuan)


def _may_write(wish: Any, actor: Actor) -> bool:
    if wish.status in TERMINAL:
        return False
    leads = actor.may(Permission.APPROVE) and wish.branch_id == actor.branch_id
    return leads or wish.status in CHANGEABLE
