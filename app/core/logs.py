"""The log: one JSON object a line, and no personal data in it."""

import json
import logging
import re
from typing import Final

_DETAIL: Final = re.compile(r"^DETAIL:.*$", re.MULTILINE)
"""PostgreSQL quotes the values of a broken constraint in this line."""
_INPUT: Final = re.compile(r"input_value=.*, input_type=")
"""Pydantic quotes what it could not read."""


class JsonLines(logging.Formatter):
    """One JSON object a line; only fields that were named on purpose, so no personal data slips in."""

    FIELDS: Final = ("request_id", "method", "route", "status", "ms")

    def format(self, record: logging.LogRecord) -> str:
        """The line for ``record``."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            trace = _DETAIL.sub("DETAIL: (left out)", self.formatException(record.exc_info))
            line["trace"] = _INPUT.sub("input_value=(left out), input_type=", trace)
        return json.dumps(line, ensure_ascii=False)


class WithoutRepetition(logging.Filter):
    """Leaves out the server's own trace of a fault: ours, with the request's id, stands just before it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether ``record`` says something new."""
        return not record.getMessage().startswith("Exception in ASGI application")
