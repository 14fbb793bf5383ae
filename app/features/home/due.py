"""What is due for one person in every stream, as lines of one card."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.core import formats
from app.core.i18n import gettext as _
from app.features.members.actor import Actor
from app.features.shows.duties import due as duties
from app.features.shows.duties import words as duty_words
from app.features.shows.duties.review_kind import DUTY
from app.features.shows.pledges import due as pledges
from app.features.shows.pledges import reminders as pledge_words
from app.features.shows.pledges.review_kinds import PLEDGE
from app.features.wishes import due as wishes

SOON: Final = timedelta(days=7)
"""From when on the day of a claimed wish is near enough to stand on the page of today."""


class DueLine(NamedTuple):
    """Something to do, and where it is done."""

    due_on: date
    title: str
    words: str
    address: str
    is_late: bool
    came_back: str = ""
    """The kind of record that came back with a reason, if one did. Where that is shown, it is not said here again."""


def due_lines(session: Session, actor: Actor, today: date) -> list[DueLine]:
    """What the actor has to do soon or is late with, the nearest first."""
    return sorted([*_duties(session, actor, today), *_pledges(session, actor, today), *_wishes(session, actor, today)])


def _pledges(session: Session, actor: Actor, today: date) -> list[DueLine]:
    return [
        DueLine(
            due_on=one.until,
            title=pledge_words.asked(one.ask, one.number),
            words=_("until %(day)s") % {"day": formats.short_day(one.until)},
            address=one.href,
            is_late=False,
            came_back=PLEDGE.name if one.ask is pledges.Ask.CORRECT else "",
        )
        for one in pledges.due(session, actor.member_id, today)
    ]


def _wishes(session: Session, actor: Actor, today: date) -> list[DueLine]:
    return [
        DueLine(
            due_on=wish.next.by or today,
            title=wish.sentence,
            words=wish.code,
            address=wish.address,
            is_late=wish.next.is_late,
        )
        for wish in wishes.due(session, actor, today)
        if wish.next.by is None or wish.next.by - today <= SOON
    ]


def _duties(session: Session, actor: Actor, today: date) -> list[DueLine]:
    return [
        DueLine(
            due_on=duty.due_on,
            title=duty.matter,
            words=f"{formats.short_day(duty.due_on)} · {duty_words.due((duty.due_on - today).days)}",
            address=f"/shows/duties/{duty.id}",
            is_late=duty.due_on < today,
            came_back=DUTY.name if duty.reason else "",
        )
        for duty in duties.due(session, actor, today)
    ]
