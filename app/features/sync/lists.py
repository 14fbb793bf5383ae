"""What a phone takes along so that it can be spoken of without a network: what is the member's own right now."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.organisations.communities import queries as communities
from app.features.shows.duties import queries as duties
from app.features.shows.duties.states import DutyState
from app.features.shows.duties.view import ShownDuty
from app.features.shows.pledges import queries as pledges
from app.features.shows.pledges.calendar import year_is_open
from app.features.shows.pledges.view import ShownPledge
from app.features.wishes.rules import CATEGORY_LABELS, NEED_LENGTH, TITLE_LENGTH

WISH_LIMITS: Final[Mapping[str, int]] = {"title": TITLE_LENGTH, "need": NEED_LENGTH}
"""Characters of the text."""


def lists_of(session: Session, actor: Actor) -> dict[str, Any]:
    """The actor's open pledges and duties, and where the actor collects wishes: nobody else's, and no contact."""
    is_member = actor.may(Permission.BE_MEMBER)
    return {
        "member_id": str(actor.member_id),
        "is_member": is_member,
        "pledges": _pledges(session, actor) if is_member else [],
        "duties": _duties(session, actor) if is_member else [],
        "wish": _wish(session, actor) if actor.may(Permission.COLLECT_WISHES) else None,
    }


def _pledges(session: Session, actor: Actor) -> list[dict[str, Any]]:
    today = clock.today()
    years = [year for year in (today.year - 1, today.year) if year_is_open(year, today)]
    standing = [pledge for year in years for pledge in pledges.of_member(session, actor.member_id, year)]
    return [_pledge(pledge) for pledge in standing if pledge.is_open]


def _pledge(pledge: ShownPledge) -> dict[str, Any]:
    said = pledge.latest
    last = f"{said.label} · {formats.short_day(clock.local_day(said.said_at))}" if said else None
    about = f"{pledge.side_label} · {_('by %(day)s') % {'day': formats.short_day(pledge.due_on)}}"
    return _row(pledge.id, pledge.text, about, pledge.due_on, last)


def _duties(session: Session, actor: Actor) -> list[dict[str, Any]]:
    mine = duties.mine(session, actor)
    return [_duty(duty) for duty in (*mine.overdue, *mine.soon, *mine.later)]


def _duty(duty: ShownDuty) -> dict[str, Any]:
    about = f"{duty.kind_label} · {_('due %(day)s') % {'day': formats.short_day(duty.due_on)}}"
    last = None if duty.state is DutyState.OPEN else str(duty.state_label)
    return _row(duty.id, duty.matter, about, duty.due_on, last)


def _row(row_id: object, title: str, about: str, due_on: object, last: str | None) -> dict[str, Any]:
    return {"id": str(row_id), "title": title, "about": about, "due_on": str(due_on), "last": last}


def _wish(session: Session, actor: Actor) -> dict[str, Any]:
    return {
        "community_id": _choices((row.id, row.name) for row in communities.collected(session, actor)),
        "category": _choices(CATEGORY_LABELS.items()),
        "limits": dict(WISH_LIMITS),
    }


def _choices(pairs: Iterable[tuple[object, object]]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in pairs]
