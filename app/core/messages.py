"""What a page says was done, and how it is taken back."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Undo(NamedTuple):
    """How what was just done is taken back: a form with one button, beside the sentence that says what was done."""

    to: str
    """The address it is sent to."""
    label: str
    sends: Mapping[str, str] = {}


def told(message: str, undo: Undo | None) -> dict[str, Any]:
    """What was done, as JSON: for the next page, and for the script of this one."""
    return {"text": message} | ({"undo": undo._asdict()} if undo else {})


def left(cookie: str) -> tuple[str | None, Undo | None]:
    """The same read again; nothing where somebody has changed it."""
    try:
        told = json.loads(cookie)
        return str(told["text"]), Undo(**told["undo"]) if "undo" in told else None
    except (ValueError, TypeError, KeyError):
        return None, None
