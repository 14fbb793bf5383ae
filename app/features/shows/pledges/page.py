"""What the page of somebody's year shows, for all the doors that lead to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.shows.pledges import library, peers, queries
from app.features.shows.pledges.calendar import day_named, last_day_of_quarter, quarter_asked, quarter_of
from app.features.shows.pledges.rules import LEAST, MOST, PledgeState, Progress
from app.features.shows.pledges.view import PAGE, ShownPledge

TEMPLATE: Final = "shows/pledges/year.html"


def address(actor: Actor, member_id: UUID | None) -> str:
    """The page of somebody's pledges, as the actor opens it."""
    return PAGE if member_id in (None, actor.member_id) else f"{PAGE}/of/{member_id}"


def year_address(actor: Actor, pledge: ShownPledge) -> str:
    """The page of the year of a pledge, as the actor opens it."""
    return f"{address(actor, pledge.member_id)}?year={pledge.year}"


def whose_page(session: Session, actor: Actor, member_id: UUID) -> members.AnyRow:
    """The actor, or somebody in the branch for whom the actor may write."""
    if member_id != actor.member_id and not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    return members.colleague(session, actor, member_id)


def year_of(session: Session, actor: Actor, member_id: UUID, year: int | None = None) -> dict[str, Any]:
    """A year of pledges, this one unless said otherwise: from drafts to how they ended."""
    today = clock.today()
    year = year or today.year
    whose = whose_page(session, actor, member_id)
    years = sorted({*queries.years(session, member_id), today.year}, reverse=True)
    if year not in years:
        raise NotFoundError
    standing = queries.of_member(session, member_id, year)
    base = address(actor, member_id)
    approved = [pledge for pledge in standing if pledge.is_approved]
    evaluated = [pledge.id for pledge in approved if pledge.is_evaluated]
    return {
        "whose": whose,
        "is_own": member_id == actor.member_id,
        "base": base,
        "year": year,
        "is_current": year == today.year,
        "views": [(f"{base}?year={one}", str(one), one == year) for one in years] if len(years) > 1 else [],
        "drafts": _in(standing, PledgeState.DRAFT),
        "returned": _in(standing, PledgeState.RETURNED),
        "submitted": _in(standing, PledgeState.SUBMITTED),
        "approved": approved,
        "is_archived": bool(approved) and all(pledge.state is PledgeState.ARCHIVED for pledge in approved),
        "number": len(standing),
        "least": LEAST,
        "most": MOST,
        "last": _of_last_year(session, member_id, year, standing) if year == today.year else [],
        **card_words(peers.words_about(session, evaluated)),
    }


def card_words(colleagues_words: Mapping[UUID, Sequence[Any]] | None = None) -> dict[str, Any]:
    """What one pledge's card on the page needs beside the pledge."""
    return {
        "taps": Progress.choices(),
        "quarter_wanted": _quarter_wanted,
        "is_over": is_over,
        "new_id": new_id,
        "in_words": peers.in_words,
        "colleagues_words": colleagues_words or {},
    }


def is_over(pledge: ShownPledge, quarter: int) -> bool:
    """Whether a ``quarter`` of its year has passed: what was not said of it is nothing that is still to come."""
    return last_day_of_quarter(pledge.year, quarter) < clock.today()


def _quarter_wanted(pledge: ShownPledge) -> int:
    """The quarter that its card asks about: the one that is wanted and was missed, else the running one."""
    today = clock.today()
    asked = quarter_asked(today)
    return asked if asked and pledge.lacks(asked, today) else quarter_of(today, pledge.year)


def new_form(session: Session, actor: Actor, member_id: UUID | None, suggestion_id: UUID | None) -> dict[str, Any]:
    """The form of a draft for a member, oneself unless said otherwise; perhaps begun with a suggestion."""
    whose = whose_page(session, actor, member_id or actor.member_id)
    today = clock.today()
    this_year = today.year
    begun = library.suggestion(session, actor.branch_id, suggestion_id) if suggestion_id else None
    suggested = library.suggestions_for(session, actor.branch_id, whose.id)
    states = [pledge.state for pledge in queries.of_member(session, whose.id, this_year)]
    return {
        "action": f"{PAGE}/drafts",
        "back": address(actor, whose.id),
        "pledge": None,
        "begun": begun,
        "year": this_year,
        "due_on": (begun and day_named(begun.text + begun.sign, this_year)) or date(this_year, 12, 31),
        "member_id": None if whose.id == actor.member_id else whose.id,
        "member_name": whose.name,
        "suggestions": [one for one in suggested if _is_to_come(one, today)],
        "posts": _posts(session, actor, whose),
        "may_hand_in": sum(state is not PledgeState.DRAFT for state in states) + 1 >= LEAST,
    }


def pledge_form(actor: Actor, pledge: ShownPledge, act_on: str) -> dict[str, Any]:
    """The form of a pledge that is there already; ``act_on`` ends its address."""
    return {
        "action": f"{PAGE}/{pledge.id}/{act_on}",
        "back": address(actor, pledge.member_id),
        "pledge": pledge,
        "begun": pledge,
        "year": pledge.year,
        "due_on": pledge.due_on,
        "member_id": None if pledge.member_id == actor.member_id else pledge.member_id,
        "member_name": "",
        "suggestions": [],
        "posts": [],
        "may_hand_in": False,
    }


def _is_to_come(suggestion: library.Suggestion, today: date) -> bool:
    """Whether the day it speaks of, if it does, has not passed."""
    day = day_named(suggestion.text + suggestion.sign, today.year)
    return day is None or day >= today


def _posts(session: Session, actor: Actor, whose: members.AnyRow) -> list[str]:
    """The posts for which the library suggests something to a member, in words."""
    roles = members.posts_in(session, actor.branch_id).get(whose.id, [])
    return [*([whose.post] if whose.post else []), *(str(role.label) for role in roles)]


def _in(standing: Sequence[ShownPledge], state: PledgeState) -> list[ShownPledge]:
    return [pledge for pledge in standing if pledge.state is state]


def _of_last_year(session: Session, member_id: UUID, year: int, standing: Sequence[ShownPledge]) -> list[ShownPledge]:
    """What could be taken over: approved last year, not begun again yet, while there is room."""
    if len(standing) >= MOST:
        return []
    taken = {pledge.copied_from_id for pledge in standing}
    return [pledge for pledge in queries.shown(session, member_id, year - 1) if pledge.id not in taken]
