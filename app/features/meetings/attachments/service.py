"""Entering an attachment and ending it. Whether it holds is said in the approval queue of the other branch."""

from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import locked, one, put_once
from app.features.meetings.attachments import queries, rules
from app.features.meetings.attachments.models import Attachment
from app.features.meetings.attachments.review_kind import ATTACHMENT
from app.features.members import places
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus

_ATTACHMENTS: Final = cast(Table, Attachment.__table__)
_HELD_REVIEW: Final = locked(select(Review).where(Review.id == bindparam("attachment")))
_HELD: Final = locked(select(Attachment).where(Attachment.id == bindparam("attachment")))


def attach(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    branch: str,
    kind: rules.AttachmentKind,
    first: date,
    last: date | None = None,
    member_id: UUID | None = None,
    name: str | None = None,
) -> Attachment:
    """Say that somebody takes part in another branch for a time; it holds when an officer of the other one agrees.

    The actor's own ``member_id`` goes to the ``branch`` named, or the person of this ``name`` in that branch comes to
    the actor's. Twice is once.
    """
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    if not (member_id or name):
        raise rules.NobodyChosenError
    other = places.branch_named(session, branch)
    if other.id == actor.branch_id:
        raise rules.SameBranchError
    home_id, host_id = (actor.branch_id, other.id) if member_id else (other.id, actor.branch_id)
    meant = [row for row in members.branch_members(session, home_id) if row.id == member_id or row.name == name]
    if len(meant) != 1:
        raise NotFoundError if member_id else rules.NobodyOfThisNameError
    whose = meant[0]
    if whose.id == actor.member_id:
        raise rules.OwnAttachmentError
    members.lock(session, whose.id)  # no second one of these days is entered meanwhile
    if session.get(Attachment, id) is None:
        rules.check_days(first, last, today=clock.today())
        if there := queries.overlapping(session, whose.id, first, last, besides=id):
            raise rules.AttachedAlreadyError(host=there.host)
    row: dict[str, Any] = {
        "id": id,
        "member_id": whose.id,
        "home_id": home_id,
        "host_id": host_id,
        "kind": kind,
        "first_on": first,
        "last_on": last,
        "entered_by_id": actor.member_id,
    }
    names = {actor.branch_id: actor.branch_name, other.id: other.name}
    new = NewReview(
        id=id,
        kind=ATTACHMENT.name,
        branch_id=other.id,
        member_id=whose.id,
        recorded_by_id=actor.member_id,
        title=str(ATTACHMENT.label),
        detail={"home": names[home_id], "host": names[host_id], "kind": kind.value, "first": first.isoformat()},
        occurred_on=first,
        submitted_at=clock.now(),
    )
    reviews.submit(session, [new])
    put_once(session, _ATTACHMENTS, [row], said=[name for name in row if name != "id"])
    return session.get_one(Attachment, id)


def end(session: Session, actor: Actor, *, attachment_id: UUID) -> None:
    """Let it end with today, by an officer of either branch. Twice is once.

    What still waits is taken back; what is over stays as it ended.
    """
    queries.card(session, actor, attachment_id)
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    review = one(session, _HELD_REVIEW, {"attachment": attachment_id})
    row = one(session, _HELD, {"attachment": attachment_id})
    if row.member_id == actor.member_id:
        raise rules.OwnAttachmentError
    if actor.branch_id not in {row.home_id, row.host_id}:
        raise NotFoundError
    if review.status is ReviewStatus.PENDING:
        if review.branch_id == actor.branch_id:
            raise NotFoundError
        for refused in reviews.withdraw(session, [attachment_id], by_id=review.recorded_by_id):
            raise refused.error
    elif queries.card(session, actor, attachment_id).can_end:
        row.ended_on, row.ended_by_id = clock.today(), actor.member_id
        session.flush()
