"""The yearly sheet of pledges 承诺践诺表 as a file: the same rows and words as on the page."""

from collections.abc import Iterator, Sequence

from app.core.formats import day
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.shows.pledges.calendar import QUARTERS
from app.features.shows.pledges.view import ShownPledge
from app.features.shows.wall.queries import Promise


def promises_file(promises: Sequence[Promise], without: Sequence[str]) -> bytes:
    """An XLSX file: a row for each pledge, and on a second sheet who has none."""
    tables = [Table(_("Pledges and how they were kept"), _headings(), [row for one in promises for row in _rows(one)])]
    if without:
        tables.append(Table(_("None yet"), (_("Name"),), [(name,) for name in without]))
    return write_tables(tables)


def _headings() -> Sequence[str]:
    return (
        _("Group"),
        _("Name"),
        _("Working post"),
        _("Side"),
        _("Pledge"),
        _("Evidence of completion"),
        _("Due"),
        _("Approved"),
        *(_("Q%(n)s") % {"n": quarter} for quarter in QUARTERS),
        _("How it ended"),
        _("In one sentence"),
        _("State"),
    )


def _rows(promise: Promise) -> Iterator[Sequence[Cell]]:
    for pledge in promise.pledges:
        yield (
            promise.group_name,
            promise.name,
            promise.post,
            str(pledge.side.label),
            pledge.text,
            pledge.sign,
            pledge.due_on,
            _approval(pledge),
            *(str(said.label) if (said := pledge.marks.get(quarter)) else None for quarter in QUARTERS),
            str(pledge.outcome_label) or None,
            pledge.said,
            str(pledge.state_label),
        )


def _approval(pledge: ShownPledge) -> str | None:
    if pledge.decided_on is None or not pledge.is_approved:
        return None
    return f"{pledge.decided_by} {day(pledge.decided_on)}"
