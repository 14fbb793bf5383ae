"""The usual form 测试情况: numbers of each quiz, and of no person. Source: domain, study §5 and §8."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock
from app.core.cells import SMALL_CELL
from app.core.formats import short_day
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table
from app.features.members.actor import Actor
from app.features.study.quiz import coverage, queries
from app.features.study.quiz.coverage import Coverage, Missed
from app.features.study.quiz.models import Quiz

_SMALL: Final = f"<{SMALL_CELL}"


def register(session: Session, actor: Actor) -> Table:
    """The quizzes that asked the actor's branch; of one that is still open, nothing of what came out."""
    quizzes = queries.of_branch(session, actor)
    covered = coverage.of_quizzes(session, quizzes, actor.branch_id)
    rows = [(of.title, _days(of), *_cells(of, covered[of.id])) for of in reversed(quizzes)]
    return Table("测试情况", ("名称", "时间", "应参加", "参加", "通过", "错得最多的题"), rows)


def of_branches(session: Session, of: Quiz) -> Sequence[Table]:
    """One quiz of a committee: each branch in order of name, and those together of which a number is shown."""
    found = coverage.of_all(session, of)
    said = [(name, *_cells(of, one)[:3]) for name, one in found.rows]
    total = _("All of those with a number") if found.left_out else _("All")
    headings = (_("Branch"), _("Asked to take part"), _("Took part"), _("Passed"))
    missed = _("; ").join(map(_missed, found.together.missed)) if _is_closed(of) else ""
    table = Table(_("Numbers of each branch"), headings, [*said, (total, *_cells(of, found.together)[:3])])
    return [table, Table(_("Missed most"), (_("Question"),), [(missed,)])] if missed else [table]


def _cells(of: Quiz, covered: Coverage) -> tuple[Cell, Cell, Cell, Cell]:
    if covered.is_small:
        return (covered.asked, _SMALL, _SMALL if _is_closed(of) else "", "")
    if not _is_closed(of):
        return (covered.asked, covered.taken, "", "")
    return (covered.asked, covered.taken, covered.passed, _("; ").join(map(_missed, covered.missed)))


def _missed(one: Missed) -> str:
    return f"{one.stem}（{one.missed}/{one.answers}）"


def _is_closed(of: Quiz) -> bool:
    return clock.now() > of.closes_at


def _days(of: Quiz) -> str:
    return f"{short_day(clock.local_day(of.opens_at))}—{short_day(clock.local_day(of.closes_at))}"
