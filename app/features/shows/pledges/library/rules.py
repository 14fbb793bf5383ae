"""Which suggestions fit a member. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.features.members.rules import BRANCH_POSTS, Role
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
