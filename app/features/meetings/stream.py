"""Meetings and attendance 三会一课·考勤, as the house knows them."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.leave.life import REQUEST
from app.features.meetings import due, own_data
from app.features.meetings.attachments.queries import said_of
from app.features.meetings.attachments.review_kind import ATTACHMENT
from app.features.meetings.checkins import codes
from app.features.meetings.checkins.captures import CHECK_IN
from app.features.meetings.events import expected
from app.features.meetings.makeups.due import DUE
from app.features.meetings.makeups.review_kind import MAKE_UP
from app.features.meetings.makeups.service import post_private_leave
from app.features.meetings.minutes.lecture import LECTURE
from app.features.meetings.resolutions import due as second
from app.features.meetings.talks.own import TALK_NEWS
from app.features.meetings.ticks.captures import ATTENDANCE_LIST, lists
from app.features.meetings.ticks.hours import of_attendance
from app.features.meetings.ticks.leaves import follow_leaves
from app.features.meetings.ticks.review_kind import ATTENDANCE
from app.features.stream import OwnPage, Stream, SweepStep, in_one_unit

MEETINGS: Final = Stream(
    name="meetings",
    routes=(
        "app.features.meetings.counted.routes",
        "app.features.meetings.feed.routes",
        "app.features.meetings.planner.routes",
        "app.features.meetings.talks.routes",
        "app.features.meetings.elections.routes",
        "app.features.meetings.events.routes",
        "app.features.meetings.minutes.routes",
        "app.features.meetings.makeups.routes",
        "app.features.meetings.papers.routes",
        "app.features.meetings.resolutions.routes",
        "app.features.meetings.routes",
        "app.features.meetings.ticks.routes",
        "app.features.meetings.attachments.routes",
        "app.features.meetings.checkins.routes",
    ),
    review_kinds=(ATTENDANCE, MAKE_UP, LECTURE, ATTACHMENT),
    follows={REQUEST: follow_leaves},
    reminders=(*due.REMINDERS, DUE, TALK_NEWS),
    captures=(ATTENDANCE_LIST, CHECK_IN),
    lists=lambda session, actor: {**lists(session, actor), **codes.lists(session, actor)},
    queues=lambda session, actor, today: (*due.queues(session, actor, today), *second.queues(session, actor)),
    week=due.week,
    of_member=said_of,
    hours=of_attendance,
    pages=(OwnPage("/meetings", "clock", _("Meetings")),),
    own_data=own_data.SECTIONS,
    sweep=(
        SweepStep(_("Meetings that have begun, with who is expected: %(number)s."), expected.bring_all_along),
        SweepStep(
            _("Coming meetings of branches whose people changed, with who is expected: %(number)s."),
            expected.bring_coming_along,
        ),
        SweepStep(_("Private leave not made up for in time, counted now: %(number)s."), post_private_leave),
        SweepStep(_("Secrets of coming meetings' codes, made: %(number)s."), in_one_unit(codes.make_missing)),
        SweepStep(_("Secrets of past meetings' codes, erased: %(number)s."), in_one_unit(codes.erase_old), erases=True),
    ),
    purposes=own_data.PURPOSES,
)
