"""What the streams have announced to phones: what they capture, take along and keep to be read."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.withdrawals import WITHDRAW, withdraw_kind

TakenAlong = Callable[[Session, Actor], Mapping[str, Any]]
STREAM_KINDS: Final[dict[str, CapturedKind[Any]]] = {}
KINDS: Final[dict[str, CapturedKind[Any]]] = {WITHDRAW: withdraw_kind(STREAM_KINDS)}
_lists: Final[list[TakenAlong]] = []
_readable: Final[list[str]] = []
_offered: Final[set[str]] = set()


def know(
    kinds: Iterable[CapturedKind[Any]],
    *,
    offered: Iterable[CapturedKind[Any]],
    lists: Iterable[TakenAlong],
    readable: Iterable[str],
) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once.

    What is not ``offered`` is taken from phones that recorded it before its stream was switched off.

    Raises:
        ValueError: two have one name.
    """
    for kind in kinds:
        if STREAM_KINDS.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two are called {kind.name}")
        KINDS.setdefault(kind.name, kind)
    _offered.clear()
    _offered.update(kind.name for kind in offered)
    _lists[:] = lists
    _readable[:] = readable


def lists_of(session: Session, actor: Actor) -> dict[str, Any]:
    """What is the actor's own right now in every stream: nobody else's, and no contact."""
    found: dict[str, Any] = {
        "member_id": str(actor.member_id),
        "is_member": actor.may(Permission.BE_MEMBER),
        "pages": [],
    }
    for lists in _lists:
        said = lists(session, actor)
        found |= {**said, "pages": [*found["pages"], *said.get("pages", ())]}
    return found


def is_offered(name: str) -> bool:
    """Whether people are asked for this kind; the others are only taken in."""
    return name in _offered


def words() -> dict[str, str]:
    """What is said of a kind instead of the usual words: by its name, once it has arrived; by name and verdict."""
    looks = {name: kind.on_phone for name, kind in KINDS.items()}
    arrived = {name: str(one.arrived) for name, one in looks.items() if one.arrived}
    return arrived | {f"{name} returned": str(one.returned) for name, one in looks.items() if one.returned}


def on_phone() -> dict[str, dict[str, Any]]:
    """What the phone's lists have to know of each kind, in the reader's language (``outbox-list.js``)."""
    return {name: _on_phone(kind.on_phone) for name, kind in KINDS.items()}


def without_network() -> dict[str, Any]:
    """What the worker has to know of pages (``worker.js``): the same for everybody, in no language.

    ``readable`` are the addresses of pages of which it keeps last copies. ``stand_ins`` are pairs: instead of an
    address that matches the first, the part of the capture page that the second names is opened; where that is an
    address, the page of the shell that stands there.
    """
    looks = [kind.on_phone for kind in KINDS.values() if is_offered(kind.name)]
    stand_ins = [(f"^{one.stands_in_for}$", one.part or one.page) for one in looks if one.stands_in_for]
    return {"readable": list(_readable), "stand_ins": stand_ins}


def _on_phone(kind: OnPhone) -> dict[str, Any]:
    told = {
        "icon": kind.icon,
        "called": None if kind.part else str(kind.label),
        "repair": kind.repairable,
        "mended": [kind.mended_at, kind.subject] if kind.mended_at else None,
        "page": kind.onward and kind.onward[0],
        "onward": kind.onward and str(kind.onward[1]),
    }
    return {name: value for name, value in told.items() if value}
