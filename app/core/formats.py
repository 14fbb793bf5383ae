"""Numbers and days as people read them; machine forms stay ISO."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date

from app.core import clock
from app.core.i18n import gettext as _
from app.core.i18n import language

_LEAP_YEAR = 2000
"""One that has every day of a year."""


def hundredths(value: int) -> str:
    """Integer hundredths as exact decimal text: ``750`` → ``7.5``, ``-200`` → ``-2``."""
    whole, rest = divmod(abs(value), 100)
    sign = "-" if value < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest // 10}" if rest % 10 == 0 else f"{sign}{whole}.{rest:02}"


def signed_hundredths(value: int) -> str:
    """Integer hundredths with their sign (a true minus): ``20`` → ``+0.2``, ``-200`` → ``−2``."""
    return ("+" if value > 0 else "−" if value < 0 else "") + hundredths(abs(value))


def day(value: date) -> str:
    """``11月22日 星期日``; the year is added when it is not this one."""
    pattern = {"zh_CN": "M月d日 EEEE", "en": "EEEE d MMMM"}[language()]
    if value.year != clock.today().year:
        pattern = {"zh_CN": "y年M月d日", "en": "d MMMM y"}[language()]
    return _written(value, pattern, language())


def short_day(value: date, year: int | None = None) -> str:
    """``11月22日`` or ``22 Nov``; with the year when it is not this one, or not the ``year`` that is spoken of."""
    this_year = value.year == (year or clock.today().year)
    pattern = {"zh_CN": "M月d日" if this_year else "y年M月d日", "en": "d MMM" if this_year else "d MMM y"}[language()]
    return _written(value, pattern, language())


def time_of_day(value: datetime) -> str:
    """``08:12`` on the branch's clocks."""
    return clock.local_time(value).strftime("%H:%M")


def moment(value: datetime) -> str:
    """``今天 08:12``, ``昨天 15:02`` or ``11月20日 15:02`` on the branch's clocks."""
    that_day = clock.local_day(value)
    age = (clock.today() - that_day).days
    label = {0: _("today"), 1: _("yesterday")}.get(age) or short_day(that_day)
    return f"{label} {time_of_day(value)}"


def stamp(value: datetime) -> str:
    """``2026年11月22日 15:02`` for paper, which is read on another day."""
    pattern = {"zh_CN": "y年M月d日", "en": "d MMM y"}[language()]
    return f"{_written(clock.local_day(value), pattern, language())} {time_of_day(value)}"


def weekday(value: date) -> str:
    """``周日`` or ``Sun``."""
    return _written(value, "EEE", language())


def month(value: date) -> str:
    """``2026年11月`` or ``November 2026``."""
    pattern = {"zh_CN": "y年M月", "en": "MMMM y"}[language()]
    return _written(value, pattern, language())


def partial_date(value: str | None) -> str:
    """A day of which perhaps only the year or month is known: ``1998-07`` → ``1998年7月``, ``July 1998``."""
    if not value:
        return ""
    parts = value.split("-")
    if language() == "zh_CN":
        return "".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    whole = date(*(int(part) for part in (*parts, "1", "1")[:3]))
    return _written(whole, ("y", "MMMM y", "d MMMM y")[len(parts) - 1], language())


def day_of_year(month: int, day: int) -> str:
    """``7月1日`` or ``1 July``: a day that comes every year."""
    return _written(date(_LEAP_YEAR, month, day), {"zh_CN": "M月d日", "en": "d MMMM"}[language()], language())


@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, name: str) -> str:
    """Babel looks a language up among all it knows, 0.4 ms each time; pages write the same few days again and again."""
    return format_date(value, pattern, locale=name)


FILTERS = {
    "local_day": clock.local_day,
    "hundredths": hundredths,
    "signed": signed_hundredths,
    "day": day,
    "short_day": short_day,
    "time_of_day": time_of_day,
    "moment": moment,
    "stamp": stamp,
    "month": month,
    "weekday": weekday,
    "partial_date": partial_date,
}
