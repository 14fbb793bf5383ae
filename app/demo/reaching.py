"""How the invented wishers can be reached: sealed like real ones, gone where their time is over. Nobody is meant."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.ids import new_id
from app.demo.communities import Community
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.contacts.models import ContactErasure, ContactLook, WishConsent, WishContact
from app.features.wishes.contacts.rules import KEPT_FOR, VERSION, Capacity, ErasedBecause
from app.features.wishes.models import Wish, WishClaim, WishEvent
from app.features.wishes.rules import TERMINAL, Status

WISHERS: Final = (
    "王桂芬",
    "刘德顺",
    "陈秀英",
    "黄阿婆",
    "林伯",
    "周小满的妈妈",
    "吴振海",
    "何玉兰",
    "郑师傅",
    "冯淑贞",
)
STREETS: Final = ("一巷", "二巷", "三巷", "南里", "北里")
FILLED: Final = ("name", "phone", "address")
A_PHONE: Final = 13_800_009_100
"""The first of those out of the organ's thousand that belong to nobody."""
WHY: Final = "电话核实需求"
_WISHES: Final = (
    select(
        Wish.id,
        Wish.status,
        Wish.entered_at,
        Wish.entered_by_id,
        Wish.verified_by_id,
        Wish.verified_at,
        WishEvent.at.label("last_at"),
        WishClaim.claimed_by_id,
        WishClaim.claimed_at,
    )
    .join(WishEvent, (WishEvent.wish_id == Wish.id) & (WishEvent.seq == Wish.steps))
    .outerjoin(WishClaim, (WishClaim.wish_id == Wish.id) & WishClaim.ended_at.is_(None))
    .where(Wish.community_id == bindparam("community"))
    .order_by(Wish.entered_at, Wish.id)
)


def make_reachable(session: Session, community: Community, today: date) -> None:
    """Give the community's wishes their contacts, consents and looks; without the key of contacts there are none.

    One draft stays as it came from a phone: its contact is still missing.
    """
    if not sealing.has_key():
        return
    sealer = sealing.sealer()
    rows: dict[type[Any], list[dict[str, Any]]] = {
        table: [] for table in (WishContact, WishConsent, ContactLook, ContactErasure)
    }
    for number, wish in enumerate(session.execute(_WISHES, {"community": community.id}).all()):
        if wish.status is Status.DRAFT:
            continue
        entered = {"wish_id": wish.id, "recorded_by_id": wish.entered_by_id, "given_at": wish.entered_at}
        rows[WishConsent].append(entered | {"kind": ConsentKind.ORDINARY, "version": VERSION})
        erasure = _erasure(wish, today)
        if erasure is not None:
            rows[ContactErasure].append(erasure)
        else:
            sealed = sealer.seal(_contact(number).as_text(), belongs_to=wish.id)
            kept = {"wish_id": wish.id, "sealed": sealed.text, "key_id": sealed.key_id, "filled": list(FILLED)}
            rows[WishContact].append(kept | {"kept_at": wish.entered_at, "kept_by_id": wish.entered_by_id})
        rows[ContactLook] += _looks(wish)
    for table, made in rows.items():
        if made:
            session.execute(insert(table), made)


def _contact(number: int) -> Contact:
    wisher, street = WISHERS[number % len(WISHERS)], STREETS[number % len(STREETS)]
    return Contact(
        name=wisher, phone=str(A_PHONE + number % 100), address=f"{street}{number % 30 + 1}号{number % 6 + 1}01"
    )


def _erasure(wish: Any, today: date) -> dict[str, Any] | None:
    """When the contact of a wish that is over was erased, if it was."""
    if wish.status is Status.WITHDRAWN:
        return _erased(wish, wish.last_at, ErasedBecause.WITHDRAWN)
    gone_at = wish.last_at + KEPT_FOR
    if wish.status in TERMINAL and clock.local_day(gone_at) < today:
        return _erased(wish, gone_at, ErasedBecause.RETENTION)
    return None


def _erased(wish: Any, at: datetime, because: ErasedBecause) -> dict[str, Any]:
    by_id = wish.entered_by_id if because is ErasedBecause.WITHDRAWN else None
    return {"id": new_id(), "wish_id": wish.id, "at": at, "because": because, "fields": len(FILLED), "by_id": by_id}


def _looks(wish: Any) -> list[dict[str, Any]]:
    """The officer looked before verifying, and whoever holds the wish in order to call."""
    looks = []
    if wish.verified_at is not None:
        looks.append(_look(wish, wish.verified_at - timedelta(minutes=9), wish.verified_by_id, Capacity.OFFICER))
    if wish.claimed_at is not None:
        looks.append(_look(wish, wish.claimed_at + timedelta(minutes=4), wish.claimed_by_id, Capacity.CLAIMER))
    return looks


def _look(wish: Any, at: datetime, by_id: Any, capacity: Capacity) -> dict[str, Any]:
    reason = WHY if capacity is Capacity.OFFICER else None
    return {"id": new_id(), "wish_id": wish.id, "member_id": by_id, "at": at, "capacity": capacity, "reason": reason}
