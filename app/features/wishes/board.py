"""What the three views of the board show to one member."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, keyset
from app.features.members.actor import Actor
from app.features.wishes import queries
from app.features.wishes.claims import queries as claims
from app.features.wishes.claims import rules as claim_rules
from app.features.wishes.claims.rules import END_LABELS
from app.features.wishes.due import next_of
from app.features.wishes.page import WORDS
from app.features.wishes.revisits import queries as revisits
from app.features.wishes.revisits import rules as revisit_rules
from app.features.wishes.rules import Category
from app.features.wishes.stories import queries as stories


def open_view(session: Session, actor: Actor, *, category: Category | None) -> dict[str, Any]:
    """What waits to be claimed; and the invitation to one wish a year, for who has not taken part in one yet."""
    this_year = datetime.combine(date(clock.today().year, 1, 1), time(), clock.zone())
    wishes = queries.open_wishes(session, actor, category=category)
    return {
        **_frame(session, actor, "open"),
        "wishes": wishes,
        "chosen": category,
        "is_invited_this_year": bool(wishes) and not claims.took_part_since(session, actor.member_id, this_year),
        "leads_committee": not claim_rules.COMMITTEE.isdisjoint(actor.roles),
        "looks_after_any": queries.looks_after_any(session, actor),
    }


def own_view(session: Session, actor: Actor) -> dict[str, Any]:
    """What the member takes part in, is asked to join and looks back at; and what is over."""
    return {
        **_frame(session, actor, "mine"),
        "wishes": [(row, next_of(row, clock.today())) for row in queries.mine(session, actor)],
        "revisits": revisits.taken(session, actor.member_id),
        "past": claims.past(session, actor.member_id),
        "ends": END_LABELS,
    }


def realised_view(session: Session, actor: Actor, *, before: tuple[date, UUID] | None) -> dict[str, Any]:
    """What came true, newest first, after what nobody has looked back at yet."""
    rows = queries.realised(session, actor, before=before)
    shown = rows[: queries.PAGE]
    return {
        **_frame(session, actor, "realised"),
        "wishes": shown,
        "stories": stories.of(session, [row.id for row in shown]),
        "older": keyset.end_of(shown[-1].fulfilled_on, shown[-1].id) if len(rows) > len(shown) else None,
        "revisits": () if before else [row for row in revisits.for_member(session, actor) if row.taken_by_id is None],
    }


def card_words() -> dict[str, Any]:
    """What a card of the board needs beside its wish."""
    return {
        "is_for_committees": claim_rules.is_for_committees,
        "is_dear": claim_rules.is_dear,
        "lost": None,
        **WORDS,
    }


def _frame(session: Session, actor: Actor, view: str) -> dict[str, Any]:
    waiting, came_true = queries.numbers(session, actor)
    return {
        "view": view,
        "waiting": waiting,
        "came_true": came_true,
        "active": claims.active(session, actor.member_id),
        "revisit_from": revisit_rules.first_day,
        "revisit_until": revisit_rules.last_day,
        **card_words(),
    }
