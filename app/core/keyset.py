"""Where a page of a long list ended, as one word in an address: the sort key and the id of its last row.

Unlike a page number it costs the same on every page and does not jump when rows come or go.
"""

from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

Key = TypeVar("Key", date, datetime)


def end_of(key: date | datetime, row_id: UUID) -> str:
    """The word for a page that ended with this row; it needs no quoting in an address."""
    if isinstance(key, datetime):
        return f"{key.astimezone(UTC).replace(tzinfo=None).isoformat()}Z_{row_id}"
    return f"{key.isoformat()}_{row_id}"


def read(word: str, kind: type[Key]) -> tuple[Key, UUID] | None:
    """Key and id out of ``word``; ``None``, which is the first page, when somebody has changed it."""
    key, _underscore, row_id = word.partition("_")
    try:
        found = kind.fromisoformat(key)
        if isinstance(found, datetime):
            if found.tzinfo is None:
                return None
            found = found.astimezone(UTC)
        return found, UUID(row_id)
    except (ValueError, OverflowError):  # such as year 1 in a zone ahead of ours
        return None
