"""Study 学习, as the house knows it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import section
from app.features.stream import OwnPage, Stream
from app.features.study.captures import STUDY_RECORD
from app.features.study.models import StudyRecord
from app.features.study.plan import due as plan
from app.features.study.queries import taken
from app.features.study.review_kind import STUDY as RECORD

STUDY: Final = Stream(
    name="study",
    routes=(
        "app.features.study.hours.routes",
        "app.features.study.plan.routes",
        "app.features.study.materials.routes",
        "app.features.study.spot.routes",
        "app.features.study.routes",
    ),
    hours=taken,
    review_kinds=(RECORD,),
    captures=(STUDY_RECORD,),
    reminders=(plan.PLAN,),
    lists=plan.lists,
    week=plan.week,
    pages=(OwnPage("/study", "book", RECORD.label), OwnPage(plan.HOME, "book", _("Study plan"))),
    own_data=(
        section(
            "study",
            _("Study"),
            {
                StudyRecord.id: _("Id"),
                StudyRecord.kind: _("Kind"),
                StudyRecord.title: _("What"),
                StudyRecord.occurred_on: _("Day"),
                StudyRecord.minutes: _("Minutes"),
                StudyRecord.day_minutes: _("Minutes of a whole day of training"),
                StudyRecord.takeaway: _("Takeaway"),
                StudyRecord.device_time: _("Time on the phone"),
                StudyRecord.made_offline: _("Without a network"),
            },
            mine=StudyRecord.member_id,
            by=(StudyRecord.occurred_on, StudyRecord.id),
        ),
    ),
)
