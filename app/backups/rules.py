"""What backups are called and which are kept, what keeps one from being made, and how far one is."""

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final

from app.core.clock import local_day
from app.core.errors import AppError


class CannotError(AppError):
    """It cannot go on; the sentence says what to do."""

    code = "backup"


DAYS_KEPT: Final = 14
WEEKS_KEPT: Final = 8
_FORM: Final = "sanliang-%Y%m%d-%H%M%S-%f"
_NAME: Final = re.compile(r"sanliang-\d{8}-\d{6}-\d{6}")


def name_of(moment: datetime) -> str:
    """What the backup of an aware ``moment`` is called: by UTC, so that names sort as time does."""
    return moment.astimezone(UTC).strftime(_FORM)


def moment_of(name: str) -> datetime | None:
    """When the backup called ``name`` was made, aware; ``None`` where it is no name of one."""
    return datetime.strptime(name, _FORM).replace(tzinfo=UTC) if _NAME.fullmatch(name) else None


def kept(moments: Collection[datetime], *, days: int, weeks: int) -> set[datetime]:
    """Those of ``moments`` (aware) that stay: the newest of each of the last days and weeks that have one.

    Counted are branch-local days with a backup and weeks from Monday with one, so that a standstill costs none. The
    newest of all stays in any case.
    """
    newest_first = sorted(moments, reverse=True)
    stay = set(newest_first[:1])
    for most, part_of in ((days, local_day), (weeks, lambda moment: local_day(moment).isocalendar()[:2])):
        newest = {part_of(moment): moment for moment in reversed(newest_first)}
        stay |= set(sorted(newest.values(), reverse=True)[:most])
    return stay


Tell = Callable[[str, int, int | None], object]
"""What is being done, how much of it is done, and of how much if that is known."""


def adding_up(tell: Tell, words: str, total: int | None) -> Callable[[int], None]:
    """Tells of a sum, given each time by how much it grew."""
    done = 0

    def grown(more: int) -> None:
        nonlocal done
        done += more
        tell(words, done, total)

    return grown
