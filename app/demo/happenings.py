"""What the year brings to each member, apart from study, meetings and leave: what it is and when it is noted. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy.orm import Session

from app.demo.calendar import working_day
from app.demo.matters import (
    COMMENDED_FOR,
    DUTIES,
    PLEDGES,
    QUARTERS,
    SUGGESTIONS,
    TASKS,
    TRAININGS,
    VOLUNTEERING,
    WISHES,
)
from app.demo.names import CAST
from app.demo.people import Branch, Person
from app.features.ledger.rules import ONE, FactType
from app.features.meetings.ticks.rules import Mark

Step = Callable[[Session], None]
"""What somebody does at its own hour of a day."""
REVISITED_AFTER: Final = timedelta(days=14)
"""A wish that was fulfilled counts when somebody has looked back."""
APPRAISED_AFTER: Final = timedelta(days=14)
"""Appraisals come two weeks after their quarter."""
PLEDGED: Final = "pledge"
"""The stream of what was pledged in January; it is evaluated instead of written down (see ``pledged``)."""
LISTED: Final = "duty"
"""The stream of what stood on a duty list; it is reported and decided instead of written down (``duties``)."""
WISHED: Final = "wish"
"""The stream of wishes that were fulfilled; somebody looks back at them instead of writing them down (``wishing``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something about somebody that becomes a fact."""

    person: Person
    fact_type: FactType
    day: date
    written_on: date
    """A working day."""
    stream: str
    """Which part of the branch's work it comes from."""
    note: str
    grade: str = ""
    quantity: int = ONE
    """Hundredths."""
    matter: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is told, and the chance that tells it."""

    since: date
    until: date
    chance: Random

    def some_day(self) -> date:
        """A working day in it."""
        return working_day(self.since + timedelta(days=self.chance.randrange((self.until - self.since).days + 1)))

    def holds(self, happening: Happening) -> bool:
        """Whether it happened and was written down in this time."""
        return self.since <= happening.day and happening.written_on <= self.until


def conduct(person: Person, span: Span) -> Iterator[Happening]:
    """Appraisals, pledges and duties, service, tasks and honours of somebody who is not exempt."""
    for source in (_appraisals, _due, _service, _extras):
        yield from (happening for happening in source(person, span) if span.holds(happening))


def on_some_day(person: Person, span: Span, fact_type: FactType, stream: str, note: str, **rest: Any) -> Happening:
    """Something that happens once, and is written down within a week."""
    day = span.some_day()
    written_on = working_day(day + timedelta(days=span.chance.randint(1, 6)))
    return Happening(
        person=person, fact_type=fact_type, day=day, written_on=written_on, stream=stream, note=note, **rest
    )


def _appraisals(person: Person, span: Span) -> Iterator[Happening]:
    for year in range(span.since.year, span.until.year + 1):
        for number, quarter in enumerate(QUARTERS, start=1):
            last_day = date(year + number // 4, number * 3 % 12 + 1, 1) - timedelta(days=1)
            (grade, word), *_ = span.chance.choices(
                (("good", "好"), ("fairly_good", "较好"), ("average", "一般")), weights=(42, 50, 8)
            )
            yield Happening(
                person=person,
                fact_type=FactType.APPRAISAL_QUARTER,
                grade=grade,
                day=last_day,
                written_on=working_day(last_day + APPRAISED_AFTER),
                stream="appraisal",
                note=f"{year}年{quarter}季度平时考核：{word}",
            )


def _due(person: Person, span: Span) -> Iterator[Happening]:
    for title in span.chance.sample(DUTIES, 5):
        outcomes = (
            (FactType.DUTY_KEPT, ""),
            (FactType.DUTY_MISSED, "（逾期）"),
            (FactType.DUTY_EXCUSED, "（因机构调整中止）"),
        )
        (outcome, said), *_ = span.chance.choices(outcomes, weights=(92, 5, 3))
        yield on_some_day(person, span, outcome, LISTED, f"{title}{said}")
    for text, _side, _sign in span.chance.sample(PLEDGES, 2):
        kinds = FactType.PLEDGE_KEPT, FactType.PLEDGE_MISSED, FactType.PLEDGE_EXCUSED
        (kind,) = span.chance.choices(kinds, weights=(93, 4, 3))
        yield on_some_day(person, span, kind, PLEDGED, text)


def _service(person: Person, span: Span) -> Iterator[Happening]:
    (wishes,) = span.chance.choices((0, 1, 2), weights=(35, 50, 15))
    for wish in span.chance.sample(WISHES, wishes):
        handed_over = on_some_day(person, span, FactType.SERVICE_WISH_REALISED, WISHED, wish)
        yield replace(handed_over, written_on=working_day(handed_over.written_on + REVISITED_AFTER))
    (occasions,) = span.chance.choices((0, 1, 2), weights=(25, 45, 30))
    for work in span.chance.sample(VOLUNTEERING, occasions):
        half_days = span.chance.choice((1, 1, 2))
        yield on_some_day(
            person, span, FactType.SERVICE_HALF_DAY, "service", f"志愿服务：{work}", quantity=half_days * ONE
        )


def _extras(person: Person, span: Span) -> Iterator[Happening]:
    chance = span.chance
    if chance.random() < 0.2:
        points = chance.choice((1, 2)) * ONE
        yield on_some_day(person, span, FactType.TASK_URGENT, "task", chance.choice(TASKS), quantity=points)
    if chance.random() < 0.4:
        days = chance.choice((1, 2, 3)) * ONE
        yield on_some_day(
            person, span, FactType.STUDY_TRAINING_DAY, "training", chance.choice(TRAININGS), quantity=days
        )
    if chance.random() < 0.06:
        note = f"建议被采纳：{chance.choice(SUGGESTIONS)}"
        yield on_some_day(person, span, FactType.BONUS_SUGGESTION, "suggestion", note)
    if chance.random() < 0.07:
        yield on_some_day(
            person,
            span,
            FactType.BONUS_COMMENDATION,
            "commendation",
            f"厅机关{COMMENDED_FOR}",
            grade="unit",
            matter=COMMENDED_FOR,
        )


_DAYS: Final[tuple[tuple[int, int, FactType, str, str, dict[str, Any]], ...]] = (
    (1, 9, FactType.DUTY_KEPT, LISTED, "归档上年度文书档案", {}),
    (2, 12, FactType.BONUS_SUGGESTION, "suggestion", "建议被采纳：合并两张重复报表", {}),
    (2, 26, FactType.SERVICE_HALF_DAY, "service", "志愿服务：社区政策咨询", {}),
    (3, 27, FactType.DUTY_KEPT, LISTED, "办结本季度信访件答复", {}),
    (4, 10, FactType.APPRAISAL_QUARTER, "appraisal", "一季度平时考核：好", {"grade": "good", "of": (3, 31)}),
    (4, 16, FactType.TASK_URGENT, "task", "防汛值守专班", {"quantity": ONE}),
    (4, 29, FactType.STUDY_TRAINING_DAY, "training", "市委党校专题培训", {"quantity": 2 * ONE}),
    (5, 28, FactType.SERVICE_WISH_REALISED, WISHED, "收音机", {"of": (5, 12)}),
    (6, 12, FactType.PLEDGE_KEPT, "pledge", "办结 3 件积压信访件", {}),
    (6, 26, FactType.BONUS_COMMENDATION, "commendation", f"厅机关{COMMENDED_FOR}", {"grade": "unit"}),
    (7, 1, FactType.BONUS_COMMENDATION, "commendation", f"市直机关{COMMENDED_FOR}", {"grade": "division"}),
    (7, 9, FactType.APPRAISAL_QUARTER, "appraisal", "二季度平时考核：较好", {"grade": "fairly_good", "of": (6, 30)}),
    (7, 20, FactType.DUTY_MISSED, LISTED, "更新办事指南（逾期）", {}),
    (8, 20, FactType.SERVICE_HALF_DAY, "service", "志愿服务：防汛沙袋装运", {"quantity": 2 * ONE}),
    (9, 9, FactType.DUTY_EXCUSED, LISTED, "编制年度预算初稿（因机构调整中止）", {}),
    (10, 13, FactType.APPRAISAL_QUARTER, "appraisal", "三季度平时考核：好", {"grade": "good", "of": (9, 30)}),
    (10, 21, FactType.SERVICE_WISH_REALISED, WISHED, "三年级课外书", {"of": (9, 30)}),
    (11, 3, FactType.TASK_URGENT, "task", "迎检材料专班", {"quantity": 2 * ONE}),
    (11, 12, FactType.DUTY_KEPT, LISTED, "整理《监察法》调研问题清单", {}),
    (12, 11, FactType.PLEDGE_KEPT, "pledge", "认领并办成 1 个微心愿", {}),
)
"""Month and day on which it was written down; ``of`` is the day it is about."""
OWN_MARKS: Final = {3: Mark.LATE, 5: Mark.ABSENT}
"""What she is at her group's meeting, by month."""
OWN_UNCLOSED: Final = 8, 6
"""Month and day on which she was to close a leave, and did not."""


def leads(branch: Branch, person: Person) -> bool:
    """Whether it is the member whose year is told by hand."""
    return branch.number == 1 and person.name == CAST[2][0]


def own_year(person: Person, span: Span) -> Iterator[Happening]:
    """What has happened so far."""
    for year in range(span.since.year, span.until.year + 1):
        for month, day, fact_type, stream, note, more in _DAYS:
            rest = dict(more)
            written_on = working_day(date(year, month, day))
            about = rest.pop("of", None)
            happening = Happening(
                person=person,
                fact_type=fact_type,
                day=date(year, *about) if about else written_on,
                written_on=written_on,
                stream=stream,
                note=note,
                matter=COMMENDED_FOR if fact_type is FactType.BONUS_COMMENDATION else "",
                **rest,
            )
            if span.holds(happening):
                yield happening
