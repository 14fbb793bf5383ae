"""The year of the member whom the design's screens show: a sheet on which nearly every kind of line occurs. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from app.demo.calendar import working_day
from app.demo.happenings import LISTED, WISHED, Happening, Span
from app.demo.matters import COMMENDED_FOR
from app.demo.people import Person
from app.features.ledger.rules import ONE, FactType

_DAYS: Final[tuple[tuple[int, int, FactType, str, str, dict[str, Any]], ...]] = (
    (1, 9, FactType.DUTY_KEPT, LISTED, "归档上年度文书档案", {}),
    (2, 12, FactType.BONUS_SUGGESTION, "suggestion", "建议被采纳：合并两张重复报表", {}),
    (2, 26, FactType.SERVICE_HALF_DAY, "service", "志愿服务：社区政策咨询", {}),
    (3, 6, FactType.ATTENDANCE_LATE, "meeting.extra", "支部专题学习会（迟到约40分钟）", {}),
    (3, 27, FactType.DUTY_KEPT, LISTED, "办结本季度信访件答复", {}),
    (4, 10, FactType.APPRAISAL_QUARTER, "appraisal", "一季度平时考核：好", {"grade": "good", "of": (3, 31)}),
    (4, 16, FactType.TASK_URGENT, "task", "防汛值守专班", {"quantity": ONE}),
    (4, 29, FactType.STUDY_TRAINING_DAY, "training", "市委党校专题培训", {"quantity": 2 * ONE}),
    (5, 13, FactType.ATTENDANCE_ABSENT, "meeting.extra", "支委会扩大会议（未请假）", {"made_up": 20}),
    (5, 28, FactType.SERVICE_WISH_REALISED, WISHED, "收音机", {"of": (5, 12)}),
    (6, 12, FactType.PLEDGE_KEPT, "pledge", "办结 3 件积压信访件", {}),
    (6, 26, FactType.BONUS_COMMENDATION, "commendation", f"厅机关{COMMENDED_FOR}", {"grade": "unit"}),
    (7, 1, FactType.BONUS_COMMENDATION, "commendation", f"市直机关{COMMENDED_FOR}", {"grade": "division"}),
    (7, 9, FactType.APPRAISAL_QUARTER, "appraisal", "二季度平时考核：较好", {"grade": "fairly_good", "of": (6, 30)}),
    (7, 20, FactType.DUTY_MISSED, LISTED, "更新办事指南（逾期）", {}),
    (8, 6, FactType.LEAVE_UNCLOSED, "leave", "年休假返岗后未按时销假", {}),
    (8, 20, FactType.SERVICE_HALF_DAY, "service", "志愿服务：防汛沙袋装运", {"quantity": 2 * ONE}),
    (9, 9, FactType.DUTY_EXCUSED, LISTED, "编制年度预算初稿（因机构调整中止）", {}),
    (9, 18, FactType.BONUS_LECTURE, "lecture", "讲党课：群众工作要脚上有泥", {}),
    (10, 13, FactType.APPRAISAL_QUARTER, "appraisal", "三季度平时考核：好", {"grade": "good", "of": (9, 30)}),
    (10, 21, FactType.SERVICE_WISH_REALISED, WISHED, "三年级课外书", {"of": (9, 30)}),
    (11, 3, FactType.TASK_URGENT, "task", "迎检材料专班", {"quantity": 2 * ONE}),
    (11, 12, FactType.DUTY_KEPT, LISTED, "整理《监察法》调研问题清单", {}),
    (12, 11, FactType.PLEDGE_KEPT, "pledge", "认领并办成 1 个微心愿", {}),
)
"""Month and day on which it was written down; ``of`` is the day it is about, ``made_up`` days until it was made up."""


def own_year(person: Person, span: Span) -> Iterator[Happening]:
    """What has happened so far."""
    for year in range(span.since.year, span.until.year + 1):
        for month, day, fact_type, stream, note, more in _DAYS:
            rest = dict(more)
            written_on = working_day(date(year, month, day))
            about = rest.pop("of", None)
            days_until_made_up = rest.pop("made_up", None)
            made_up_on = working_day(written_on + timedelta(days=days_until_made_up)) if days_until_made_up else None
            happening = Happening(
                person=person,
                fact_type=fact_type,
                day=date(year, *about) if about else written_on,
                written_on=written_on,
                stream=stream,
                note=note,
                matter=COMMENDED_FOR if fact_type is FactType.BONUS_COMMENDATION else "",
                made_up_on=made_up_on if made_up_on and made_up_on <= span.until else None,
                **rest,
            )
            if span.holds(happening):
                yield happening
