"""What the board and the page of a wish show to one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, keyset
from app.core.answers import AS_IT_IS, Answer
from app.core.i18n import gettext as _
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.wishes import queries, rules
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.carrying import rules as carrying_rules
from app.features.wishes.carrying.errors import (
    OwnEstimateError,
    PastItsDayError,
    TooManyClaimsError,
    TooManyToJoinError,
)
from app.features.wishes.carrying.fulfilment import has_photo
from app.features.wishes.carrying.past import past_claims
from app.features.wishes.carrying.slips import has_slip
from app.features.wishes.due import next_of
from app.features.wishes.queries import Card, Event
from app.features.wishes.rules import ACTIVE, Category, ClaimKind, Helped, Status, Step
from app.features.wishes.stories import service as stories
from app.features.wishes.stories.rules import TELLABLE

WITHOUT_BLAME: Final = frozenset({Step.RELEASE, Step.OVERDUE})
"""Steps that are told to members without a name and a reason."""
BEFORE_THE_BOARD: Final = frozenset({Step.ENTER, Step.SUBMIT, Step.RETURN, Step.REFER})
"""What only those read who answer for the wish."""
FORMS: Final = ("invite", "release", "fulfil", "code", "not_yet", "revisit")
"""The forms on the page of a wish."""
WORDS: Final[Mapping[str, Any]] = {
    "helped": Helped.choices(),
    "note_length": rules.NOTE_LENGTH,
    "fulfil_within": carrying_rules.FULFIL_WITHIN.days,
    "extension": carrying_rules.EXTENSION.days,
    "revisit_after": carrying_rules.REVISIT_FROM.days,
    "soft_yuan": carrying_rules.SOFT_YUAN,
    "committee_yuan": carrying_rules.COMMITTEE_YUAN,
    "most_people": carrying_rules.MOST_PEOPLE,
    "is_for_committees": carrying_rules.is_for_committees,
    "is_dear": carrying_rules.is_dear,
    "refusal": None,
}
"""What a wish needs beside itself, on the board and on its page."""


@dataclass(frozen=True, slots=True)
class Role:
    """What the reader is to the wish."""

    takes_part: bool
    took_part: bool
    """Ever, in its current claim or the one that realised it: others confirm and look back then."""
    is_invited: bool
    leads: bool
    """Speaks for those who claimed it: alone and shared everybody does, of a team its leader."""
    answers: bool
    """Collects in the community, or is an officer of the branch that leads there."""
    may_claim: bool
    """A Party member to whom the board is open."""
    may_revisit: bool
    """Takes no part in it."""


@dataclass(frozen=True, slots=True)
class LookBack:
    """Who has taken over to look back at a realised wish, and whether the day has come."""

    taken_by: str | None = None
    is_mine: bool = False
    day_has_come: bool = False


def context(session: Session, actor: Actor, wish_id: UUID, answer: Answer = AS_IT_IS) -> dict[str, Any]:
    """Everything the page of the wish needs, as it is or after one of its forms was sent."""
    wish = queries.wish(session, actor, wish_id)
    role = _role(session, actor, wish)
    people = carrying.people_of(session, wish.claim_id) if wish.claim_id else ()
    full = _full(session, actor, role)
    refused = _refused(session, actor, role, wish)
    leads_committee = not carrying_rules.COMMITTEE.isdisjoint(actor.roles)
    return {
        **WORDS,
        "wish": wish,
        "role": role,
        "people": [one for one in people if one.joined_at],
        "invited": [one for one in people if not one.joined_at],
        "colleagues": _colleagues(session, wish, len(people)) if role.leads else {},
        "days": _days(wish),
        "full": full,
        "refused": refused,
        "claimable": role.may_claim
        and not full
        and not refused
        and (leads_committee or not carrying_rules.is_for_committees(wish.yuan)),
        "today": clock.today(),
        "leads_committee": leads_committee,
        "has_photo": wish.claim_id is not None and has_photo(session, wish.claim_id),
        "has_slip": (role.answers or role.takes_part) and has_slip(session, wish.id),
        "revisit": _revisit(session, wish, actor),
        "found": carrying.revisits_made(session, wish.claim_id) if wish.claim_id else (),
        "history": _history(session, wish, actor, role),
        "story_told": stories.stories_of(session, [wish.id]).get(wish.id),
        "is_tellable": role.answers and wish.status in TELLABLE,
        "forms": {**dict.fromkeys(FORMS), **answer.forms},
        "refusal": answer.refusal,
    }


def open_view(session: Session, actor: Actor, *, category: Category | None, words: str) -> dict[str, Any]:
    """What waits to be claimed; and the invitation to one wish a year, for who has not taken part in one yet."""
    this_year = clock.midnight(date(clock.today().year, 1, 1))
    wishes = queries.open_wishes(session, actor, category=category, words=words)
    return {
        **_frame(session, actor, "open", words),
        "listed": wishes,
        "chosen": category,
        "filters": Category.choices(),
        "is_invited_this_year": bool(wishes) and not carrying.took_part_since(session, actor.member_id, this_year),
        "looks_after_any": queries.looks_after_any(session, actor),
    }


def own_view(session: Session, actor: Actor) -> dict[str, Any]:
    """What the member takes part in, is asked to join and looks back at; and what is over."""
    return {
        **_frame(session, actor, "mine"),
        "listed": [(wish, next_of(wish, clock.today())) for wish in queries.mine(session, actor)],
        "revisits": carrying.revisits_taken(session, actor.member_id),
        "past": past_claims(session, actor.member_id),
        "can_undo": lambda one: carrying_rules.can_undo(one.released_at, clock.now()),
    }


def realised_view(session: Session, actor: Actor, *, before: tuple[date, UUID] | None, words: str) -> dict[str, Any]:
    """What came true, newest first, after what nobody has looked back at yet."""
    wishes = queries.realised(session, actor, before=before, words=words)
    is_top = not before and not words
    shown = wishes[: queries.PAGE]
    last = shown[-1] if len(wishes) > len(shown) else None
    return {
        **_frame(session, actor, "realised", words),
        "listed": shown,
        "stories": stories.stories_of(session, [wish.id for wish in shown]),
        "older": keyset.end_of(last.fulfilled_on, last.id) if last and last.fulfilled_on else None,
        "revisits": [one for one in carrying.to_revisit(session, actor) if one.taken_by_id is None] if is_top else (),
    }


def _frame(session: Session, actor: Actor, view: str, words: str = "") -> dict[str, Any]:
    waiting, came_true = queries.numbers(session, actor)
    return {
        **WORDS,
        "view": view,
        "words": words,
        "longest": queries.WORDS_LENGTH,
        "chosen": None,
        "today": clock.today(),
        "waiting": waiting,
        "came_true": came_true,
        "active": carrying.active_claims(session, actor.member_id),
        "revisit_from": carrying_rules.revisit_from,
        "revisit_until": carrying_rules.revisit_until,
    }


def _role(session: Session, actor: Actor, wish: Card) -> Role:
    is_there = wish.claim_id is not None and wish.left_at is None
    has_joined = wish.joined_at is not None
    took_part = wish.took_part_from is not None
    takes_part = is_there and has_joined
    is_member = actor.may(Permission.BE_MEMBER)
    is_team = wish.claim_kind is ClaimKind.TEAM
    return Role(
        takes_part=takes_part,
        took_part=took_part,
        is_invited=is_there and not has_joined and wish.invited_by is not None and wish.status in ACTIVE,
        leads=takes_part and (not is_team or wish.claimed_by_id == actor.member_id),
        answers=queries.answers_for(session, actor, wish.id),
        may_claim=is_member and wish.status is Status.PUBLISHED and queries.may_claim(session, actor, wish.id),
        may_revisit=wish.status is Status.REALISED and not took_part,
    )


def _days(wish: Card) -> dict[str, date]:
    """By when what comes next; for a wish that nobody carries, as they are for who claims it today."""
    claimed_on = clock.local_day(wish.claimed_at) if wish.claimed_at else clock.today()
    began, is_extended = wish.fulfil_from or claimed_on, wish.extended_at is not None
    by = carrying_rules.fulfil_by(began, wish.wanted_by, is_extended=is_extended)
    handed_over = wish.fulfilled_on or by
    return {
        "claimed_on": claimed_on,
        "contact_by": carrying_rules.contact_by(claimed_on, by),
        "fulfil_by": by,
        "extended_by": carrying_rules.fulfil_by(began, wish.wanted_by, is_extended=True),
        "returns_on": carrying_rules.returns_on(by),
        "revisit_from": carrying_rules.revisit_from(handed_over),
        "revisit_until": carrying_rules.revisit_until(handed_over),
    }


def _full(session: Session, actor: Actor, role: Role) -> str:
    """Why the reader can neither claim nor join just now, before trying; empty where nothing is in the way."""
    if not role.may_claim and not role.is_invited:
        return ""
    active = carrying.active_claims(session, actor.member_id)
    if not carrying_rules.has_enough(active):
        return ""
    return (TooManyToJoinError if role.is_invited else TooManyClaimsError)(n=active).sentence


def _refused(session: Session, actor: Actor, role: Role, wish: Card) -> str:
    """Why the reader can never claim this wish as it stands; empty where nothing is in the way."""
    if not role.may_claim:
        return ""
    if carrying_rules.is_past(wish.wanted_by, clock.today()):
        return PastItsDayError().sentence
    return OwnEstimateError().sentence if carrying.has_corrected_estimate(session, wish.id, actor.member_id) else ""


def _colleagues(session: Session, wish: Card, people: int) -> Mapping[str, Sequence[tuple[UUID, str]]]:
    """Who can be asked to join ``people`` others, by branch."""
    by_branch: dict[str, list[tuple[UUID, str]]] = {}
    if wish.claim_id is not None and wish.status in ACTIVE and people < carrying_rules.MOST_PEOPLE:
        for one in carrying.colleagues(session, community_id=wish.community_id, claim_id=wish.claim_id):
            by_branch.setdefault(one.branch_name, []).append((one.id, one.name))
    return by_branch


def _revisit(session: Session, wish: Card, actor: Actor) -> LookBack:
    if wish.status is not Status.REALISED or wish.fulfilled_on is None:
        return LookBack()
    taken = carrying.revisit_taken_by(session, wish.claim_id, wish.attempt)
    return LookBack(
        taken_by=taken.name if taken else None,
        is_mine=taken is not None and taken.id == actor.member_id,
        day_has_come=clock.today() >= carrying_rules.revisit_from(wish.fulfilled_on),
    )


def _history(session: Session, wish: Card, actor: Actor, role: Role) -> list[Event]:
    """The history of the wish as this person may read it."""
    return [
        _as_told(event, actor, role)
        for event in queries.history(session, wish.id)
        if role.answers or event.step not in BEFORE_THE_BOARD
    ]


def _as_told(event: Event, actor: Actor, role: Role) -> Event:
    if not role.answers and event.step in WITHOUT_BLAME and event.by_id != actor.member_id:
        return event._replace(by=None, note="")
    return event._replace(by=_("the wisher")) if event.by_wisher else event
