"""What the desk and the page of one wish on it show."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.answers import AS_IT_IS, Answer
from app.core.ids import new_id
from app.features.history.service import history
from app.features.members.actor import Actor
from app.features.members.rules import Permission, Role
from app.features.organisations.communities import queries as communities
from app.features.private.rules import ADDRESS_LENGTH, FIELD_LABELS, NAME_LENGTH, NOTE_LENGTH, PHONE_LENGTH
from app.features.wishes import queries as wishes
from app.features.wishes import rules
from app.features.wishes.carrying.rules import COMMITTEE_YUAN, is_for_committees
from app.features.wishes.contacts import queries as contacts
from app.features.wishes.contacts import rules as contact_rules
from app.features.wishes.contacts.rules import TEXTS, Capacity, texts
from app.features.wishes.desk import queries
from app.features.wishes.desk.rules import CHANNELS, LAST_DAY, TO_DO, Pile
from app.features.wishes.desk.service import NEEDS_NO_CONTACT
from app.features.wishes.intake.service import CHANGEABLE, may_change
from app.features.wishes.reports.queries import on_the_desk
from app.features.wishes.residents import queries as moderation
from app.features.wishes.rules import TERMINAL, Step
from app.features.wishes.stories import service as stories
from app.features.wishes.stories.rules import TELLABLE

WORDS: Final[dict[str, Any]] = {
    "categories": rules.Category.choices(),
    "fields": FIELD_LABELS,
    "limits": {
        "title": rules.TITLE_LENGTH,
        "need": rules.NEED_LENGTH,
        "note": rules.NOTE_LENGTH,
        "reason": contact_rules.REASON_LENGTH,
        "name": NAME_LENGTH,
        "phone": PHONE_LENGTH,
        "address": ADDRESS_LENGTH,
        "at_the_door": NOTE_LENGTH,
        "committee_yuan": COMMITTEE_YUAN,
    },
}


def desk(session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> dict[str, Any]:
    """The piles of the desk, those with something to do first."""
    piles: dict[Pile, list[queries.DeskCard]] = {pile: [] for pile in Pile}
    for row in queries.desk(session, actor):
        piles[row.pile].append(row)
    return {
        "communities": communities.answered(session, actor),
        "piles": [(pile, rows) for pile, rows in piles.items() if rows],
        "from_residents": moderation.number_waiting(session, actor),
        "month_ready": on_the_desk(actor),
        "to_do": TO_DO,
        "is_officer": actor.may(Permission.APPROVE),
        "publishing_day": queries.publishing_day(session, actor.branch_id),
        "last_day": LAST_DAY,
        "day_form": answer.form,
        "today": clock.today(),
        "can_find": sealing.has_key() and (actor.may(Permission.COLLECT_WISHES) or Role.SECRETARY in actor.roles),
        "name_length": NAME_LENGTH,
        **WORDS,
    }


def over(session: Session, actor: Actor) -> dict[str, Any]:
    """The wishes that came to their end."""
    return {"rows": queries.over(session, actor), **WORDS}


def new_wish(session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> dict[str, Any]:
    """The empty form, or the one that comes back; the wish gets its id with it."""
    return {
        "id": new_id(),
        "form": answer.form,
        "communities": [(row.id, row.name) for row in communities.answered(session, actor)],
        "today": clock.today(),
        "can_seal": sealing.has_key(),
        "texts": texts(),
        **WORDS,
    }


def card(session: Session, actor: Actor, wish_id: UUID, answer: Answer = AS_IT_IS) -> dict[str, Any]:
    """One wish with everything that can be done about it, as it is or after one of its forms was sent."""
    wish = queries.card(session, actor, wish_id)
    leads = actor.may(Permission.APPROVE) and wish.branch_id == actor.branch_id
    may = {step.value: rules.LIFE.may(wish.status, step) for step in Step}
    is_draft, is_over = wish.status in CHANGEABLE, wish.status in TERMINAL
    can_change = may_change(session, actor, wish_id=wish_id, status=wish.status, branch_id=wish.branch_id)
    stands = {
        "text": can_change,
        "contact": not is_over,
        "hand_in": is_draft,
        "publishing": leads and may[Step.PUBLISH],
        "later": leads and may[Step.NEXT_ROUND],
        "returning": leads and may[Step.RETURN],
        "referring": leads and may[Step.REFER],
        "rights": True,
    }
    return {
        "wish": wish,
        "forms": {**dict.fromkeys(stands), **answer.forms},
        "refusal": None if all(stands[name] for name in answer.forms) else answer.refusal,
        "today": clock.today(),
        "leads": leads,
        "can_publish": stands["publishing"] and wish.entered_by_id != actor.member_id,
        "is_own_entry": wish.entered_by_id == actor.member_id,
        "waits_for_others": wish.verified_at is None and wish.accepted_by_id == actor.member_id,
        "next_round": queries.next_round(session, wish.branch_id, clock.today()) if leads else None,
        "is_draft": is_draft,
        "is_dear": is_for_committees(wish.yuan),
        "can_change": can_change,
        "corrections": history(session, wish_id),
        "is_over": is_over,
        "can_erase": wish.status in NEEDS_NO_CONTACT,
        "may": may,
        "capacity": contacts.capacity(session, actor, wish_id),
        "officer": Capacity.OFFICER,
        "can_seal": sealing.has_key(),
        "consents": contacts.consents(session, wish_id),
        "looks": contacts.looks(session, wish_id),
        "erasures": contacts.erasures(session, wish_id),
        "history": wishes.history(session, wish_id),
        "story_told": stories.stories_of(session, [wish_id]).get(wish_id),
        "is_tellable": wish.status in TELLABLE,
        "alike": [] if is_over else queries.alike(session, wish),
        "channels": CHANNELS,
        "texts": texts(),
        **WORDS,
    }


def kept_data(session: Session, actor: Actor, wish_id: UUID) -> Mapping[str, Any]:
    """What is kept of a wisher, besides the contact itself, for the sheet that is handed over."""
    return {
        "wish": queries.card(session, actor, wish_id),
        "consents": contacts.consents(session, wish_id),
        "looks": contacts.looks(session, wish_id),
        "erasures": contacts.erasures(session, wish_id),
        "history": wishes.history(session, wish_id),
        "corrections": history(session, wish_id),
        "all_texts": TEXTS,
        "today": clock.today(),
        **WORDS,
    }
