"""Taking back what one has captured oneself, whether it has arrived yet or not, until an officer has decided."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.core.errors import AppError, ConflictError, NotFoundError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.members.rules import Permission
from app.features.sync import store
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, TAKEN, ItemState, KnownItem, SyncOutcome, refused

WITHDRAW: Final = "withdraw"
Streams = Mapping[str, CapturedKind[Any]]


class Withdrawal(BaseModel):
    """Which item its member wants back."""

    id: UUID


class NotWithdrawableError(ConflictError):
    message = lazy_gettext("A withdrawal cannot be taken back. Please record the thing anew.")


def withdraw_kind(streams: Streams) -> CapturedKind[Withdrawal]:
    """The kind that takes back items of ``streams``."""

    def take(session: Session, items: Sequence[Item[Withdrawal]]) -> Mapping[UUID, SyncOutcome]:
        """Every target is in the store: as an item, or as the tombstone that this batch has left for it.

        A file that an officer hands over takes back only what came in such a file of the same officer.
        """
        member_id, officer_id = items[0].member_id, items[0].handed_over_by_id  # a batch has one sender
        targets = store.known_items(session, {item.payload.id for item in items})
        own = [
            target
            for target in targets.values()
            if target.member_id == member_id and (officer_id is None or target.handed_over_by_id == officer_id)
        ]
        refusals = _take_back(session, own, streams, member_id)
        store.leave_tombstones(session, {target.id for target in own} - refusals.keys())
        may = {target.id for target in own}
        return {item.id: _outcome(targets[item.payload.id], item, refusals, may) for item in items}

    def never(_session: Session, ids: Collection[UUID], _member_id: UUID) -> Mapping[UUID, AppError]:
        return dict.fromkeys(ids, NotWithdrawableError())

    return CapturedKind(
        name=WITHDRAW,
        payload=Withdrawal,
        take=take,
        take_back=never,
        needs=Permission.HAVE_ACCOUNT,
        about=lambda withdrawal: withdrawal.id,
        on_phone=OnPhone(icon="back", label=lazy_gettext("Withdrawal")),
    )


def _take_back(session: Session, own: Collection[KnownItem], streams: Streams, member_id: UUID) -> dict[UUID, AppError]:
    """Why some of these cannot be withdrawn. What was refused has nothing to be taken back.

    A held item may have been given to its stream a moment ago, with this batch; one that was withdrawn may have been
    restored on a page; of one that is not known here the stream may know from a page.
    """
    refusals: dict[UUID, AppError] = {target.id: NotWithdrawableError() for target in own if target.kind == WITHDRAW}
    for name, stream in streams.items():
        surely = {target.id for target in own if target.kind == name and target.state in TAKEN}
        perhaps = {
            target.id
            for target in own
            if target.kind is None or (target.kind == name and target.state in {ItemState.HELD, ItemState.WITHDRAWN})
        }
        if ids := surely | perhaps:
            told = stream.take_back(session, ids, member_id)
            refusals |= {
                item: error for item, error in told.items() if item in surely or not isinstance(error, NotFoundError)
            }
    return refusals


def _outcome(
    target: KnownItem, item: Item[Withdrawal], refusals: Mapping[UUID, AppError], may: Collection[UUID]
) -> SyncOutcome:
    if target.member_id != item.member_id:
        return refused("not_yours", _("Only the person who recorded something can withdraw it."))
    if target.id not in may:
        return refused(
            "not_in_this_file", _("It did not come in this file. The member takes it back on their own pages.")
        )
    if (refusal := refusals.get(target.id)) is not None:
        return refused(refusal.code, refusal.sentence)
    return ACCEPTED
