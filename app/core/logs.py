"""The log: one JSON object a line, and no personal data in it."""

import json
import logging
import re
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

REQUEST: ContextVar[Mapping[str, str]] = ContextVar("request", default=MappingProxyType({}))
"""By what the present request is found again: its id, and the ``traceparent`` that came with it, if one did."""
_TRACEPARENT: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, version 00 and later ones that look alike."""

_DETAIL: Final = re.compile(r"^DETAIL:.*?(?=^\[SQL|^CONTEXT:|\Z)", re.MULTILINE | re.DOTALL)
"""PostgreSQL quotes the values of a broken constraint here; one may have several lines."""
_INPUT: Final = re.compile(r"input_value=.*, input_type=")
"""Pydantic quotes what it could not read."""


class JsonLines(logging.Formatter):
    """One JSON object a line; only fields that were named on purpose, so no personal data slips in."""

    FIELDS: Final = ("request_id", "method", "route", "status", "ms", "statement")

    def format(self, record: logging.LogRecord) -> str:
        """The line for ``record``."""
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
        }
        line |= REQUEST.get()
        line |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            trace = _DETAIL.sub("DETAIL: (left out)\n", self.formatException(record.exc_info))
            line["trace"] = _INPUT.sub("input_value=(left out), input_type=", trace)
        return json.dumps(line, ensure_ascii=False)


def begin_request(request_id: str, traceparent: str | None) -> None:
    """Every line from here on, to the end of the request, names it."""
    named = {"request_id": request_id}
    if traceparent and _TRACEPARENT.fullmatch(traceparent):
        named["traceparent"] = traceparent
    REQUEST.set(named)


class WithoutRepetition(logging.Filter):
    """Leaves out the server's own trace of a fault: ours, with the request's id, stands just before it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether ``record`` says something new."""
        return not record.getMessage().startswith("Exception in ASGI application")
