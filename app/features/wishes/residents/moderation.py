"""Somebody of the community reads what a resident sent, and takes it as a draft wish or refuses it."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.members.actor import Actor
from app.features.organisations.communities import queries as communities
from app.features.wishes import service as wish_service
from app.features.wishes.contacts import service as contacts
from app.features.wishes.intake.rules import NoLeaderError, check_says_nobody
from app.features.wishes.models import Wish
from app.features.wishes.residents import queries, sealed
from app.features.wishes.residents.errors import NotWaitingError
from app.features.wishes.residents.models import WishSubmission
from app.features.wishes.residents.rules import SubmissionStatus
from app.features.wishes.residents.service import end_submission
from app.features.wishes.rules import Category, Origin, usual_kind
from app.features.wishes.service import NewWish


def accept(session: Session, actor: Actor, *, submission_id: UUID, title: str, need: str, category: Category) -> Wish:
    """Make a draft wish of a submission, with its contact sealed beside it and its consents noted.

    Whoever does stands for who enters others: somebody else verifies the wish, so that it takes two to publish it.

    Raises:
        NotWaitingError: somebody has decided already.
        NoLeaderError: no branch answers for the community.
        PersonalDataError: title or need name the wisher or a number.
    """
    submission = _hold_waiting(session, actor, submission_id)
    branch_id = communities.leader(session, submission.community_id)
    if branch_id is None:
        raise NoLeaderError
    told = sealed.read(submission.sealed or "", submission_id=submission.id)
    check_says_nobody(title, need, contact=told.contact)
    wish = wish_service.enter(
        session,
        NewWish(
            id=new_id(),
            community_id=submission.community_id,
            branch_id=branch_id,
            title=title,
            need=need,
            category=category,
            kind=usual_kind(category),
            yuan=None,
            wanted_by=told.wanted_by,
            origin=Origin.PUBLIC,
            entered_by_id=None,
            accepted_by_id=actor.member_id,
        ),
    )
    contacts.keep(session, wish_id=wish.id, contact=told.contact, by_id=None)
    contacts.record_consents(
        session,
        wish_id=wish.id,
        kinds=told.agreed,
        by_id=None,
        version=submission.consent_version,
        given_at=submission.sent_at,
    )
    end_submission(submission, SubmissionStatus.ACCEPTED)
    submission.wish_id, submission.decided_by_id = wish.id, actor.member_id
    session.flush()
    return wish


def refuse(session: Session, actor: Actor, *, submission_id: UUID) -> None:
    """It is no wish: everything said in it is erased at once. Twice is once.

    Raises:
        NotWaitingError: it is a wish by now, or was taken back.
    """
    submission = queries.lock_submission(session, actor, submission_id)
    if submission.status is not SubmissionStatus.REFUSED:
        _refuse(actor, _waiting(submission))
        session.flush()


def refuse_network(session: Session, actor: Actor, *, submission_id: UUID) -> int:
    """Refuse whatever waits from the network that sent this one; gives how many. A flood ends with one tap."""
    flood = queries.lock_network(session, queries.lock_submission(session, actor, submission_id))
    waiting = [one for one in flood if one.status is SubmissionStatus.WAITING]
    for one in waiting:
        _refuse(actor, one)
    session.flush()
    return len(waiting)


def _refuse(actor: Actor, submission: WishSubmission) -> None:
    end_submission(submission, SubmissionStatus.REFUSED)
    submission.decided_by_id = actor.member_id


def _hold_waiting(session: Session, actor: Actor, submission_id: UUID) -> WishSubmission:
    return _waiting(queries.lock_submission(session, actor, submission_id))


def _waiting(submission: WishSubmission) -> WishSubmission:
    if submission.status is not SubmissionStatus.WAITING:
        raise NotWaitingError
    return submission
