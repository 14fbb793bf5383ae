"""Sessions that ask for columns without the ORM: most of what pages ask is columns, and no object is made of them."""

from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import QueryableAttribute, Session

_ASKS_COLUMNS: Final[WeakKeyDictionary[Select[Any], bool]] = WeakKeyDictionary()


class ColumnSession(Session):
    """A session whose statements go to the core where they ask for columns alone.

    The rows are the same. What falls away is the ORM's preparing of each execution and of each result, which was a
    quarter of the page of today (bench/README.md). A statement that asks for objects, or says how it is executed, goes
    the usual way.
    """

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """See ``Session.execute``."""
        if options or not _asks_columns(statement):
            return super().execute(statement, params, **options)
        return self.connection().execute(statement, params)

    def scalars(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """See ``Session.scalars``."""
        if options or not _asks_columns(statement):
            return super().scalars(statement, params, **options)
        return self.connection().scalars(statement, params)

    def scalar(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """See ``Session.scalar``."""
        if options or not _asks_columns(statement):
            return super().scalar(statement, params, **options)
        return self.connection().scalar(statement, params)


def _asks_columns(statement: Any) -> bool:
    if type(statement) is not Select:
        return False
    asks = _ASKS_COLUMNS.get(statement)
    if asks is None:
        columns = statement.column_descriptions
        asks = all(isinstance(column["expr"], ColumnElement | QueryableAttribute) for column in columns)
        _ASKS_COLUMNS[statement] = asks
    return asks
