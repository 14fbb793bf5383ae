"""学习培训登记: one member's year of hours, as paper and as a file."""

from collections.abc import Sequence

from app.core.i18n import gettext as _
from app.core.tables import Cell, Table
from app.features.education.rules import MINUTES, HoursClass, Taken, once
from app.features.study.hours.queries import Sums


def register(entries: Sequence[Taken], sums: Sums) -> list[Table]:
    """Every confirmed entry by day, and the sums of each class. Of the same hours one entry counts."""
    confirmed = [one for one in entries if one.confirmed_by]
    kept = set(once([one.entry for one in confirmed]))
    headings = (
        _("Day"),
        _("Content"),
        _("Form"),
        _("Category"),
        _("Education hours"),
        _("Held by"),
        _("Confirmed by"),
    )
    rows = [_row(one, counts=place in kept) for place, one in enumerate(confirmed)]
    totals = [(str(kind.label), tenths(sums.minutes[kind])) for kind in HoursClass]
    return [
        Table(_("Register of study and training"), headings, rows),
        Table(
            _("Sums of the year"),
            (_("Category"), _("Education hours")),
            [*totals, (_("counted"), tenths(sums.counted))],
        ),
    ]


def tenths(minutes: int) -> float:
    """Hours rounded down to a tenth, as the member's own page says them."""
    return minutes * 10 // MINUTES / 10


def _row(one: Taken, *, counts: bool) -> Sequence[Cell]:
    entry = one.entry
    hours: Cell = tenths(entry.minutes) if counts else _("the same hours once")
    return (
        entry.day,
        entry.title or one.form,
        one.form,
        str(entry.hours_class.label),
        hours,
        one.organiser,
        one.confirmed_by,
    )
