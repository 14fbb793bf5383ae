"""Sessions that ask for columns without the ORM: most of what pages ask is columns, and no object is made of them."""

from enum import Enum, auto
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnClause, ColumnElement, Label, Select
from sqlalchemy.orm import QueryableAttribute, Session


class _Asks(Enum):
    """What a statement asks for."""

    NAMED_COLUMNS = auto()
    COLUMNS = auto()
    """One is computed and has no name: the core calls it otherwise, so only its value is taken that way."""
    OBJECTS = auto()


_known: Final[WeakKeyDictionary[Select[*tuple[Any, ...]], _Asks]] = WeakKeyDictionary()


class ColumnSession(Session):
    """A session whose statements go to the core where they ask for columns alone.

    The rows are the same. What falls away is the ORM's preparing of each execution and of each result, which was a
    quarter of the page of today (bench/README.md). What asks for objects goes the usual way, and so does a call
    with options; what a statement itself says of its execution, the core knows too.
    """

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """See ``Session.execute``."""
        if options or _asks(statement) is not _Asks.NAMED_COLUMNS:
            return super().execute(statement, params, **options)
        return self.connection().execute(statement, params)

    def scalars(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """See ``Session.scalars``."""
        if options or _asks(statement) is _Asks.OBJECTS:
            return super().scalars(statement, params, **options)
        return self.connection().scalars(statement, params)

    def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """See ``Session.scalar``."""
        if options or _asks(statement) is _Asks.OBJECTS:
            return super().scalar(statement, params, **options)
        return self.connection().scalar(statement, params)


def _asks(statement: Any) -> _Asks:
    if type(statement) is not Select:
        return _Asks.OBJECTS
    asks = _known.get(statement)
    if asks is None:
        said = [column["expr"] for column in statement.column_descriptions]
        named = all(isinstance(one, QueryableAttribute | ColumnClause | Label) for one in said)
        columns = named or all(isinstance(one, QueryableAttribute | ColumnElement) for one in said)
        asks = _Asks.NAMED_COLUMNS if named else _Asks.COLUMNS if columns else _Asks.OBJECTS
        _known[statement] = asks
    return asks
