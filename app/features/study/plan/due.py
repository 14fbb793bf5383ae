"""The month's plan on the page of today, in the text for the group chat, and on phones; nobody is reminded of it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext, ngettext
from app.core.months import last_of_month
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.notices.sources import DueLine, ReminderSource
from app.features.study.plan import queries

HOME: Final = "/study/plan"


def _lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    """One calm line, as long as the month lasts and its plan has something for everybody. One statement."""
    number = len(queries.to_study(session, actor.branch_id, today)) if actor.may(Permission.BE_MEMBER) else 0
    if number:
        yield DueLine(
            due_on=last_of_month(today.year, today.month),
            title=_("Study plan of %(month)s") % {"month": formats.month(today)},
            words=ngettext("%(num)s item to study by yourself", "%(num)s items to study by yourself", number)
            % {"num": number},
            address=HOME,
            is_late=False,
            is_ahead=True,
        )


def week(session: Session, actor: Actor, today: date) -> Iterator[str]:
    """What this month holds to be studied by oneself, as one sentence."""
    if titles := queries.to_study(session, actor.branch_id, today):
        yield _("To study this month: %(titles)s") % {"titles": _("; ").join(titles)}


def lists(session: Session, actor: Actor) -> Mapping[str, Any]:
    """The titles that the form of a record offers without a network, each with its kind."""
    if not actor.may(Permission.BE_MEMBER):
        return {}
    return {"study": [*queries.to_study(session, actor.branch_id, clock.today()).items()]}


PLAN: Final = ReminderSource(
    name="study.plan",
    label=lazy_gettext("The study plan of the month"),
    due=lambda session, now: (),
    words=lambda details: "",
    lines=_lines,
)
