"""When a person may be reminded of something. Source: red line 7."""

from datetime import datetime, timedelta
from typing import Final

from app.core import clock
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.core.workdays import PUBLISHED, Calendar, is_working_day

EVERY: Final = timedelta(days=3)
"""At least this lies between two reminders of one item."""
FIRST_HOUR: Final = 8
LAST_HOUR: Final = 20
"""Reminders come from ``FIRST_HOUR`` to before ``LAST_HOUR``, branch-local."""
KEPT: Final = timedelta(days=60)
"""How long a reminder is kept after it came; one of a matter that is still due comes again long before."""
SILENCE_KEPT: Final = timedelta(days=400)
"""How long it is remembered that somebody wants to hear no more of an item: longer than any item is due."""
SOURCE_LENGTH: Final = 40
ADDRESS_LENGTH: Final = 200


class ReminderState(Word):
    """What became of the last reminder of an item. When it was put aside is not kept (red line 2)."""

    SHOWN = "shown", _("shown")
    PUT_ASIDE = "put_aside", _("put aside")  # by the person; the next one may come
    SILENCED = "silenced", _("silenced")  # by the person; no more of this item
    SETTLED = "settled", _("settled")  # there is nothing to do any more


def is_polite(moment: datetime, calendar: Calendar = PUBLISHED) -> bool:
    """Whether people may be reminded at the aware ``moment``: by day, and on a working day."""
    local = clock.local_time(moment)
    return FIRST_HOUR <= local.hour < LAST_HOUR and is_working_day(local.date(), calendar)


def may_remind(moment: datetime, *, last: datetime | None, calendar: Calendar = PUBLISHED) -> bool:
    """Whether ``moment`` is a time for a reminder of an item of which the ``last`` one came then, or never."""
    return is_polite(moment, calendar) and (last is None or moment - last >= EVERY)
