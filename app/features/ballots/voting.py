"""A ballot by phone: taken in one request, handed in by another, and nothing written that says whose it was."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.features.ballots import box, queries, service
from app.features.ballots.life import NotOnRollError, OnPaperError, OwnMarkError, ProbationaryError, TakenElsewhereError
from app.features.ballots.rules import Grade
from app.features.members.actor import Actor


def take(session: Session, actor: Actor, *, review_id: UUID, token: str) -> str:
    """Mark that the actor has a ballot by phone, and hand one out under a token; gives the token to be used.

    The browser chose it by chance before; the same one sent again changes nothing, so that a lost answer costs nobody
    the vote. It stands, as a digest, among the others in the sealed box, never beside a name.

    Raises:
        NotFoundError, NotOpenError: there is no open ballot for the actor.
        TakenElsewhereError: the actor took a ballot with another browser, or handed it in.
    """
    found = queries.review(session, actor, review_id, held=True)
    roll = service.open_roll(session, found)
    me, lies = roll.of(actor.member_id), box.opened(session, review_id)
    if me is None or not me.is_present:
        raise NotOnRollError
    if me.on_paper:
        raise OnPaperError(name=me.name)
    if me.has_voted:
        if not lies.is_out(token):
            raise TakenElsewhereError
        return token
    if not token or lies.is_out(token) or lies.is_back(token):  # of somebody else with the same browser
        token = box.new_token()
    service.rewrite(session, review_id, roll, voted=actor.member_id)
    lies.hand_out(token)
    box.keep(session, review_id, lies)
    return token


def hand_in(session: Session, actor: Actor, *, review_id: UUID, token: str, marks: Mapping[UUID, Grade]) -> bool:
    """Put a ballot into the box; gives whether it was not there before. Who hands it in is asked and not kept.

    Raises:
        NotFoundError, NotOpenError: there is no open ballot for the actor.
        ProbationaryError: a mark for somebody who is not graded.
        TakenElsewhereError: this browser holds no ballot of the review, so nothing was put in.
    """
    found = queries.review(session, actor, review_id, held=True)
    roll = service.open_roll(session, found)
    me = roll.of(actor.member_id)
    if me is None or not me.has_voted:
        raise NotOnRollError
    if actor.member_id in marks:
        raise OwnMarkError
    if not marks.keys() <= {one.id for one in roll.subjects}:
        raise ProbationaryError
    lies = box.opened(session, review_id)
    if lies.is_back(token):
        return False
    if not lies.is_out(token):
        raise TakenElsewhereError
    lies.put_in(token, marks)
    box.keep(session, review_id, lies)
    return True
