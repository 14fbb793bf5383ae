"""Taps about pledges out of phones' queues. They bring no points, so no officer has to look."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.core.errors import AppError, ContentDiffersError, NotFoundError
from app.core.i18n import gettext, lazy_gettext
from app.features.shows.pledges import queries
from app.features.shows.pledges.errors import ProgressStandsError
from app.features.shows.pledges.forms import ProgressPayload
from app.features.shows.pledges.progress import NewProgress, progress_among, record_progress
from app.features.shows.pledges.rules import check_progress
from app.features.shows.pledges.view import ShownPledge
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, SyncOutcome, refused
from app.features.sync.streams import CapturedKind, OnPhone


def take(session: Session, items: Sequence[Item[ProgressPayload]]) -> Mapping[UUID, SyncOutcome]:
    """Store what was said about the member's own approved pledges; the day it was said on names the quarter."""
    pledges = queries.several(session, {item.payload.pledge_id for item in items})
    there = progress_among(session, [item.id for item in items])  # from a page whose answer was lost, perhaps
    outcomes = {item.id: _outcome(item, pledges.get(item.payload.pledge_id), there.get(item.id)) for item in items}
    fresh = [item for item in items if outcomes[item.id] is ACCEPTED and item.id not in there]
    record_progress(session, [_new(item, pledges[item.payload.pledge_id]) for item in fresh])
    return outcomes


def take_back(session: Session, ids: Collection[UUID], _member_id: UUID) -> Mapping[UUID, AppError]:
    """Nothing is taken back: a later tap takes the place of an earlier one. What is no tap is not for us to refuse."""
    taps = progress_among(session, ids)
    return {name: ProgressStandsError() if name in taps else NotFoundError() for name in ids}


def _outcome(
    item: Item[ProgressPayload], pledge: ShownPledge | None, there: Row[*tuple[Any, ...]] | None
) -> SyncOutcome:
    if pledge is None or pledge.member_id != item.member_id:
        sentence = gettext(
            "This pledge is not among yours any more. Nothing is missing; look at your pledges once more."
        )
        return refused(NotFoundError.code, sentence)
    if there is not None:
        said = (item.member_id, item.payload.pledge_id, item.payload.state, item.payload.note)
        differs = (there.member_id, there.pledge_id, there.state, there.note) != said
        return refused(ContentDiffersError.code, str(ContentDiffersError.message)) if differs else ACCEPTED
    try:
        check_progress(pledge.state)
    except AppError as error:
        return refused(error.code, error.sentence)
    return ACCEPTED


def _new(item: Item[ProgressPayload], pledge: ShownPledge) -> NewProgress:
    return NewProgress(
        id=item.id,
        pledge_id=pledge.id,
        member_id=item.member_id,
        year=pledge.year,
        state=item.payload.state,
        note=item.payload.note,
        recorded_by_id=item.recorded_by_id,
        said_at=item.happened_at,
        received_at=item.received_at,
        device_time=item.occurred_as_sent,
        made_offline=item.made_offline,
    )


PLEDGE_PROGRESS: Final = CapturedKind(
    name="pledge.progress",
    payload=ProgressPayload,
    take=take,
    take_back=take_back,
    words={
        "pledge_id": lazy_gettext("Pledge"),
        "state": lazy_gettext("How it goes"),
        "note": lazy_gettext("In a sentence"),
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
