"""The branch-local day of a moment inside a statement, which each engine says in its own words."""

from datetime import date
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.core import clock


class LocalDay(FunctionElement[date]):
    """The day of a moment by the clocks of this installation, as ``clock.local_day`` has it outside of statements."""

    name = "local_day"
    type = Date()
    inherit_cache = True


def in_words(dialect: str, moment: str) -> str:
    """The same as text, for triggers. SQLite knows no zones: there the year's first difference from UTC counts."""
    if dialect == "postgresql":
        return f"CAST(timezone('{clock.zone().key}', {moment}) AS DATE)"
    ahead = clock.midnight(clock.today().replace(month=1, day=1)).utcoffset()
    minutes = int(ahead.total_seconds() // 60) if ahead else 0
    return f"date({moment}, '{minutes:+d} minutes')"


@compiles(LocalDay)
def _compile(element: LocalDay, compiler: SQLCompiler, **words: Any) -> str:
    (moment,) = element.clauses
    return in_words(compiler.dialect.name, compiler.process(moment, **words))
