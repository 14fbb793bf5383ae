"""What other systems read, as the house knows it."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.features.api import queries, service
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.stream import Queue, Stream, SweepStep, in_one_unit


def _queues(session: Session, actor: Actor, _today: date) -> Iterable[Queue]:
    if not (actor.may(Permission.MANAGE_BRANCH_PEOPLE) or actor.may(Permission.MANAGE_ALL_PEOPLE)):
        return
    if number := queries.waiting(session, actor):
        yield Queue(gettext("Other systems that want to read data"), number, "/connections")


API: Final = Stream(
    name="api",
    routes=("app.features.api.routes", "app.features.api.v1.routes"),
    queues=_queues,
    sweep=(
        SweepStep(
            _("Days of reading by other systems, put into the audit log: %(number)s."), in_one_unit(service.note_days)
        ),
    ),
)
