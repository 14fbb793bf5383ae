"""What would stand about a member once a row is imported."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.features.members.rules import MemberStatus
from app.features.roster.rules import Change, Entry
from app.features.roster.sheet.columns import Column
from app.features.roster.sheet.words import words

_DATES: Final = frozenset({Column.BORN, Column.JOINED, Column.CONFIRMED})
_KEPT: Final = tuple(column for column in Column if column is not Column.SERIAL)


def afterwards(said: Entry, before: Entry | None) -> Entry:
    """All that is known of a member after a row that says ``said``; ``before`` is ``None`` for somebody new.

    What a row does not say stays, and so does a date that was known more exactly. Who moves to another branch
    leaves group and posts of the former one.
    """
    if before is None:
        return replace(said, status=said.status or MemberStatus.FULL, roles=said.roles or frozenset())
    moves = said.branch != before.branch
    kept = replace(before, group="", roles=frozenset()) if moves else before
    news = {column.value: getattr(said, column.value) for column in _KEPT if _is_news(said, kept, column)}
    return replace(kept, **news, exemption=said.exemption)


def changes(before: Entry, after: Entry) -> Iterator[Change]:
    """The fields that would read differently."""
    for column in _KEPT:
        old, new = words(before, column), words(after, column)
        if new != old:
            yield Change(column, old, new)


def _is_news(said: Entry, kept: Entry, column: Column) -> bool:
    if column is Column.ROLES:
        return said.roles is not None
    new = words(said, column)
    less_exact = column in _DATES and words(kept, column).startswith(new)
    return bool(new) and not less_exact
