"""What the first branch brought in from other systems: a list of courses, and totals of which the last still wait."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from functools import partial
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock
from app.core.tables import Cell
from app.demo.calendar import working_day
from app.demo.happenings import Span, Step
from app.demo.matters import COURSES
from app.demo.people import Branch
from app.features.education.rules import HoursClass
from app.features.imports import columns, service
from app.features.imports.lists import Placed
from app.features.study.lists import profiles
from app.features.study.lists import service as lists
from app.features.study.lists.listing import HOURS
from app.features.study.lists.mapping import Column

OF_COURSES: Final = ("姓名", "手机号", "完成日期", "课程名称", "学时", "积分")
OF_TOTALS: Final = ("姓名", "统计月份", "累计学习时长(分钟)", "累计积分", "排名")
COURSES_BROUGHT: Final = timedelta(days=40)
TOTALS_BROUGHT: Final = (timedelta(days=75), timedelta(days=3))
"""How long before today; the last one waits for another officer."""
CONFIRMED_AFTER: Final = 2
"""Days."""


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is done on which day."""
    found: dict[date, list[Step]] = defaultdict(list)
    if branch.number != 1:
        return found
    brought = [(COURSES_BROUGHT, _of_courses), *((ago, _of_totals) for ago in TOTALS_BROUGHT)]
    for ago, bring in brought:
        day = working_day(span.until - ago)
        if span.since <= day <= span.until:
            found[day].append(partial(bring, branch=branch, day=day, is_last=ago == TOTALS_BROUGHT[-1]))
    return found


def _of_courses(session: Session, *, branch: Branch, day: date, is_last: bool) -> None:
    chance = Random(f"courses of branch {branch.number}")  # noqa: S311 - chance, no secret
    rows: list[Sequence[Cell]] = []
    for one in branch.everybody:
        if not one.exemption:
            done = day - timedelta(days=chance.randint(3, 30))
            rows.append((one.name, one.phone, done, chance.choice(COURSES), chance.choice((1, 1.5, 2)), 5))
    said = profiles.ListChoices("干部网络学院", HoursClass.NETWORK, is_cumulative=False)
    means = (Column.NAME, Column.PHONE, Column.DAY, Column.TITLE, Column.HOURS)
    _bring(session, branch, day, (OF_COURSES, *rows), means=means, said=said, is_last=is_last)


def _of_totals(session: Session, *, branch: Branch, day: date, is_last: bool) -> None:
    month = f"{day.year}-{day.month:02}"
    rows: list[Sequence[Cell]] = []
    for place, one in enumerate(branch.everybody):
        if not one.exemption:
            rows.append((one.name, month, 40 * day.month + 15 * (place % 5), 900 + place, place + 1))
    said = profiles.ListChoices("学习强国", HoursClass.NETWORK, is_cumulative=True)
    means = (Column.NAME, Column.DAY, Column.MINUTES)
    _bring(session, branch, day, (OF_TOTALS, *rows), means=means, said=said, is_last=is_last)


def _bring(
    session: Session,
    branch: Branch,
    day: date,
    rows: Iterable[Sequence[Cell]],
    *,
    means: Sequence[Column],
    said: profiles.ListChoices,
    is_last: bool,
) -> None:
    """The secretary brings it in; the deputy confirms it, and the deputy's own somebody else."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    actor = branch.actor(branch.secretary)
    with clock.standing_at(clock.at(day, time(9, 20))):
        table = service.table_of(HOURS, text.getvalue().encode())
        placed = Placed(actor.branch_id, {})
        name = f"{said.source}{day.month}月导出.csv"
        upload = service.keep_upload(session, actor, HOURS, file_name=name, table=table, placed=placed)
        header = service.about(HOURS, upload).header
        columns.settle(session, HOURS, upload, profiles.say(session, actor, upload, header, columns=means, new=said))
        service.confirm(session, actor, HOURS, upload_id=upload.id)
        list_id = upload.id
    if not is_last:
        at = clock.at(day + timedelta(days=CONFIRMED_AFTER), time(16, 30))
        with clock.standing_at(at):
            for officer in (branch.deputy, *branch.commissioners[:1]):
                lists.confirm(session, branch.actor(officer), list_id=list_id)
