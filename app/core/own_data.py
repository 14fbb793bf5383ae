"""One kind of what is kept about a person, for that person to take along. Each feature says what it keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.i18n import LazyText


@dataclass(frozen=True, slots=True)
class Section:
    """Its name for machines, its title and columns for people, and where the rows come from.

    ``rows`` takes the session and the actor; ``words`` says a column's values in words where their type does not.
    """

    name: str
    title: LazyText
    columns: Mapping[str, LazyText]
    rows: Callable[[Any, Any], Sequence[Any]]
    words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
