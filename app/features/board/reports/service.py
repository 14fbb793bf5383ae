"""A report is given out once, with the numbers of that moment."""

from typing import Final, cast
from uuid import UUID, uuid5

from sqlalchemy import Table
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import gettext as _
from app.core.rows import put_once
from app.features.board.reports import counting, queries
from app.features.board.reports.models import StudyReport
from app.features.board.reports.rules import GivenOutError, NamesSomebodyError, check_over, check_roles
from app.features.members import audit
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.private.naming import has_number
from app.features.scores.publicity.rules import Period

_REPORTS: Final = cast(Table, StudyReport.__table__)
_SHORTEST_NAME: Final = 2
"""Signs: one alone stands in too many words."""


def give_out(session: Session, actor: Actor, asked: Period, *, remark: str | None) -> None:
    """Give out the report of the actor's branch. Nothing counts by it, so one officer is enough; it stays as it is.

    Raises:
        NotGiverError: the actor holds none of the posts that do it.
        NamesSomebodyError: the remark has the name of a member of the branch, or a number that reaches somebody.
        GivenOutError: it was given out already, with another remark.
    """
    check_roles(actor.roles)
    check_over(asked, clock.today())
    _check_remark(session, actor, remark or "")
    numbers = counting.numbers(session, actor.branch_id, asked)
    row = {
        "id": uuid5(actor.branch_id, f"study-report/{asked.path}"),
        "branch_id": actor.branch_id,
        "year": asked.year,
        "quarter": asked.quarter,
        "remark": remark,
        "numbers": queries.written(numbers),
        "given_by_id": actor.member_id,
        "given_at": clock.now(),
    }
    standing = queries.report(session, actor.branch_id, asked)  # where writers wait for one another, this decides
    if not standing and put_once(session, _REPORTS, [row]):
        whose = audit.Subject(f"{actor.branch_name} {asked.words}", cast(UUID, row["id"]), actor.branch_id)
        audit.record(session, actor.member_id, AuditAction.REPORT_GIVEN, whose)
        return
    standing = standing or queries.report(session, actor.branch_id, asked)
    if standing is None or (remark and standing.remark != remark):
        raise GivenOutError


def _check_remark(session: Session, actor: Actor, remark: str) -> None:
    names = {one.name for one in members.branch_members(session, actor.branch_id)}
    for name in sorted(names):
        if len(name) >= _SHORTEST_NAME and name in remark:
            raise NamesSomebodyError(name=name)
    if has_number(remark):
        raise NamesSomebodyError(name=_("a telephone number"))
