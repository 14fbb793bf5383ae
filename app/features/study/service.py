"""Recording what was studied, for oneself, for somebody else, or out of a phone's queue."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ContentDiffersError, NotFoundError
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.study import queries
from app.features.study.models import StudyRecord
from app.features.study.review_kind import STUDY, detail_of
from app.features.study.rules import Neighbour, NewStudy, StudyKind, check_day, flags_found

_RECORDS: Final = cast(Table, StudyRecord.__table__)
_SAID: Final = ("kind", "title", "minutes", "takeaway", "occurred_on")
"""What two records of one id must agree in. The moment is left out: a form sent twice was sent at two moments."""


def record(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    kind: StudyKind,
    title: str,
    minutes: int,
    takeaway: str | None,
    day: date,
    member_id: UUID | None = None,
    corrects_id: UUID | None = None,
) -> Review:
    """Record what the actor studied on ``day`` or, for officers, what another member of the branch did.

    Raises:
        FutureDayError: the day has not come yet.
        LongAgoError: the day can hardly be meant.
        NotFoundError: no such member for the actor.
        ContentDiffersError, NotYoursError: the id is taken.
        NotCorrectableError: ``corrects_id`` is not a returned record of the member, or was corrected already.
    """
    now = clock.now()
    check_day(day, today=clock.local_day(now))
    branch_id = actor.branch_id if member_id in (None, actor.member_id) else _branch_of(session, actor, member_id)
    occurred_at = now if day == clock.local_day(now) else datetime.combine(day, time(12), clock.zone())
    study = NewStudy(
        id=id,
        branch_id=branch_id,
        member_id=member_id or actor.member_id,
        recorded_by_id=actor.member_id,
        kind=kind,
        title=title or str(kind.label),
        minutes=minutes,
        takeaway=takeaway,
        occurred_on=day,
        occurred_at=occurred_at,
        device_time=clock.local_time(occurred_at).isoformat(timespec="seconds"),
        received_at=now,
        corrects_id=corrects_id,
    )
    return record_all(session, [study])[0]


def record_all(session: Session, studies: Iterable[NewStudy]) -> list[Review]:
    """Store records and let them wait for an officer; one that came before is given back as it stands today.

    The number of statements does not depend on the number of records. They come back sorted by id.

    Raises:
        ContentDiffersError, NotYoursError: an id is taken.
        NotCorrectableError: see ``reviews.service.submit``.
    """
    studies = sorted(studies, key=lambda study: study.id)
    submitted = reviews.submit(session, _reviews_of(session, studies))
    _check_same(session, [study for study, (_, is_new) in zip(studies, submitted, strict=True) if not is_new])
    if new := [_row(study) for study, (_, is_new) in zip(studies, submitted, strict=True) if is_new]:
        session.execute(_RECORDS.insert(), new)
    return [review for review, _ in submitted]


def withdraw(session: Session, actor: Actor, *, record_id: UUID) -> None:
    """Take back a record that nobody has decided on. Twice is once.

    Raises:
        NotFoundError: the actor neither made nor entered such a record.
        AlreadyDecidedError: an officer was faster.
    """
    for refused in reviews.withdraw(session, [record_id], by_id=actor.member_id):
        raise refused.error


def _branch_of(session: Session, actor: Actor, member_id: UUID) -> UUID:
    """The branch of a member for whom the actor may record.

    Raises:
        NotFoundError: no such member for the actor, or no longer.
    """
    if not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    member = members.colleague(session, actor, member_id)
    if member.left_on is not None and member.left_on <= clock.today():
        raise NotFoundError
    branch_id: UUID = member.branch_id
    return branch_id


def _reviews_of(session: Session, studies: Sequence[NewStudy]) -> list[NewReview]:
    """What waits for an officer, with every reason to look at it. Records of one batch are neighbours too."""
    known = queries.neighbours(
        session, {study.member_id for study in studies}, {study.occurred_on for study in studies}
    )
    found = []
    for study in studies:
        there = known.setdefault((study.member_id, study.occurred_on), {})
        others = {record_id: neighbour for record_id, neighbour in there.items() if record_id != study.id}
        there[study.id] = Neighbour(study.kind, study.title, study.minutes)
        found.append(
            NewReview(
                id=study.id,
                kind=STUDY.name,
                branch_id=study.branch_id,
                member_id=study.member_id,
                recorded_by_id=study.recorded_by_id,
                title=study.title,
                detail=detail_of(study),
                occurred_on=study.occurred_on,
                submitted_at=study.received_at,
                flags=flags_found(study, others, today=clock.local_day(study.received_at)),
                corrects_id=study.corrects_id,
            )
        )
    return found


def _check_same(session: Session, studies: Sequence[NewStudy]) -> None:
    """Let records pass that were here before with the same content.

    Raises:
        ContentDiffersError: one has other content.
    """
    if not studies:
        return
    there = queries.whole(session, [study.id for study in studies])
    if any(getattr(study, name) != getattr(there[study.id], name) for study in studies for name in _SAID):
        raise ContentDiffersError


def _row(study: NewStudy) -> dict[str, object]:
    return {name: value for name, value in asdict(study).items() if name in _RECORDS.columns}
