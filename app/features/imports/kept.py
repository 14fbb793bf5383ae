"""What is kept of a file until it is confirmed, as JSON."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter

from app.core.tables import NO_REPORT, Header, Report, Row
from app.features.imports.lists import AnyList
from app.features.imports.rows import ReadRow, ReturnedRow

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class About(Generic[C]):
    """The headings of a file, and what of it was read."""

    header: Header[C]
    report: Report = NO_REPORT


@dataclass(frozen=True, slots=True)
class SealedList:
    """All that is kept of a sealed list. Texts sealed by earlier versions read as this too."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    report: Report = NO_REPORT
    from_1904: bool = False
    returned: tuple[ReturnedRow, ...] = ()


CELLS: Final = TypeAdapter(list[Row])
RETURNED: Final = TypeAdapter(list[ReturnedRow])
KEPT: Final = TypeAdapter(SealedList)


def about_of(kind: AnyList) -> TypeAdapter[About[Any]]:
    """How the headings of a list are kept."""
    return _adapter(About[kind.column_type])  # type: ignore[name-defined]


def rows_of(kind: AnyList) -> TypeAdapter[list[ReadRow[Any]]]:
    """How rows that were read are kept."""
    return _adapter(list[ReadRow[kind.entry_type]])  # type: ignore[name-defined]


@lru_cache
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of)
