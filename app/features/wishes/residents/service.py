"""A resident sends a wish, and takes it back; the poster that leads there is made and renewed."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import ConflictError, NotFoundError
from app.core.ids import new_id
from app.core.rows import locked, rowcount
from app.features.members.actor import Actor
from app.features.organisations.communities import queries as communities
from app.features.sign_in.tokens import digest
from app.features.slips.rules import new_code, read_code
from app.features.wishes.contacts.rules import version
from app.features.wishes.residents import queries, sealed
from app.features.wishes.residents.errors import UnknownReceiptError
from app.features.wishes.residents.models import WishPoster, WishSubmission
from app.features.wishes.residents.rules import (
    KEPT_UNREAD_FOR,
    NETWORK_KNOWN_FOR,
    RECEIPT_KNOWN_FOR,
    SaidByResident,
    SubmissionStatus,
    check_room,
    new_poster_token,
)
from app.features.wishes.rules import TERMINAL, check_wanted_by
from app.features.wishes.wisher import service as withdrawal

_HANGING: Final = (
    select(WishPoster.id).where(WishPoster.id == bindparam("poster"), WishPoster.ended_at.is_(None)).with_for_update()
)
_NETWORKS_FORGOTTEN: Final = (
    update(WishSubmission)
    .where(WishSubmission.network_digest.is_not(None), WishSubmission.sent_at < bindparam("before"))
    .values(network_digest=None)
    .execution_options(synchronize_session=False)
)
_LAPSED: Final = (
    update(WishSubmission)
    .where(WishSubmission.status == SubmissionStatus.WAITING, WishSubmission.sent_at < bindparam("before"))
    .values(
        status=SubmissionStatus.LAPSED, sealed=None, key_id=None, network_digest=None, ended_at=bindparam("ended_now")
    )
    .execution_options(synchronize_session=False)
)
_RECEIPTS_FORGOTTEN: Final = (
    delete(WishSubmission)
    .where(
        WishSubmission.status.in_((SubmissionStatus.REFUSED, SubmissionStatus.WITHDRAWN, SubmissionStatus.LAPSED)),
        WishSubmission.ended_at < bindparam("before"),
    )
    .execution_options(synchronize_session=False)
)
_ONE_POSTER: Final = MappingProxyType({"uq_wish_posters_current": ConflictError})
_LOCKED_POSTER: Final = locked(select(WishPoster).where(WishPoster.id == bindparam("poster")))


@dataclass(frozen=True, slots=True)
class Sent:
    """What the resident keeps."""

    code: str
    is_new: bool
    """False where it takes the place of what was sent before under the same receipt."""


def send(
    session: Session, *, poster_id: UUID, community_id: UUID, network: str, receipt: str, told: SaidByResident
) -> Sent:
    """Put a wish before the community's people.

    ``receipt`` is the code that came with the form: sending the form again, with the same words or better ones, takes
    the place of what was sent before as long as nobody has decided. Of the ``network`` only a keyed digest is kept.

    Raises:
        DayPassedError: it is wanted by a day that has passed.
        NotFoundError: the poster was renewed at this moment.
        TooOftenError, BusyHereError, QueueFullError: there is no room for it just now.
    """
    now = clock.now()
    check_wanted_by(told.wanted_by, today=clock.local_day(now))
    if session.scalar(_HANGING, {"poster": poster_id}) is None:  # locked: what comes at one moment is counted in turn
        raise NotFoundError
    code = read_code(receipt) or new_code()
    before = queries.lock_by_receipt(session, code)
    if before and before.community_id == community_id and before.status is SubmissionStatus.WAITING:
        _write_down(before, told)
        session.flush()
        return Sent(code, is_new=False)
    digested = sealed.network_digest(network, community_id=community_id)
    check_room(
        of_network=queries.sent_lately(session, community_id=community_id, network=digested, now=now),
        here=queries.sent_lately(session, community_id=community_id, now=now),
        waiting=queries.waiting_in(session, community_id),
    )
    code = new_code() if before else code
    submission = WishSubmission(
        id=new_id(), community_id=community_id, receipt_digest=digest(code), network_digest=digested, sent_at=now
    )
    _write_down(submission, told)
    session.add(submission)
    session.flush()
    return Sent(code, is_new=True)


def withdraw(session: Session, *, code: str) -> None:
    """Take back what was sent under this receipt; nothing of it is kept. Twice is once."""
    submission = queries.lock_by_receipt(session, code)
    if submission is None:
        raise UnknownReceiptError
    if submission.status is SubmissionStatus.WAITING:
        end_submission(submission, SubmissionStatus.WITHDRAWN)
        session.flush()
    elif submission.wish_id is not None:
        standing = queries.standing(session, code)
        if standing is not None and standing.wish_status not in TERMINAL:
            withdrawal.withdraw(session, wish_id=submission.wish_id, by_wisher=True)


def end_submission(submission: WishSubmission, status: SubmissionStatus) -> None:
    """Let a locked submission end; what was said in it is gone."""
    submission.status, submission.ended_at = status, clock.now()
    submission.sealed = submission.key_id = None


def sweep(session: Session, now: datetime) -> int:
    """Forget networks after a week, unread submissions and old receipts after 90 days; gives how many lapsed."""
    session.execute(_NETWORKS_FORGOTTEN, {"before": now - NETWORK_KNOWN_FOR})
    session.execute(_RECEIPTS_FORGOTTEN, {"before": now - RECEIPT_KNOWN_FOR})
    lapsed = session.execute(_LAPSED, {"before": now - KEPT_UNREAD_FOR, "ended_now": now})
    return rowcount(lapsed)


def make_poster(session: Session, actor: Actor, *, community_id: UUID) -> WishPoster:
    """The poster of a community, made now if it has none. Twice is once.

    Raises:
        ConflictError: somebody else made it at this moment.
    """
    communities.answered_community(session, actor, community_id)
    return queries.current_poster(session, community_id) or _new_poster(session, actor, community_id)


def renew_poster(session: Session, actor: Actor, *, community_id: UUID, token: str) -> WishPoster:
    """Another address for the community; the poster with ``token`` is no longer read. Twice is once."""
    before = make_poster(session, actor, community_id=community_id)
    before = session.scalars(_LOCKED_POSTER, {"poster": before.id}).one()
    if before.ended_at is not None or before.token != token:
        return queries.current_poster(session, community_id) or _new_poster(session, actor, community_id)
    before.ended_at, before.ended_by_id = clock.now(), actor.member_id
    session.flush()
    return _new_poster(session, actor, community_id)


def _write_down(submission: WishSubmission, told: SaidByResident) -> None:
    submission.sealed, submission.key_id = sealed.seal(told, submission_id=submission.id)
    submission.consent_version = version()


def _new_poster(session: Session, actor: Actor, community_id: UUID) -> WishPoster:
    poster = WishPoster(community_id=community_id, token=new_poster_token(), made_by_id=actor.member_id)
    with refusing(session, _ONE_POSTER):
        session.add(poster)
    return poster
