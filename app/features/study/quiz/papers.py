"""The usual form 测试情况: numbers of each quiz, and of no person. Source: domain, study §8."""

from sqlalchemy.orm import Session

from app.core import clock
from app.core.formats import short_day
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table
from app.features.education.rules import SMALL_CELL
from app.features.members.actor import Actor
from app.features.study.quiz import queries
from app.features.study.quiz.models import Quiz


def register(session: Session, actor: Actor) -> Table:
    """The quizzes of the actor's branch; of one that is still open, nothing of what came out."""
    rows = [_row(session, of) for of in reversed(queries.of_branch(session, actor))]
    return Table("测试情况", ("名称", "时间", "应参加", "参加", "通过", "错得最多的题"), rows)


def _row(session: Session, of: Quiz) -> tuple[Cell, ...]:
    covered = queries.coverage(session, of)
    days = f"{short_day(clock.local_day(of.opens_at))}—{short_day(clock.local_day(of.closes_at))}"
    small = f"<{SMALL_CELL}"
    taken: Cell = small if covered.is_small else covered.taken
    if clock.now() <= of.closes_at:
        return (of.title, days, covered.asked, taken, "", "")
    missed = _("; ").join(f"{one.stem}（{one.missed}/{one.answers}）" for one in covered.missed)
    if covered.is_small:
        return (of.title, days, covered.asked, small, small, "")
    return (of.title, days, covered.asked, taken, covered.passed, missed)
