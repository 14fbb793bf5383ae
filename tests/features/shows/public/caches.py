"""A small shared cache between a visitor and the server, as a proxy or a browser has one. It does what headers say.

Source: RFC 9111. It keeps answers to GET, apart by what ``Vary`` names, unless ``no-store``; uses a fresh one without
asking; asks with the ETag about one that is ``no-cache`` or stale; keeps only what the server still stands for; and,
when the server cannot be reached, serves an old answer unless it is told not to.
"""

from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient


class NobodyAnswersError(Exception):
    """The server cannot be reached."""


@dataclass
class Cache:
    """Wraps a client. ``asked`` counts the questions that reached the server."""

    client: TestClient
    asked: int = 0
    reaches_server: bool = True
    _kept: dict[str, tuple[dict[str, str], Any]] = field(default_factory=dict)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Any:
        """The answer a visitor behind this cache gets, and whether it came out of the cache alone is in ``asked``."""
        headers = headers or {}
        kept = self._kept_for(path, headers)
        if kept is not None and _max_age(kept) > 0 and "no-cache" not in _orders(kept):
            return kept
        try:
            answer = self._ask(path, headers, kept)
        except NobodyAnswersError:
            if kept is None or {"no-cache", "must-revalidate"} & _orders(kept):
                raise
            return kept
        if answer.status_code == 304:
            return kept
        self._kept.pop(path, None)
        if answer.status_code == 200 and "no-store" not in _orders(answer):
            varied = {name.strip().lower() for name in answer.headers.get("vary", "").split(",") if name.strip()}
            self._kept[path] = ({name: headers.get(name, "") for name in varied}, answer)
        return answer

    def _kept_for(self, path: str, headers: dict[str, str]) -> Any:
        varied, answer = self._kept.get(path, ({}, None))
        return answer if all(headers.get(name, "") == value for name, value in varied.items()) else None

    def _ask(self, path: str, headers: dict[str, str], kept: Any) -> Any:
        if not self.reaches_server:
            raise NobodyAnswersError
        self.asked += 1
        condition = {"If-None-Match": kept.headers["etag"]} if kept is not None and "etag" in kept.headers else {}
        return self.client.get(path, headers=headers | condition)


def _orders(answer: Any) -> set[str]:
    return {order.strip().split("=")[0] for order in answer.headers.get("cache-control", "").split(",")}


def _max_age(answer: Any) -> int:
    orders = answer.headers.get("cache-control", "").replace(" ", "").split(",")
    return max((int(order.split("=")[1]) for order in orders if order.startswith("max-age=")), default=0)
