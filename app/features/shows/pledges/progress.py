"""How a pledge goes: a tap once a quarter or oftener, on its page or out of a phone's queue.

It brings no points, so no officer has to look.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Table, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError, ContentDiffersError, NotFoundError
from app.core.i18n import gettext, lazy_gettext
from app.core.rows import IDS
from app.features.ledger.periods import open_from
from app.features.members.actor import Actor
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.shows.pledges import queries
from app.features.shows.pledges.calendar import quarter_of
from app.features.shows.pledges.due import settle_done
from app.features.shows.pledges.errors import ProgressStandsError
from app.features.shows.pledges.forms import ProgressPayload
from app.features.shows.pledges.lines import TAP
from app.features.shows.pledges.models import PledgeOutcome, PledgeProgress
from app.features.shows.pledges.review_kinds import OUTCOME, outcome_detail
from app.features.shows.pledges.rules import (
    Ending,
    PledgeState,
    Progress,
    check_outcome,
    check_progress,
    check_quarter,
    day_of_fact,
)
from app.features.shows.pledges.service import check_repeated, lock_pledge
from app.features.shows.pledges.view import ShownPledge
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, SyncOutcome, refused

_PROGRESS: Final = cast(Table, PledgeProgress.__table__)
_AMONG: Final = select(
    PledgeProgress.id,
    PledgeProgress.member_id,
    PledgeProgress.pledge_id,
    PledgeProgress.state,
    PledgeProgress.note,
    PledgeProgress.quarter,
).where(PledgeProgress.id.in_(IDS))


def report_progress(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    state: Progress,
    note: str | None = None,
    quarter: int | None = None,
) -> ShownPledge:
    """Say how a pledge goes, in this ``quarter`` or one before it. Sent twice is once; a quarter's last word holds.

    Gives the pledge as it stood.

    Raises:
        NotApprovedError, EvaluatedError, WrongQuarterError: see ``rules.check_progress``.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    pledge, whose = lock_pledge(session, actor, pledge_id)
    if there := session.get(PledgeProgress, id):
        said_of = quarter or there.quarter
        check_repeated(there, whose.member_id, pledge_id=pledge_id, state=state, note=note, quarter=said_of)
        return pledge
    now = clock.now()
    by = actor.member_id
    said: dict[str, Any] = {"id": id, "state": state, "note": note, "recorded_by_id": by, "quarter": quarter}
    check_progress(pledge.state)
    check_quarter(quarter, year=pledge.year, approved_on=pledge.decided_on, today=clock.local_day(now))
    _write(session, [_row(pledge, said_at=now, received_at=now, device_time=None, made_offline=False, **said)])
    return pledge


def take(session: Session, items: Sequence[Item[ProgressPayload]]) -> Mapping[UUID, SyncOutcome]:
    """Store what was said about the member's own approved pledges; the day it was said on names the quarter."""
    pledges = queries.several(session, {item.payload.pledge_id for item in items})
    there = _among(session, [item.id for item in items])  # from a page whose answer was lost, perhaps
    outcomes = {item.id: _outcome(item, pledges.get(item.payload.pledge_id), there.get(item.id)) for item in items}
    fresh = [item for item in items if outcomes[item.id] is ACCEPTED and item.id not in there]
    _write(session, [_row_of(item, pledges[item.payload.pledge_id]) for item in fresh])
    return outcomes


def take_back(session: Session, ids: Collection[UUID], _member_id: UUID) -> Mapping[UUID, AppError]:
    """Nothing is taken back: a later tap takes the place of an earlier one. What is no tap is not for us to refuse."""
    taps = _among(session, ids)
    return {name: ProgressStandsError() if name in taps else NotFoundError() for name in ids}


def _write(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """In one statement, in the order of the ids; reminders that asked for it go."""
    if ordered := sorted(rows, key=lambda row: row["id"]):
        session.execute(insert(_PROGRESS), ordered)
        for member_id in sorted({row["member_id"] for row in ordered}):  # a phone's batch is of one
            settle_done(session, member_id)


def _row(pledge: ShownPledge, *, said_at: datetime, quarter: int | None, **said: Any) -> dict[str, Any]:
    quarter = quarter or quarter_of(clock.local_day(said_at), pledge.year)
    return {"pledge_id": pledge.id, "member_id": pledge.member_id, "quarter": quarter, "said_at": said_at, **said}


def _row_of(item: Item[ProgressPayload], pledge: ShownPledge) -> dict[str, Any]:
    return _row(
        pledge,
        id=item.id,
        state=item.payload.state,
        note=item.payload.note,
        quarter=item.payload.quarter,
        recorded_by_id=item.recorded_by_id,
        said_at=item.happened_at,
        received_at=item.received_at,
        device_time=item.occurred_as_sent,
        made_offline=item.made_offline,
    )


def _among(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Row[*tuple[Any, ...]]]:
    """Those of these ids that are taps about a pledge: rows ``member_id, pledge_id, state, note, quarter``."""
    return {row.id: row for row in session.execute(_AMONG, {"ids": sorted(ids)})}


def _outcome(
    item: Item[ProgressPayload], pledge: ShownPledge | None, there: Row[*tuple[Any, ...]] | None
) -> SyncOutcome:
    if pledge is None or pledge.member_id != item.member_id:
        sentence = gettext(
            "This pledge is not among yours any more. Nothing is missing; look at your pledges once more."
        )
        return refused(NotFoundError.code, sentence)
    if there is not None:
        tap = item.payload
        said = (item.member_id, tap.pledge_id, tap.state, tap.note, tap.quarter or there.quarter)
        differs = (there.member_id, there.pledge_id, there.state, there.note, there.quarter) != said
        return refused(ContentDiffersError.code, str(ContentDiffersError.message)) if differs else ACCEPTED
    try:
        check_progress(pledge.state)
        said_on = clock.local_day(item.happened_at)
        check_quarter(item.payload.quarter, year=pledge.year, approved_on=pledge.decided_on, today=said_on)
    except AppError as error:
        return refused(error.code, error.sentence)
    return ACCEPTED


PLEDGE_PROGRESS: Final = CapturedKind(
    name=TAP,
    payload=ProgressPayload,
    take=take,
    take_back=take_back,
    words={
        "pledge_id": lazy_gettext("Pledge"),
        "state": lazy_gettext("How it goes"),
        "note": lazy_gettext("In a sentence"),
        "quarter": lazy_gettext("Quarter"),
    },
    on_phone=OnPhone(
        icon="flag",
        label=lazy_gettext("Pledges"),
        part="pledges",
        page="/shows/pledges",
        stands_in_for=r"/shows/pledges(\?year=\d{4})?",
        subject="pledge_id",
    ),
)


def report_outcome(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    outcome: Ending,
    said: str | None = None,
) -> Review:
    """Say how a pledge ended, for an officer to decide. Sent twice it is one.

    What an officer returned is said anew by the same call.

    Raises:
        NotApprovedError, InPublicityError, OutcomeWaitsError, EvaluatedError, ReasonMissingError:
            see ``rules.check_outcome``.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    pledge, whose = lock_pledge(session, actor, pledge_id)
    if there := session.get(PledgeOutcome, id):
        check_repeated(there, whose.member_id, pledge_id=pledge_id, outcome=outcome, said=said)
        return session.get_one(Review, id)
    check_outcome(pledge.state, outcome, said, public_until=pledge.public_until)
    now = clock.now()
    today = clock.local_day(now)
    day = day_of_fact(said_on=today, due_on=pledge.due_on)
    new = NewReview(
        id=id,
        kind=OUTCOME.name,
        branch_id=whose.branch_id,
        member_id=whose.member_id,
        recorded_by_id=actor.member_id,
        title=pledge.text,
        detail=outcome_detail(sign=pledge.sign, outcome=outcome, said=said),
        occurred_on=day,
        submitted_at=now,
        flags=frozenset({Flag.PERIOD_CLOSED} if day < open_from(today) else ()),
        corrects_id=pledge.outcome_id if pledge.outcome_status is ReviewStatus.RETURNED else None,
    )
    (submission,) = reviews.submit(session, [new])
    session.add(
        PledgeOutcome(
            id=id,
            pledge_id=pledge_id,
            member_id=whose.member_id,
            attempt=pledge.attempts + 1,
            outcome=outcome,
            said=said,
            said_on=today,
        )
    )
    settle_done(session, whose.member_id)
    return submission.review


def withdraw_outcome(session: Session, actor: Actor, *, pledge_id: UUID) -> UUID | None:
    """Take back what was said about how a pledge ended, while nobody has decided on it; its id. Twice is once.

    Raises:
        NotFoundError: no such pledge in the actor's reach, or another person said it.
        AlreadyDecidedError: an officer was faster.
    """
    pledge, _whose = lock_pledge(session, actor, pledge_id)
    if pledge.outcome_id is None or pledge.state in (PledgeState.DRAFT, PledgeState.IN_PROGRESS):
        return None
    for one in reviews.withdraw(session, [pledge.outcome_id], by_id=actor.member_id):
        raise one.error
    return pledge.outcome_id
