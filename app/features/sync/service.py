"""One batch in, one verdict per item out. Everything happens in the caller's unit of work: all of an item or none."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.features.inbox import service as inbox
from app.features.inbox.arrivals import Arrival, Grave
from app.features.inbox.rules import (
    ACCEPTED,
    TAKEN,
    First,
    Outcome,
    Verdict,
    for_review,
    held,
    outcome_again,
    state_after,
)
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.powers import permissions
from app.features.reviews.rules import reasons
from app.features.sync import rules, times
from app.features.sync.dealing import deal_with, work_on, work_on_held
from app.features.sync.errors import StrangersQueueError, WrongPersonError
from app.features.sync.forms import MAX_ITEMS, Envelope
from app.features.sync.items import Kinds, Readable, Sender, Unreadable, read
from app.features.sync.kinds import KINDS
from app.features.sync.rounds import Turn, turns


class Answer(NamedTuple):
    """The verdict on one item of a batch."""

    id: str | None
    """As the phone spelt it."""
    outcome: Outcome


class TakenOver(NamedTuple):
    """A queue that was handed over as a file."""

    name: str
    """Whose it is."""
    answers: list[Answer]


def receive(session: Session, actor: Actor, batch: Envelope, *, received_at: datetime) -> list[Answer]:
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


def take_in(session: Session, sender: Sender, items: Iterable[object], *, kinds: Kinds = KINDS) -> list[Answer]:
    """Take every item of a batch in, each id once for ever; one answer per item, in order.

    The member is locked: an item and the one that waits for it may come at the same moment in two batches, and
    neither would see the other.
    """
    members.lock(session, sender.member_id)
    entries = [read(raw, sender, kinds) for raw in items]
    firsts: dict[UUID, Readable] = {}
    for entry in entries:
        if isinstance(entry, Readable):
            firsts.setdefault(entry.arrival.id, entry)
    found = _turns(session, firsts, kinds)
    arrivals = {name: _at_its_turn(entry.arrival, found[name]) for name, entry in firsts.items()}
    graves = _graves(firsts, sender, kinds)
    known = inbox.accept_once(session, [*arrivals.values(), *graves.values()])
    new = {name: arrival for name, arrival in arrivals.items() if name not in known}
    outcomes = _deal_with_new(session, new, firsts, found, kinds)
    withdrawn = {_about(firsts[name], kinds) for name, outcome in outcomes.items() if outcome == ACCEPTED}
    lost = {name for name, outcome in outcomes.items() if outcome.verdict in rules.LEAVES_NOTHING}
    inbox.forget(session, lost | graves.keys() - known.keys() - withdrawn)
    return [_answer(entry, firsts, known, outcomes) for entry in entries]


def members_with_overdue(session: Session, *, now: datetime) -> list[UUID]:
    """Whose items have waited too long; what waited for a sweeper in between is none of them any more."""
    return inbox.members_with_overdue(session, now=now)


def release_overdue(session: Session, member_id: UUID, *, now: datetime, kinds: Kinds = KINDS) -> int:
    """Give the member's items that waited too long to their streams, flagged; and those that waited for these.

    Gives how many were released. One that its stream cannot deal with stays and is tried again next time.
    """
    members.lock(session, member_id)
    overdue = inbox.overdue(session, member_id=member_id, now=now)
    names = {arrival.id for arrival in overdue}
    followers = [arrival for arrival in inbox.waiting_for(session, names) if arrival.id not in names]
    work = work_on_held(overdue, kinds, predecessor_missing=True) + work_on_held(followers, kinds)
    return _release(session, deal_with(session, work, kinds))


def _turns(session: Session, firsts: Mapping[UUID, Readable], kinds: Kinds) -> dict[UUID, Turn]:
    arrivals = {name: entry.arrival for name, entry in firsts.items()}
    predecessors = {arrival.depends_on for arrival in arrivals.values() if arrival.depends_on}
    known = inbox.first_outcomes(session, predecessors)
    return turns(arrivals, known, never_wait={name for name, kind in kinds.items() if kind.about})


def _at_its_turn(arrival: Arrival, turn: Turn) -> Arrival:
    if arrival.outcome.verdict is Verdict.REFUSED:
        return arrival
    if turn is Turn.WAITS:
        return replace(arrival, outcome=held())
    flags = rules.flags_at_the_door(arrival, predecessor_missing=turn is Turn.NEVER)
    return replace(arrival, outcome=for_review(reasons(flags)))


def _graves(firsts: Mapping[UUID, Readable], sender: Sender, kinds: Kinds) -> dict[UUID, Grave]:
    """Graves for the items that this batch withdraws and does not hold; one that comes later finds its own."""
    targets = {target for entry in firsts.values() if (target := _about(entry, kinds)) and target not in firsts}
    return {
        target: Grave(id=target, member_id=sender.member_id, branch_id=sender.branch_id, received_at=sender.received_at)
        for target in targets
    }


def _about(entry: Readable, kinds: Kinds) -> UUID | None:
    about = kinds[entry.arrival.kind].about if entry.payload else None
    return about(entry.payload) if about else None


def _deal_with_new(
    session: Session,
    new: Mapping[UUID, Arrival],
    firsts: Mapping[UUID, Readable],
    found: Mapping[UUID, Turn],
    kinds: Kinds,
) -> dict[UUID, Outcome]:
    """What came of the new items; those that waited for them are released on the way."""
    ready = [
        work_on(arrival, payload, kinds, predecessor_missing=found[name] is Turn.NEVER)
        for name, arrival in new.items()
        if state_after(arrival.outcome.verdict) in TAKEN and (payload := firsts[name].payload)
    ]
    released = work_on_held(inbox.waiting_for(session, [item.captured.id for item in ready]), kinds)
    results = deal_with(session, [*ready, *released], kinds)
    outcomes = {name: results.get(name, arrival.outcome) for name, arrival in new.items()}
    changed = {name: results[name] for name in results.keys() & new if results[name] != new[name].outcome}
    inbox.settle(session, _stored(changed))
    _release(session, {name: outcome for name, outcome in results.items() if name not in new})
    inbox.bury(session, (name for name, outcome in results.items() if outcome.verdict is Verdict.WITHDRAWN))
    return outcomes


def _release(session: Session, outcomes: Mapping[UUID, Outcome]) -> int:
    """Let held items go whose streams have them now, and give their number. The others stay held."""
    released = _stored(outcomes)
    inbox.release(session, released)
    return len(released)


def _stored(outcomes: Mapping[UUID, Outcome]) -> dict[UUID, Outcome]:
    return {name: outcome for name, outcome in outcomes.items() if outcome.verdict in rules.STORED}


def _answer(
    entry: Readable | Unreadable,
    firsts: Mapping[UUID, Readable],
    known: Mapping[UUID, First],
    outcomes: Mapping[UUID, Outcome],
) -> Answer:
    if isinstance(entry, Unreadable):
        return Answer(entry.sent_id, entry.refusal)
    name, arrival = entry.arrival.id, entry.arrival
    if name not in known and (entry is firsts[name] or outcomes[name].verdict in rules.LEAVES_NOTHING):
        return Answer(entry.sent_id, outcomes[name])
    first = known.get(name) or _just_taken(firsts[name].arrival, outcomes[name])
    again = outcome_again(first, member_id=arrival.member_id, content_hash=arrival.content_hash)
    return Answer(entry.sent_id, again)


def _just_taken(arrival: Arrival, outcome: Outcome) -> First:
    """What is known of an item that came earlier in the same batch."""
    return First(
        id=arrival.id,
        member_id=arrival.member_id,
        kind=arrival.kind,
        state=state_after(outcome.verdict),
        content_hash=arrival.content_hash,
        verdict=outcome.verdict,
        code=outcome.code,
        message=outcome.message,
    )
