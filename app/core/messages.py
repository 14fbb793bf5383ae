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
    """The same read again; nothing where somebody has changed it: a cookie is whatever a browser sends."""
    try:
        match json.loads(cookie):
            case {"text": str(text), "undo": {"to": str(to), "label": str(label), "sends": dict(sends)}}:
                words = {str(name): value for name, value in sends.items() if isinstance(value, str)}
                return (text, Undo(to, label, words)) if is_own_path(to) and words == sends else (None, None)
            case {"text": str(text), **others} if not others:
                return text, None
    except (ValueError, RecursionError):
        pass
    return None, None


def is_own_path(address: str) -> bool:
    """Whether ``address`` leads to a page of this house, however a browser reads it."""
    is_local = address.startswith("/") and not address.startswith("//")
    return is_local and address.isprintable() and "\\" not in address  # a backslash is read as a slash, tabs not at all
