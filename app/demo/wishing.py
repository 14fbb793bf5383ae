"""Writes the wishes of the past: fulfilled in their time, and looked back at by an officer, which brings the fact."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.demo.communities import Community
from app.demo.happenings import WISHED, Happening
from app.demo.people import Branch, Person
from app.demo.wished import CAME_TRUE, HANDED_OVER
from app.features.wishes import service as wish_service
from app.features.wishes.models import Wish, WishClaim, WishEvent, WishParticipant
from app.features.wishes.rules import ClaimKind, ConfirmedHow, Origin, Status, Step

BEFORE: Final = (
    (Step.ENTER, Status.DRAFT, 30),
    (Step.SUBMIT, Status.TO_VERIFY, 30),
    (Step.PUBLISH, Status.PUBLISHED, 26),
    (Step.CLAIM, Status.CLAIMED, 20),
    (Step.CONTACT, Status.IN_PROGRESS, 17),
    (Step.FULFIL, Status.TO_CONFIRM, 0),
    (Step.CONFIRM, Status.REALISED, -1),
)
"""What happened to a wish until it was realised, and how many days before it was handed over."""


def write(
    session: Session, branch: Branch, community: Community, happenings: Iterable[Happening]
) -> Mapping[date, list[tuple[UUID, Person]]]:
    """Store realised wishes; gives which are to be looked back at, and who fulfilled them, by the day it is due."""
    rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    to_revisit: dict[date, list[tuple[UUID, Person]]] = defaultdict(list)
    wishes = (happening for happening in happenings if happening.stream == WISHED)
    for happening in sorted(wishes, key=lambda happening: (happening.day, happening.person.place, happening.note)):
        wish_id = _add(session, rows, branch, community, happening)
        to_revisit[happening.written_on].append((wish_id, happening.person))
    for table in (Wish, WishEvent, WishClaim, WishParticipant):
        if rows[table]:
            session.execute(insert(table), rows[table])
    return to_revisit


def _add(
    session: Session,
    rows: dict[type[Any], list[dict[str, Any]]],
    branch: Branch,
    community: Community,
    happening: Happening,
) -> UUID:
    wished, person = CAME_TRUE[happening.note], happening.person
    at = {
        step: datetime.combine(happening.day - timedelta(days=days), time(10, number), clock.zone())
        for number, (step, _status, days) in enumerate(BEFORE)
    }
    with clock.standing_at(at[Step.ENTER]):
        wish_id = new_id()
    with clock.standing_at(at[Step.CLAIM]):
        claim_id = new_id()
    publisher = branch.confirmer_of(person)
    doers = {
        Step.PUBLISH: publisher.id,
        Step.CLAIM: person.id,
        Step.CONTACT: person.id,
        Step.FULFIL: person.id,
    }
    rows[Wish].append(
        {
            "id": wish_id,
            "code": wish_service.next_code(session, clock.local_day(at[Step.ENTER]).year),
            "community_id": community.id,
            "branch_id": community.led_by,
            "title": wished.title,
            "need": wished.need,
            "category": wished.category,
            "kind": wished.kind,
            "yuan": wished.yuan,
            "wanted_by": None,
            "status": Status.REALISED,
            "round": 1,
            "steps": len(BEFORE),
            "origin": Origin.COLLECTOR,
            "entered_by_id": community.collector_id,
            "entered_at": at[Step.ENTER],
            "verified_by_id": publisher.id,
            "verified_at": at[Step.PUBLISH],
            "published_by_id": publisher.id,
            "published_at": at[Step.PUBLISH],
            "channel": None,
        }
    )
    sentence = HANDED_OVER[wished.kind]
    rows[WishEvent] += [
        {
            "wish_id": wish_id,
            "seq": number,
            "step": step,
            "status": status,
            "at": at[step],
            "by_id": doers.get(step, community.collector_id),
            "by_wisher": False,
            "note": sentence if step is Step.FULFIL else "",
        }
        for number, (step, status, _days) in enumerate(BEFORE, start=1)
    ]
    rows[WishClaim].append(
        {
            "id": claim_id,
            "wish_id": wish_id,
            "kind": ClaimKind.ALONE,
            "claimed_by_id": person.id,
            "claimed_at": at[Step.CLAIM],
            "contacted_at": at[Step.CONTACT],
            "attempt": 1,
            "fulfil_from": clock.local_day(at[Step.CLAIM]),
            "fulfilled_on": happening.day,
            "fulfilled_by_id": person.id,
            "sentence": sentence,
            "confirmed_at": at[Step.CONFIRM],
            "confirmed_how": ConfirmedHow.DESK,
            "confirmed_by_id": community.collector_id,
        }
    )
    rows[WishParticipant].append(
        {
            "claim_id": claim_id,
            "member_id": person.id,
            "branch_id": branch.id,
            "joined_at": at[Step.CLAIM],
            "took_part_from": at[Step.CLAIM],
        }
    )
    return wish_id
