"""One spelling for one content: what is hashed to tell a replay from another act under the same id."""

import json
from hashlib import sha256
from typing import Any, Final

EXACT_FLOATS: Final = 2**53
"""Below this every whole number is the same as JSON integer and as JSON float."""


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; equal numbers (``1``, ``1.0``, ``1e0``) have one spelling.

    Raises:
        ValueError: something JSON or a database cannot hold: NaN, infinity, a NUL, half of a surrogate pair.
        TypeError: not a JSON value.
    """
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")  # a lone surrogate is a UnicodeEncodeError, which is a ValueError


def content_hash(*, kind: str, payload: Any, occurred_at: str) -> str:
    """SHA-256 over the canonical JSON of what an item says, as 64 hexadecimal digits.

    Raises:
        ValueError: see ``canonical``.
    """
    return sha256(canonical({"kind": kind, "payload": payload, "occurred_at": occurred_at})).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case str():
            if "\0" in value:
                raise ValueError("NUL in a text")
            return value
        case float() if value.is_integer() and abs(value) < EXACT_FLOATS:
            return int(value)
        case dict():
            return {_plain(key): _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value
