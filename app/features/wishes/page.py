"""What the page of a wish shows to one person: the wish, what they can do next, who takes part, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import gettext as _
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.wishes import queries, rules
from app.features.wishes.claims import queries as claims
from app.features.wishes.claims import rules as claim_rules
from app.features.wishes.fulfilment import queries as fulfilment
from app.features.wishes.fulfilment.rules import CODE_DIGITS, CONFIRMED_LABELS, SENTENCE_LENGTH
from app.features.wishes.queries import AnyRow
from app.features.wishes.revisits import queries as revisits
from app.features.wishes.revisits import rules as revisit_rules
from app.features.wishes.rules import HELD, Status, Step
from app.features.wishes.stories import queries as stories
from app.features.wishes.stories.rules import TELLABLE

WITHOUT_BLAME: Final = frozenset({Step.RELEASE, Step.OVERDUE})
"""Steps that are told to members without a name and a reason."""
BEFORE_THE_BOARD: Final = frozenset({Step.ENTER, Step.SUBMIT, Step.RETURN, Step.DECLINE})
"""What only those read who answer for the wish."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a wish's history, as this person may read it."""

    step: Step
    at: Any
    by: str | None
    note: str


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


FORMS: Final = ("invite", "release", "fulfil", "code", "not_yet", "revisit")


def context(session: Session, actor: Actor, wish_id: UUID, **forms: Any) -> dict[str, Any]:
    """Everything the page of the wish needs; ``forms`` are those that come back as they were typed.

    Raises:
        NotFoundError: no such wish in the actor's sight.
    """
    wish = queries.wish(session, actor, wish_id)
    role = _role(session, actor, wish)
    people = claims.people(session, wish.claim_id) if wish.claim_id else ()
    inviting = role.leads and wish.status in HELD
    revisit = _revisit(session, wish, actor)
    return {
        "wish": wish,
        "role": role,
        "people": [row for row in people if row.joined_at],
        "invited": [row for row in people if not row.joined_at],
        "colleagues": _colleagues(session, wish) if inviting and len(people) < claim_rules.MOST_PEOPLE else {},
        "days": _days(wish),
        "today": clock.today(),
        "is_for_committees": claim_rules.is_for_committees,
        "is_dear": claim_rules.is_dear,
        "leads_committee": not claim_rules.COMMITTEE.isdisjoint(actor.roles),
        "has_photo": wish.claim_id is not None and fulfilment.has_photo(session, wish.claim_id),
        "has_slip": (role.answers or role.takes_part) and fulfilment.has_slip(session, wish.id),
        "revisit": revisit,
        "found": revisits.made(session, wish.claim_id) if wish.claim_id else (),
        "history": _history(session, wish, actor, role),
        "story_told": stories.of(session, [wish.id]).get(wish.id),
        "is_tellable": role.answers and wish.status in TELLABLE,
        "forms": {name: forms.get(name) for name in FORMS},
        "lost": None,
        **WORDS,
    }


WORDS: Final[dict[str, Any]] = {
    "categories": rules.CATEGORY_LABELS,
    "kinds": rules.KIND_LABELS,
    "states": rules.STATUS_LABELS,
    "steps": rules.STEP_LABELS,
    "claim_kinds": claim_rules.KIND_LABELS,
    "confirmed": CONFIRMED_LABELS,
    "helped": revisit_rules.HELPED_LABELS,
    "sentence_length": SENTENCE_LENGTH,
    "note_length": rules.NOTE_LENGTH,
    "code_digits": CODE_DIGITS,
    "soft_yuan": claim_rules.SOFT_YUAN,
    "most_yuan": claim_rules.MOST_YUAN,
    "most_people": claim_rules.MOST_PEOPLE,
}


def _role(session: Session, actor: Actor, wish: AnyRow) -> Role:
    is_there = wish.claim_id is not None and wish.left_at is None
    has_joined = wish.joined_at is not None
    took_part = wish.took_part_from is not None
    takes_part = is_there and has_joined
    is_member = actor.may(Permission.BE_MEMBER)
    is_team = wish.claim_kind is claim_rules.ClaimKind.TEAM
    return Role(
        takes_part=takes_part,
        took_part=took_part,
        is_invited=is_there and not has_joined and wish.invited_by is not None and wish.status in HELD,
        leads=takes_part and (not is_team or wish.claimed_by_id == actor.member_id),
        answers=queries.answers_for(session, actor, wish.id),
        may_claim=is_member and wish.status is Status.PUBLISHED and queries.may_claim(session, actor, wish.id),
        may_revisit=wish.status is Status.REALISED and not took_part,
    )


def _days(wish: AnyRow) -> dict[str, date]:
    """By when what comes next; for wishes that somebody holds or has handed over."""
    days: dict[str, date] = {}
    if wish.claimed_at is not None:
        is_extended = wish.extended_at is not None
        days["contact_by"] = claim_rules.contact_by(clock.local_day(wish.claimed_at))
        days["fulfil_by"] = claim_rules.fulfil_by(wish.fulfil_from, is_extended=is_extended)
        days["returns_on"] = claim_rules.returns_on(wish.fulfil_from, is_extended=is_extended)
        days["claimed_on"] = clock.local_day(wish.claimed_at)
    if wish.fulfilled_on is not None:
        days["revisit_from"] = revisit_rules.first_day(wish.fulfilled_on)
        days["revisit_until"] = revisit_rules.last_day(wish.fulfilled_on)
    return days


def _colleagues(session: Session, wish: AnyRow) -> Mapping[str, Sequence[tuple[UUID, str]]]:
    """Who can be asked to join, by branch."""
    by_branch: dict[str, list[tuple[UUID, str]]] = {}
    for row in claims.colleagues(session, community_id=wish.community_id, claim_id=wish.claim_id):
        by_branch.setdefault(row.branch_name, []).append((row.id, row.name))
    return by_branch


def _revisit(session: Session, wish: AnyRow, actor: Actor) -> dict[str, Any]:
    """Who has taken over to look back, and whether the day has come."""
    if wish.status is not Status.REALISED:
        return {"taken_by": None, "is_mine": False, "day_has_come": False}
    taken = revisits.taken_by(session, wish.claim_id, wish.attempt)
    return {
        "taken_by": taken.name if taken else None,
        "is_mine": taken is not None and taken.id == actor.member_id,
        "day_has_come": clock.today() >= revisit_rules.first_day(wish.fulfilled_on),
    }


def _history(session: Session, wish: AnyRow, actor: Actor, role: Role) -> list[Told]:
    told = []
    for row in queries.history(session, wish.id):
        by = _("the wisher") if row.by_wisher else row.by
        if role.answers:
            told.append(Told(row.step, row.at, by, row.note))
        elif row.step not in BEFORE_THE_BOARD:
            is_quiet = row.step in WITHOUT_BLAME and row.by_id != actor.member_id
            told.append(Told(row.step, row.at, None if is_quiet else by, "" if is_quiet else row.note))
    return told
