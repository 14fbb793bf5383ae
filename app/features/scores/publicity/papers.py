"""A publicity as rows of paper and file, and the days it names."""

from collections.abc import Iterator, Sequence

from app.core import formats
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.tables import Cell, Table
from app.features.scores.publicity.content import ShownPerson, dates
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import Period


def table(asked: Period, name: str, people: Sequence[ShownPerson]) -> Table:
    """A row for each person and fact."""
    headings = (_("Group"), _("Name"), _("What was recorded"), _("Dates"), _("How many"))
    return Table(name, headings, [row for person in people for row in _rows(person, asked.year)])


def _rows(person: ShownPerson, year: int) -> Iterator[Sequence[Cell]]:
    if not person.lines:
        yield (person.group, person.name, _("Nothing recorded"), "", "")
    for line in person.lines:
        yield (person.group, person.name, str(line.fact), dates(line.days, year), line.amount)


def last_days(found: Publicity, *, on_paper: bool = False) -> list[tuple[str, str]]:
    """Until when it is shown, until when people object, and to whom. Paper names the year: it is read in others."""
    told: list[tuple[str, str]] = []
    year = 1 if on_paper else None
    if found.opened_on and found.ends_on and (until := found.objections_until):
        span = ngettext(
            "%(first)s – %(last)s (%(n)s working day)", "%(first)s – %(last)s (%(n)s working days)", found.working_days
        )
        said = {
            "first": formats.short_day(found.opened_on, year),
            "last": formats.short_day(found.ends_on, year),
            "n": found.working_days,
        }
        told = [
            (_("Publicised"), span % said),
            (_("Objections until"), formats.short_day(until, 1) if on_paper else formats.day(until)),
        ]
    return [*told, (_("Objections to"), " ".join(filter(None, (found.reception, found.phone))))]


def head(found: Publicity) -> list[tuple[str, str]]:
    """Where the chain of the branch ended, as ``sanliang ledger verify --against`` takes it."""
    return [(_("End of the branch's ledger"), found.head.whole)] if found.heads else []
