"""The library of a branch: its own lines, or those that come with the product."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.features.members import queries as members
from app.features.shows.pledges.library.rules import Suggestion, fitting, in_order
from app.features.shows.pledges.models import PledgeSettings, PledgeSuggestion
from app.features.shows.pledges.rules import Audience, Side

_FILE: Final = Path(__file__).with_name("suggestions.json")
_HAS_OWN: Final = select(PledgeSettings.has_own_library).where(PledgeSettings.branch_id == bindparam("branch"))
_OWN: Final = select(
    PledgeSuggestion.id,
    PledgeSuggestion.audience,
    PledgeSuggestion.keyword,
    PledgeSuggestion.side,
    PledgeSuggestion.text,
    PledgeSuggestion.sign,
).where(PledgeSuggestion.branch_id == bindparam("branch"))


def library(session: Session, branch_id: UUID) -> list[Suggestion]:
    """All suggestions of a branch, by side."""
    if session.scalar(_HAS_OWN, {"branch": branch_id}):
        rows = session.execute(_OWN, {"branch": branch_id})
        return in_order(Suggestion(**row._mapping) for row in rows)
    return in_order(as_it_came(branch_id))


def suggestions_for(session: Session, branch_id: UUID, member_id: UUID) -> list[Suggestion]:
    """What fits a member's Party posts and working post, by side."""
    post = members.member_card(session, member_id).post
    roles = members.posts_in(session, branch_id).get(member_id, [])
    return fitting(library(session, branch_id), roles, post)


def suggestion(session: Session, branch_id: UUID, suggestion_id: UUID) -> Suggestion:
    """One line of a branch's library.

    Raises:
        NotFoundError: it has no such line, or not any more.
    """
    for one in library(session, branch_id):
        if one.id == suggestion_id:
            return one
    raise NotFoundError


def as_it_came(branch_id: UUID) -> list[Suggestion]:
    """What comes with the product. A line keeps its id when the branch makes the library its own."""
    return [
        Suggestion(
            id=uuid5(branch_id, line["text"]),
            audience=Audience(line["audience"]),
            keyword=line["keyword"],
            side=Side(line["side"]),
            text=line["text"],
            sign=line["sign"],
        )
        for line in _lines()
    ]


@lru_cache(maxsize=1)
def _lines() -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return lines
