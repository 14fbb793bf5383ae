"""What the year brings to each member, apart from study, meetings and leave: what it is and when it is noted. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

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
from app.demo.people import Person
from app.features.ledger.rules import ONE, FactType

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
