"""One batch in, one verdict per item out. Everything happens in the caller's unit of work: all of an item or none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.powers import permissions
from app.features.sync import store, times
from app.features.sync.dispatch import Turn, dispatch, turns
from app.features.sync.errors import StrangersQueueError, WrongPersonError
from app.features.sync.forms import MAX_ITEMS, Envelope
from app.features.sync.items import Item, at_its_turn
from app.features.sync.kinds import KINDS
from app.features.sync.reading import Kinds, Sender, id_as_sent, read, read_again
from app.features.sync.rules import (
    ACCEPTED,
    GOES_ON,
    LEAVES_NOTHING,
    KnownItem,
    SyncOutcome,
    Verdict,
    held,
    outcome_again,
    state_after,
)

Items = Mapping[UUID, Item[Any]]
Outcomes = Mapping[UUID, SyncOutcome]


class ItemVerdict(NamedTuple):
    """The verdict on one item of a batch."""

    id: str | None
    """As the phone spelt it."""
    outcome: SyncOutcome


class TakenOver(NamedTuple):
    """A queue that was handed over as a file."""

    name: str
    """Whose it is."""
    answers: list[ItemVerdict]


def receive(session: Session, actor: Actor, batch: Envelope, *, received_at: datetime) -> list[ItemVerdict]:
    """Take in what the actor's own phone sends; its clock is measured by the times of sending and receiving.

    Raises:
        WrongPersonError: somebody else made these items, on the same phone.
    """
    if batch.member_id != actor.member_id:
        raise WrongPersonError
    sender = Sender(
        member_id=actor.member_id,
        branch_id=actor.branch_id,
        device_id=batch.device_id,
        permissions=actor.permissions,
        received_at=received_at,
        shift=times.shift(sent_at=batch.sent_at, now=received_at),
    )
    return take_in(session, sender, batch.items)


def take_over(session: Session, actor: Actor, file: Envelope) -> TakenOver:
    """Take in what a member's phone could not send and handed over as a file, through the same door.

    The officer answers for it, so another one decides. How wrong the phone's clock is cannot be known from a file.

    Raises:
        StrangersQueueError: the items belong to nobody in the officer's branch.
    """
    try:
        member = members.colleague(session, actor, file.member_id)
    except NotFoundError as stranger:
        raise StrangersQueueError from stranger
    sender = Sender(
        member_id=member.id,
        branch_id=member.branch_id,
        device_id=file.device_id,
        permissions=permissions(session, [member.id])[member.id],
        received_at=clock.now(),
        handed_over_by_id=actor.member_id,
    )
    batches = (file.items[start : start + MAX_ITEMS] for start in range(0, len(file.items), MAX_ITEMS))
    return TakenOver(member.name, [answer for batch in batches for answer in take_in(session, sender, batch)])


def take_in(session: Session, sender: Sender, sent: Sequence[object], *, kinds: Kinds = KINDS) -> list[ItemVerdict]:
    """Take every item of a batch in, each id once for ever; one answer per item, in order.

    The member is locked: an item and the one that waits for it may come at the same moment in two batches, and
    neither would see the other.
    """
    members.lock(session, sender.member_id)
    entries = [read(raw, sender, kinds) for raw in sent]
    items: dict[UUID, Item[Any]] = {}
    for entry in entries:
        if isinstance(entry, Item):
            items.setdefault(entry.id, entry)
    items = _at_their_turn(session, items)
    tombstones = _tombstones(items, sender)
    known = store.accept_once(session, [*items.values(), *tombstones.values()])
    new = {name: item for name, item in items.items() if name not in known}
    outcomes = _deal_with_new(session, new, kinds)
    withdrawn = {items[name].about for name, outcome in outcomes.items() if outcome == ACCEPTED}
    lost = {name for name, outcome in outcomes.items() if outcome.verdict in LEAVES_NOTHING}
    store.forget(session, lost | tombstones.keys() - known.keys() - withdrawn)
    return [
        ItemVerdict(id_as_sent(raw), outcome)
        for raw, outcome in zip(sent, _told(entries, new, known, outcomes), strict=True)
    ]


def members_with_overdue(session: Session, *, now: datetime) -> list[UUID]:
    """Whose items have waited too long; what waited for a sweeper in between is none of them any more."""
    return store.members_with_overdue(session, now=now)


def release_overdue(session: Session, member_id: UUID, *, now: datetime, kinds: Kinds = KINDS) -> int:
    """Give the member's items that waited too long to their streams, flagged; and those that waited for these.

    Gives how many were released. One that its stream cannot deal with stays and is tried again next time.
    """
    members.lock(session, member_id)
    overdue = store.overdue(session, member_id=member_id, now=now)
    names = {item.id for item in overdue}
    followers = [item for item in store.waiting_for(session, names) if item.id not in names]
    ready = read_again(overdue, kinds, predecessor_missing=True) + read_again(followers, kinds)
    return store.release(session, dispatch(session, ready, kinds))


def _at_their_turn(session: Session, items: Items) -> dict[UUID, Item[Any]]:
    """The items with what their phones hear if they are new, as far as the door can know."""
    known = store.known_items(session, {item.depends_on for item in items.values() if item.depends_on})
    found = turns(items, known)
    return {name: _with_turn(item, found[name]) for name, item in items.items()}


def _with_turn(item: Item[Any], turn: Turn) -> Item[Any]:
    if item.outcome.verdict is Verdict.REFUSED:
        return item
    if turn is Turn.WAITS:
        return replace(item, outcome=held())
    return at_its_turn(item, predecessor_missing=turn is Turn.NEVER)


def _tombstones(items: Items, sender: Sender) -> dict[UUID, store.Tombstone]:
    """For the items that this batch withdraws and does not hold; one that comes later finds its own."""
    absent = {about for item in items.values() if (about := item.about) and about not in items}
    return {name: store.Tombstone(name, sender.member_id, sender.branch_id, sender.received_at) for name in absent}


def _deal_with_new(session: Session, new: Items, kinds: Kinds) -> dict[UUID, SyncOutcome]:
    """What came of the new items; those that waited for them are released on the way."""
    ready = [item for item in new.values() if item.outcome.verdict in GOES_ON]
    released = read_again(store.waiting_for(session, [item.id for item in ready]), kinds)
    results = dispatch(session, [*ready, *released], kinds)
    outcomes = {name: results.get(name, item.outcome) for name, item in new.items()}
    changed = {name: results[name] for name in results.keys() & new if results[name] != new[name].outcome}
    store.settle(session, changed)
    store.release(session, {name: results[name] for name in results.keys() - new})
    store.leave_tombstones(session, (name for name, told in results.items() if told.verdict is Verdict.WITHDRAWN))
    return outcomes


def _told(
    entries: Sequence[Item[Any] | SyncOutcome], new: Items, known: Mapping[UUID, KnownItem], outcomes: Outcomes
) -> list[SyncOutcome]:
    """What the phone hears of each entry. The second of one id in a batch hears what it would hear in another."""
    told: list[SyncOutcome] = []
    before: set[UUID] = set()
    for entry in entries:
        if isinstance(entry, SyncOutcome):
            told.append(entry)
        elif entry.id in known or (entry.id in before and outcomes[entry.id].verdict not in LEAVES_NOTHING):
            first = known.get(entry.id) or _just_taken(new[entry.id], outcomes[entry.id])
            told.append(outcome_again(first, member_id=entry.member_id, content_hash=entry.content_hash))
        else:
            before.add(entry.id)
            told.append(outcomes[entry.id])
    return told


def _just_taken(item: Item[Any], outcome: SyncOutcome) -> KnownItem:
    state = state_after(outcome.verdict)
    return KnownItem(item.id, item.member_id, item.kind, state, item.content_hash, *outcome[:3])
