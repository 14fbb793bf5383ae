"""The study plans of the year: the branch's of each month with its materials, the committee's, and what is adopted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from functools import partial
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock, ids
from app.core.ids import new_id
from app.core.tables import Table, write_tables
from app.demo.calendar import months, working_day
from app.demo.happenings import Span, Step
from app.demo.matters import QUIZ_QUESTIONS, STUDY_TITLES
from app.demo.people import Branch, Person
from app.features.members import powers
from app.features.members.rules import Role
from app.features.study.materials import service as materials
from app.features.study.materials.rules import NewFile, NewMaterial
from app.features.study.plan import queries, service
from app.features.study.plan.rules import NewItem
from app.features.study.rules import StudyKind

AT: Final = time(10, 40)
ADOPTED_AT: Final = time(15, 20)
ADOPTED_MONTHS: Final = 3
TEXTS: Final[Mapping[int, tuple[str, str]]] = {
    2: (
        "读原文的三个步骤",
        """先通读一遍，不求记住，只看它解决什么问题。

再挑与自己岗位有关的几条细读，把“应当”“可以”“不得”分清楚。

最后想一件最近的事：按规定应当怎么办，和当时的做法有什么不同。""",
    ),
    8: (
        "学条例先看哪几处",
        """一看总则：为什么定、管到谁。

二看程序：谁提出、谁决定、几天之内、怎么告知本人。

三看附则：从哪天起施行，以前的规定还算不算数。""",
    ),
    11: (
        "全年学习回顾提纲",
        """这一年学过的内容，只回顾三个问题：

哪一条改变了自己的做法？

哪一条还没有弄懂，想在支部一起讨论？

明年最想学什么？不要求写材料，交流时说几句就行。""",
    ),
}
"""What is read in some months, by the month."""
SOURCE: Final = "本支部整理，支部内使用"


def steps(branch: Branch, span: Span) -> Mapping[date, Sequence[Step]]:
    """What is planned on which day: each month on the first working day after its meetings are planned."""
    found: dict[date, list[Step]] = defaultdict(list)
    for month in months(span.since, span.until):
        day = working_day(month.replace(day=2))
        if span.since <= day <= span.until:
            found[day].append(partial(_plan, branch=branch, month=month, day=day))
    return found


def _plan(session: Session, *, branch: Branch, month: date, day: date) -> None:
    planner = branch.actor(_planner(branch))
    with _at(branch, day, AT):
        studied = [STUDY_TITLES[(2 * month.month + n) % len(STUDY_TITLES)] for n in (0, 1)]
        news = [NewItem(title=title, kind=StudyKind.SELF_STUDY) for title in studied]
        meetings = queries.meetings_of(session, planner, branch.id, month)
        theme = next((row for row in meetings if "主题党日" in row.title), None)
        if theme:
            news.append(NewItem(title=f"集中学习{studied[0]}", kind=StudyKind.ORGANISED, event_id=theme.id))
        items = {new_id(): new for new in news}
        service.add(session, planner, owner_id=branch.id, month=month, news=items)
        for item_id, material in zip(items, _materials(month.month), strict=False):
            material_id = materials.add(session, planner, material_id=new_id(), owner_id=branch.id, new=material)
            service.attach(session, planner, item_id=item_id, material_id=material_id)


def _materials(month: int) -> Iterator[NewMaterial]:
    """A text in some months, and once a file: what the quiz asks, without its answers."""
    if month in TEXTS:
        title, body = TEXTS[month]
        yield NewMaterial(title=title, body=body, licence=SOURCE)
    if month == max(TEXTS):
        rows = [(stem, "；".join(options)) for _kind, stem, options, *_rest in QUIZ_QUESTIONS]
        file = NewFile("应知应会题目.xlsx", write_tables([Table("应知应会", ("题目", "选项"), rows)]))
        yield NewMaterial(title="应知应会题目", file=file, licence=SOURCE)


def lead(session: Session, above: Branch, root_id: UUID, span: Span) -> None:
    """The officer of the committee plans an item for each of the last months, with a link."""
    officer = next((one for one in above.officers if Role.COMMITTEE_OFFICER in one.roles), None)
    held = officer and powers.standing(session, officer.id)
    if not officer or not held:
        return
    planner = replace(above.actor(officer), leads=held.leads)
    link = NewMaterial(title="共产党员网党章党规专栏", address="https://www.12371.cn/", licence="公开网站，只给链接")
    for month in _last_months(span):
        with _at(above, month, AT):
            title = f"{month.month}月全委统一学习：{STUDY_TITLES[month.month % len(STUDY_TITLES)]}"
            item = {new_id(): NewItem(title=title, kind=StudyKind.ONLINE)}
            service.add(session, planner, owner_id=root_id, month=month, news=item)
            if month == _last_months(span)[-1]:
                material_id = materials.add(session, planner, material_id=new_id(), owner_id=root_id, new=link)
                service.attach(session, planner, item_id=next(iter(item)), material_id=material_id)


def adopt(session: Session, branch: Branch, root_id: UUID, span: Span) -> None:
    """The branch takes over what the committee offers, in all of those months but the first."""
    planner = branch.actor(_planner(branch))
    for month in _last_months(span)[1:]:
        with _at(branch, working_day(month.replace(day=3)), ADOPTED_AT):
            offered = [item.id for item in queries.of_month(session, [root_id], month)]
            service.bring(session, planner, owner_id=branch.id, month=month, ids=offered)


def _last_months(span: Span) -> list[date]:
    return [month for month in months(span.since, span.until) if month >= span.since][-ADOPTED_MONTHS:]


def _planner(branch: Branch) -> Person:
    return next((one for one in branch.people if Role.PUBLICITY in one.roles), branch.secretary)


@contextmanager
def _at(branch: Branch, day: date, at: time) -> Iterator[None]:
    """That moment, with ids of its own: what else is invented of a branch does not depend on its plans."""
    chance = Random(f"plan of branch {branch.number}, {day} {at}")  # noqa: S311 - chance, no secret
    with clock.standing_at(clock.at(day, at)), ids.repeatable(chance):
        yield
