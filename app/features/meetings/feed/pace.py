"""How often one address is read, and how many unknown ones one network asks for. Kept in memory: it is a courtesy.

What keeps strangers out is the secret; this keeps a program that has run wild from working the server.
"""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from app.core.errors import TooManyRequestsError
from app.core.i18n import lazy_gettext as _

HOUR: Final = timedelta(hours=1)
READS: Final = 60
"""Of one address in an hour and process; programs ask a few times a day."""
STRANGE: Final = 300
"""Unknown addresses from one network: an office behind one address whose people have renewed theirs."""
KEPT: Final = 10_000


class TooOftenError(TooManyRequestsError):
    """A program that asks again and again."""

    code = "calendar_too_often"
    message = _("This calendar is read too often. Please ask again in an hour.")


class Pace:
    """Moments of an hour, by whom they are of."""

    def __init__(self) -> None:
        self._moments: dict[str, deque[datetime]] = {}
        self._held = Lock()

    def count(self, whose: str, most: int, now: datetime) -> None:
        """Count one more.

        Raises:
            TooOftenError: there were ``most`` within the hour already.
        """
        with self._held:
            if len(self._moments) > KEPT:
                self._moments.clear()
            moments = self._moments.setdefault(whose, deque())
            while moments and now - moments[0] > HOUR:
                moments.popleft()
            if len(moments) >= most:
                raise TooOftenError
            moments.append(now)
