"""The list and the summary of a month as a file."""

from collections.abc import Iterator, Sequence
from datetime import date

from app.core import formats
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.wishes.reports.queries import Listed, Summary
from app.features.wishes.reports.rules import COUNTED


def month_file(month: date, wishes: Sequence[Listed], summary: Summary) -> bytes:
    """An XLSX file with the wishes of a month, where there are any to be seen, and the numbers of its communities."""
    headings = (
        _("Community"),
        _("Code"),
        _("Wish"),
        _("Need"),
        _("Category"),
        _("Service or goods"),
        _("Estimate in yuan"),
        _("Wanted by"),
        _("Stood at the end of the month"),
        *(str(label) for label in COUNTED.values()),
    )
    listed = Table(_("Wishes of the month"), headings, [_row(wish) for wish in wishes])
    counted = Table(
        _("Summary"),
        (_("Community"), *(str(label) for label in COUNTED.values())),
        list(_numbers(month, summary)),
    )
    return write_tables([counted, listed] if wishes else [counted])


def _row(wish: Listed) -> Sequence[Cell]:
    return (
        wish.community,
        wish.code,
        *(_text(wish) if wish.is_on_the_board else (None,) * 6),
        str(wish.status.label),
        *(wish.steps[step].isoformat() if step in wish.steps else None for step in COUNTED),
    )


def _text(wish: Listed) -> Sequence[Cell]:
    return (
        wish.title,
        wish.need,
        str(wish.category.label),
        str(wish.kind.label),
        wish.yuan,
        wish.wanted_by.isoformat() if wish.wanted_by else None,
    )


def _numbers(month: date, summary: Summary) -> Iterator[Sequence[Cell]]:
    for line in summary.lines:
        yield (line.community, *line.numbers)
    yield (_("All, %(month)s") % {"month": formats.month(month)}, *summary.totals)
