"""The year of the member whom the design's screens show: a sheet on which nearly every kind of line occurs. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from app.demo.calendar import working_day
from app.demo.happenings import LISTED, WISHED, Happening, Span
from app.demo.matters import COMMENDED_FOR
from app.demo.names import CAST
from app.demo.people import Branch, Person
from app.features.ledger.rules import ONE, FactType
from app.features.meetings.ticks.rules import Mark

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
