"""A month's plan as it is made in a minute: written, copied from last month, taken over from above, mended."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, cast
from uuid import UUID, uuid5

from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.core.errors import NotFoundError
from app.core.months import months_later
from app.core.rows import locked, one, put_once
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.study.bank.keepers import kept_by
from app.features.study.materials import queries as materials
from app.features.study.plan import queries
from app.features.study.plan.models import PlanItem, PlanItemMaterial
from app.features.study.plan.rules import MeetingElsewhereError, MonthOverError, NewItem, NoItemError, is_open
from app.features.study.rules import StudyKind

_ITEMS: Final = cast(Table, PlanItem.__table__)
_MATERIALS: Final = cast(Table, PlanItemMaterial.__table__)
_LAST: Final = select(func.max(PlanItem.place)).where(
    PlanItem.owner_id == queries.OWNER, PlanItem.month == queries.MONTH
)
_THERE: Final = select(PlanItem.id).where(PlanItem.owner_id == queries.OWNER, PlanItem.month == queries.MONTH)
_HELD: Final = locked(select(PlanItem).where(PlanItem.id == bindparam("item")))
_OFF: Final = delete(PlanItemMaterial).where(PlanItemMaterial.item_id == bindparam("item"))


class Proposal(NamedTuple):
    """An item that can be taken over into a month."""

    item: queries.Item
    is_own: bool
    """Whether it is of the month before; else of a committee above, for the same month."""
    is_there: bool
    """Whether that was done already."""


def check(actor: Actor, owner_id: UUID, month: date) -> None:
    """Let pass who makes the plan of ``owner_id``, for a month that is open.

    Raises:
        NotFoundError: the actor does not.
        MonthOverError: the month is over, or too far ahead.
    """
    if owner_id not in kept_by(actor):
        raise NotFoundError
    if not is_open(month, clock.today()):
        raise MonthOverError


def add(session: Session, actor: Actor, *, owner_id: UUID, month: date, news: Mapping[UUID, NewItem]) -> int:
    """Put items into a plan, by the ids that were made with their form; gives how many are new.

    Raises:
        NotFoundError, MonthOverError: see ``check``.
        NoItemError: there are none.
        MeetingElsewhereError: a meeting is not one of that month.
    """
    check(actor, owner_id, month)
    if not news:
        raise NoItemError
    _check_meetings(session, actor, owner_id, month, news.values())
    return len(_put(session, actor, owner_id, month, [(id_, new, None) for id_, new in news.items()]))


def change(
    session: Session, actor: Actor, *, item_id: UUID, new: NewItem, material_ids: Collection[UUID] = ()
) -> PlanItem:
    """Mend an item, and say what there is to read for it.

    Raises:
        NotFoundError: the actor makes no such plan, or a material is not of those who plan it, nor above them.
        MonthOverError, MeetingElsewhereError: as for ``add``.
    """
    item = held(session, actor, item_id)
    if new.event_id != item.event_id or new.kind is StudyKind.SELF_STUDY:
        _check_meetings(session, actor, item.owner_id, item.month, [new])
    for name in NewItem.__slots__:
        setattr(item, name, getattr(new, name))
    session.flush()
    if not materials.are_usable(session, item.owner_id, material_ids):
        raise NotFoundError
    session.execute(_OFF, {"item": item_id})
    _link(session, {(item_id, material_id) for material_id in material_ids})
    return item


def attach(session: Session, actor: Actor, *, item_id: UUID, material_id: UUID) -> None:
    """Say of one more material that it is read for an item; twice is once.

    Raises:
        NotFoundError, MonthOverError: as for ``change``.
    """
    item = held(session, actor, item_id)
    if not materials.are_usable(session, item.owner_id, [material_id]):
        raise NotFoundError
    _link(session, {(item_id, material_id)})


def remove(session: Session, actor: Actor, *, item_id: UUID) -> PlanItem:
    """Take an item off its plan; what branches have adopted of it stays with them.

    Raises:
        NotFoundError, MonthOverError: as for ``change``.
    """
    item = held(session, actor, item_id)
    session.delete(item)
    session.flush()
    return item


def held(session: Session, actor: Actor, item_id: UUID) -> PlanItem:
    """An item of an open month whose plan the actor makes, held until the unit of work ends.

    Raises:
        NotFoundError, MonthOverError: see ``check``.
    """
    item = one(session, _HELD, {"item": item_id})
    check(actor, item.owner_id, item.month)
    return item


def proposals(session: Session, actor: Actor, owner_id: UUID, month: date) -> list[Proposal]:
    """What can be taken over: the month before of the own plan, and this month of the committees above.

    Raises:
        NotFoundError, MonthOverError: see ``check``.
    """
    check(actor, owner_id, month)
    there = set(session.scalars(_THERE, {"owner": owner_id, "month": month}))
    own = queries.of_month(session, [owner_id], months_later(month, -1))
    above = queries.of_month(session, powers.ladder(session, owner_id), month)
    return [
        Proposal(item, item.owner_id == owner_id, _copy_id(item.id, owner_id, month) in there)
        for item in (*own, *above)
    ]


def bring(session: Session, actor: Actor, *, owner_id: UUID, month: date, ids: Collection[UUID]) -> int:
    """Take over those of the proposals that are chosen, with their materials; gives how many are new.

    A meeting is not taken over: that of this month is named anew. Twice is once, whoever does it.

    Raises:
        NotFoundError, MonthOverError: see ``check``.
    """
    chosen = [one for one in proposals(session, actor, owner_id, month) if one.item.id in ids]
    rows, links = [], set()
    for item, is_own, _there in chosen:
        copy_id = _copy_id(item.id, owner_id, month)
        new = NewItem(title=item.title, kind=item.kind, expected=item.expected)
        rows.append((copy_id, new, None if is_own else item.id))
        links |= {(copy_id, material.id) for material in item.materials}
    fresh = _put(session, actor, owner_id, month, rows)
    _link(session, {(item_id, material_id) for item_id, material_id in links if item_id in fresh})
    return len(fresh)


def _put(
    session: Session,
    actor: Actor,
    owner_id: UUID,
    month: date,
    news: Sequence[tuple[UUID, NewItem, UUID | None]],
) -> set[UUID]:
    """Write items at the end of a month, each with what it was adopted from; gives the ids of those that are new."""
    last = session.scalar(_LAST, {"owner": owner_id, "month": month}) or 0
    rows = [
        {name: getattr(new, name) for name in NewItem.__slots__}
        | {"id": id_, "owner_id": owner_id, "month": month, "place": last + place, "adopted_from_id": adopted_from}
        | {"entered_by_id": actor.member_id, "entered_at": clock.now()}
        for place, (id_, new, adopted_from) in enumerate(news, start=1)
    ]
    return put_once(session, _ITEMS, rows)


def _link(session: Session, pairs: Collection[tuple[UUID, UUID]]) -> None:
    rows: list[dict[str, Any]] = [{"item_id": item, "material_id": material} for item, material in sorted(pairs)]
    if rows:
        session.execute(insert_ignoring_duplicates(session, _MATERIALS), rows)


def _check_meetings(session: Session, actor: Actor, owner_id: UUID, month: date, news: Collection[NewItem]) -> None:
    named = {new.event_id for new in news if new.event_id}
    alone = any(new.event_id for new in news if new.kind is StudyKind.SELF_STUDY)
    if alone or (named and not named <= {row.id for row in queries.meetings_of(session, actor, owner_id, month)}):
        raise MeetingElsewhereError


def _copy_id(item_id: UUID, owner_id: UUID, month: date) -> UUID:
    return uuid5(item_id, f"{owner_id} {month:%Y-%m}")
