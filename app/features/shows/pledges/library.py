"""The library of pledges to begin with, by post and side: as it came, or a branch's own from its first change on."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID, uuid5

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import BRANCH_POSTS, Role
from app.features.shows.pledges.branch_settings import lock_settings
from app.features.shows.pledges.errors import SuggestionTakenError
from app.features.shows.pledges.models import PledgeSettings, PledgeSuggestion
from app.features.shows.pledges.rules import Audience, Side

_POSTS_OF: Final = {
    Audience.SECRETARY: frozenset({Role.SECRETARY, Role.DEPUTY}),
    Audience.COMMITTEE: frozenset(BRANCH_POSTS),
    Audience.GROUP_LEADER: frozenset({Role.GROUP_LEADER}),
}
_SIDES: Final = {side: place for place, side in enumerate(Side)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A line of the library."""

    id: UUID
    audience: Audience
    keyword: str | None
    """Parts of working posts' names, between spaces; one of them is enough. None: whatever the post."""
    side: Side
    text: str
    sign: str


def fits(suggestion: Suggestion, roles: Collection[Role], post: str | None) -> bool:
    """Whether it is meant for somebody with these Party posts and this working post."""
    if suggestion.audience is not Audience.EVERYBODY and not _POSTS_OF[suggestion.audience] & set(roles):
        return False
    return suggestion.keyword is None or any(word in (post or "") for word in suggestion.keyword.split())


def fitting(suggestions: Iterable[Suggestion], roles: Collection[Role], post: str | None) -> list[Suggestion]:
    """Those that fit, by side; what is meant for this very post comes before what is meant for everybody."""
    return sorted((one for one in suggestions if fits(one, roles, post)), key=_place)


def in_order(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """All of them, by side; those for certain posts first."""
    return sorted(suggestions, key=_place)


def _place(suggestion: Suggestion) -> tuple[int, bool, str]:
    is_general = suggestion.audience is Audience.EVERYBODY and suggestion.keyword is None
    return _SIDES[suggestion.side], is_general, suggestion.text


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


_SUGGESTIONS: Final = cast(Table, PledgeSuggestion.__table__)
_TAKEN: Final = {"uq_pledge_suggestions_text": SuggestionTakenError}


def add_suggestion(
    session: Session, actor: Actor, *, audience: Audience, keyword: str | None, side: Side, text: str, sign: str
) -> None:
    """Add a line.

    Raises:
        SuggestionTakenError: there is one with these words.
    """
    _make_own(session, actor)
    with refusing(session, _TAKEN):
        session.add(
            PledgeSuggestion(
                id=new_id(),
                branch_id=actor.branch_id,
                audience=audience,
                keyword=keyword,
                side=side,
                text=text,
                sign=sign,
                changed_by_id=actor.member_id,
            )
        )


def change_suggestion(session: Session, actor: Actor, *, suggestion_id: UUID, **said: Any) -> None:
    """Say a line in other words; ``said`` are the values of ``SuggestionForm``.

    Raises:
        NotFoundError: the branch has no such line.
        SuggestionTakenError: another one has these words.
    """
    _make_own(session, actor)
    line = session.scalars(
        select(PledgeSuggestion).where(
            PledgeSuggestion.id == suggestion_id, PledgeSuggestion.branch_id == actor.branch_id
        )
    ).one_or_none()
    if line is None:
        raise NotFoundError
    with refusing(session, _TAKEN):
        for name, value in said.items():
            setattr(line, name, value)
        line.changed_by_id, line.changed_at = actor.member_id, clock.now()


def remove_suggestion(session: Session, actor: Actor, *, suggestion_id: UUID) -> None:
    """Remove a line. Twice is once."""
    _make_own(session, actor)
    session.execute(
        delete(PledgeSuggestion)
        .where(PledgeSuggestion.id == suggestion_id, PledgeSuggestion.branch_id == actor.branch_id)
        .execution_options(synchronize_session=False)
    )


def _make_own(session: Session, actor: Actor) -> None:
    """Copy what came with the product into the branch's own rows, unless that has happened."""
    settings = lock_settings(session, actor)
    if settings.has_own_library:
        return
    now = clock.now()
    rows = [
        asdict(line) | {"branch_id": actor.branch_id, "changed_by_id": None, "changed_at": now}
        for line in as_it_came(actor.branch_id)
    ]
    session.execute(insert(_SUGGESTIONS), sorted(rows, key=lambda row: row["id"]))
    settings.has_own_library, settings.changed_by_id, settings.changed_at = True, actor.member_id, now
    session.flush()
