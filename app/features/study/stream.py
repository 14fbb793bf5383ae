"""Study 学习, as the house knows it."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.features.education.rules import Taken
from app.features.members.actor import Actor
from app.features.records.announced import own_data
from app.features.stream import OwnPage, Queue, Stream
from app.features.study.lists import own as of_lists
from app.features.study.lists import queries as lists_of_hours
from app.features.study.lists.listing import HOME
from app.features.study.plan import due as plan
from app.features.study.queries import taken
from app.features.study.record import CAPTURED, RECORD, REVIEW


def _hours(session: Session, member_ids: Collection[UUID], year: int) -> Iterator[Taken]:
    """What members recorded, and what lists of other systems say."""
    yield from taken(session, member_ids, year)
    yield from lists_of_hours.taken(session, member_ids, year)


def _queues(session: Session, actor: Actor, _today: date) -> Iterator[Queue]:
    """Lists of hours that another officer looks at."""
    if waiting := lists_of_hours.to_confirm(session, actor):
        yield Queue(gettext("Lists of hours to confirm"), waiting, HOME)


STUDY: Final = Stream(
    name="study",
    routes=(
        "app.features.study.lists.routes",
        "app.features.study.hours.routes",
        "app.features.study.plan.routes",
        "app.features.study.materials.routes",
        "app.features.study.spot.routes",
        "app.features.study.routes",
    ),
    hours=_hours,
    review_kinds=(REVIEW,),
    captures=(CAPTURED,),
    reminders=(plan.PLAN,),
    lists=plan.lists,
    week=plan.week,
    pages=(OwnPage(RECORD.home, RECORD.icon, RECORD.label), OwnPage(plan.HOME, "book", _("Study plan"))),
    queues=_queues,
    own_data=(
        own_data(RECORD),
        of_lists.ENTRIES,
        of_lists.NUMBERS,
    ),
    purposes=of_lists.PURPOSES,
)
