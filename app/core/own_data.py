"""What is kept about a person, for that person to read and to take along. Each stream says what it keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql.elements import ColumnElement, Label

from app.core.i18n import LazyText

ME: Final = bindparam("me", type_=Uuid())
Columns = Mapping[QueryableAttribute[Any] | Label[Any], LazyText]
"""The columns of a section with their words, in their order. A column that needs another name is a ``label``."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """A piece of personal data: what it is called, who sees it and what it is for (docs/domain.md §9)."""

    label: LazyText
    seen_by: LazyText
    used_for: LazyText


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of what is kept: its name for machines, its title and columns for people, and where the rows come from.

    ``rows`` takes the session and the actor; ``words`` says a column's values in words where their type does not.
    """

    name: str
    title: LazyText
    columns: Mapping[str, LazyText]
    rows: Callable[[Any, Any], Sequence[Any]]
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    of_collectors: bool = False
    """Whether people who work for a community have it too; the others belong to members of a branch."""


def section(
    name: str,
    title: LazyText,
    columns: Columns,
    *,
    mine: QueryableAttribute[Any] | ColumnElement[bool],
    by: Sequence[QueryableAttribute[Any] | ColumnElement[Any]],
    joined: Callable[[Select[Any]], Select[Any]] = lambda statement: statement,
    words: Mapping[str, Callable[[Any], str]] | None = None,
    of_collectors: bool = False,
) -> Section:
    """A section whose rows are these columns: each is said once, and read in one statement.

    Args:
        name: for machines.
        title: for people.
        columns: what is shown.
        mine: the column that names the person, or which rows are of ``ME``.
        by: the order of the rows.
        joined: adds the tables that other columns stand in.
        words: see ``Section``.
        of_collectors: see ``Section``.
    """
    is_mine = mine == ME if isinstance(mine, QueryableAttribute) else mine
    statement = joined(select(*columns)).where(is_mine).order_by(*by)
    return Section(
        name,
        title,
        {column.key: label for column, label in columns.items()},
        lambda session, actor: session.execute(statement, {"me": actor.member_id}).all(),
        words or {},
        of_collectors,
    )
