"""How often machines ask, by whom they are of. Kept in memory, an hour a process: it is a courtesy.

What keeps strangers out is the secret; this keeps a program that has run wild from working the server.
"""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from app.core.errors import TooManyRequestsError

HOUR: Final = timedelta(hours=1)
KEPT: Final = 10_000


class Pace:
    """Moments of an hour, by whom they are of."""

    def __init__(self, refusal: type[TooManyRequestsError] = TooManyRequestsError) -> None:
        """``refusal`` is what whoever asks too often is told."""
        self._refusal = refusal
        self._moments: dict[str, deque[datetime]] = {}
        self._held = Lock()

    def count(self, whose: str, most: int, now: datetime) -> None:
        """Count one more.

        Raises:
            TooManyRequestsError: there were ``most`` within the hour already.
        """
        with self._held:
            if len(self._moments) > KEPT:
                self._moments.clear()
            moments = self._moments.setdefault(whose, deque())
            while moments and now - moments[0] > HOUR:
                moments.popleft()
            if len(moments) >= most:
                raise self._refusal
            moments.append(now)
