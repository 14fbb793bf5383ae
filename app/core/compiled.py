"""The texts of statements, found without hashing what the statements are made of."""

from threading import Lock
from typing import Any, Final

from sqlalchemy import Compiled

MOST: Final = 1500
"""Texts that an engine keeps, 15 kB each. The house builds a thousand statements once; the others take turns."""
_Key = tuple[Any, ...]


class Texts(dict[_Key, Compiled]):
    """An engine's ``compiled_cache``. A statement that is built once has one key for ever, and is known by that.

    A key says all that a statement is made of: to hash it costs a quarter of an execution (decision 0067). Whether two
    keys are one object is seen at once; keys of statements that are built each time are hashed as ever.
    """

    def __init__(self, most: int = MOST) -> None:
        """Empty; ``most`` texts will be kept."""
        super().__init__()
        self._most = most
        self._same: dict[int, tuple[_Key, Compiled]] = {}
        self._lock = Lock()

    def get(self, key: _Key, default: Any = None) -> Any:
        """The text kept for ``key``."""
        known = self._same.get(id(key[1]))
        return known[1] if known and known[0] == key else super().get(key, default)

    def __setitem__(self, key: _Key, text: Compiled) -> None:
        """Keep ``text``, and where there are more than ``most``, the oldest one no longer."""
        with self._lock:
            if key in self:
                return  # another thread was faster
            super().__setitem__(key, text)
            self._same[id(key[1])] = key, text
            if len(self) > self._most:
                oldest = next(iter(self))
                del self[oldest]
                if self._same[id(oldest[1])][0] is oldest:
                    del self._same[id(oldest[1])]
