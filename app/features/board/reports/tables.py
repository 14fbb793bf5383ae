"""A report as lines, and the reports of branches as a table: the same on the page, on paper and as a file."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.tables import Table
from app.features.board.reports.rules import FEW, NONE, Cell, Numbers, sums, upward
from app.features.education.rules import SMALL_CELL
from app.features.members.queries import AnyRow


def lines(numbers: Numbers) -> list[tuple[str, str]]:
    """What the branch reads: label and words."""
    planned, received = numbers.planned, numbers.confirmed
    reasons = _("; ").join(f"{kind.label} {number}" for kind, number in numbers.reasons)
    missed = _("; ").join(f"{one.stem}（{one.missed}/{one.answers}）" for one in numbers.missed)
    is_few = bool(numbers.quizzes) and numbers.taken.people < SMALL_CELL
    return [
        (_("Items of the plan held"), f"{planned[0]}/{planned[1]}" if planned else _("no plan")),
        (_("Study sessions held"), str(numbers.sessions)),
        (_("Present on average"), numbers.present.words),
        (_("Study records received"), str(received.whole)),
        (_("Confirmed"), f"{received.part}/{received.whole}"),
        (_("Returned"), f"{numbers.returned.part}/{received.whole}"),
        (_("Commonest reasons"), reasons or NONE),
        (_("Quizzes held"), str(numbers.quizzes)),
        (_("Took part"), FEW if is_few else numbers.taken.words),
        (_("Passed, of those"), FEW if is_few else numbers.passed.words),
        (_("Missed most"), missed or NONE),
        (_("Members with the hours due"), numbers.on_track.words),
        (_("Meetings made up for"), str(numbers.made_up)),
    ]


def columns() -> list[str]:
    """Of the table of branches, in the order of ``rules.upward``."""
    return [
        _("Plan held"),
        _("Sessions"),
        _("Present"),
        _("Records"),
        _("Confirmed"),
        _("Returned"),
        _("Quizzes"),
        _("Took part"),
        _("Passed"),
        _("Hours due"),
        _("Made up for"),
    ]


def of_branch(numbers: Numbers, remark: str | None) -> Table:
    """质量报告 of one branch, to print and as a file."""
    rows = [*lines(numbers), *([(_("Remark"), remark)] if remark else [])]
    return Table(_("Report of study"), (_("What"), _("How many")), rows)


def rows_above(branches: Sequence[AnyRow], found: Mapping[UUID, Numbers]) -> list[tuple[str, list[Cell] | None]]:
    """A row for each of these branches (``id, name``), in their order; ``None``: nothing is given out yet."""
    return [(branch.name, upward(found[branch.id]) if branch.id in found else None) for branch in branches]


def sum_line(rows: Sequence[tuple[str, list[Cell] | None]]) -> list[str]:
    """The sums below them, of what is shown; none of a single branch."""
    given = [cells for _name, cells in rows if cells]
    return sums(given) if len(given) > 1 else []


def above(rows: Sequence[tuple[str, list[Cell] | None]]) -> Table:
    """The same to print and as a file."""
    headings = columns()
    body = [
        (name, *([cell.words for cell in cells] if cells else [_("not given out yet"), *[""] * (len(headings) - 1)]))
        for name, cells in rows
    ]
    if total := sum_line(rows):
        body.append((_("Sum of what is shown"), *total))
    return Table(_("Study of the branches"), (_("Branch"), *headings), body)


def given_words(rows: Sequence[tuple[str, list[Cell] | None]]) -> str:
    """How many of these branches have given out theirs, in words."""
    number = sum(cells is not None for _name, cells in rows)
    said = ngettext(
        "%(n)s of %(all)s branch has given out its report.",
        "%(n)s of %(all)s branches have given theirs out.",
        len(rows),
    )
    return said % {"n": number, "all": len(rows)}
