"""Statements that took long, in the log: their text, never the values that were asked with."""

import logging
import re
import time
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from app.core import metrics

log: Final = logging.getLogger("sanliang.database")
LONGEST: Final = 2000
"""As many characters of a statement are enough to know it by."""
_LITERAL: Final = re.compile(r"'(?:[^']|'')*'")
"""Values are sent apart from the statement; one that stands in it all the same is left out."""


def watch(engine: Engine, limit_s: float) -> None:
    """Log each statement of ``engine`` that takes longer than ``limit_s`` seconds; of SQLite, until its first row."""

    @event.listens_for(engine, "before_cursor_execute")
    def _began(connection: Connection, *_asked: Any) -> None:
        connection.info["began"] = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _ended(connection: Connection, _cursor: object, statement: str, *_asked: Any) -> None:
        took_s = time.perf_counter() - connection.info["began"]
        if took_s > limit_s:
            if count := metrics.slow_statements():
                count()
            log.warning("slow statement", extra={"ms": round(took_s * 1000, 1), "statement": shown(statement)})


def shown(statement: str) -> str:
    """The statement on one line, without what stands in quotes."""
    return _LITERAL.sub("'…'", " ".join(statement.split()))[:LONGEST]
