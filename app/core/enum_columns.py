"""Columns of enums: kept as words, and compared by words that stand in the statement's text."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Enum, FromClause, literal_column

_KEPT: Final[Mapping[str, Any]] = {
    "native_enum": False,
    "create_constraint": True,
    "length": 40,
    "values_callable": lambda kind: [member.value for member in kind],
}
WORDS: Final = Enum(StrEnum, **_KEPT)
"""The type of every column of an enum; its CHECK is called after the enum."""


def words_under(check: str, kind: type[StrEnum]) -> Enum:
    """The same with a CHECK that is called ``check``: what two columns of a table share, or was called so."""
    return Enum(kind, name=check, **_KEPT)


class _InText(Enum.Comparator):
    """What such a column is compared with is written into the statement, not handed over beside it.

    SQLite prepares a statement anew, each time, whose values may decide which index of some rows serves it (``status =
    ?`` beside an index of what is pending); and a list is put into the text at each execution (decision 0067).
    """

    def operate(self, op: Any, *other: Any, **options: Any) -> Any:
        """See ``Enum.Comparator``."""
        return super().operate(op, *map(self._in_text, other), **options)

    def _in_text(self, value: Any) -> Any:
        if isinstance(value, Collection) and not isinstance(value, str):
            return [self._in_text(one) for one in value]
        if isinstance(value, StrEnum) and type(value) is getattr(self.type, "enum_class", None):
            return literal_column("'{}'".format(value.replace("'", "''")), self.type)
        return value


def write_words(table: FromClause) -> None:
    """From now on what columns of enums of ``table`` are compared with is written into the statement."""
    for column in table.columns:
        if isinstance(column.type, Enum):
            column.type.comparator_factory = _InText
