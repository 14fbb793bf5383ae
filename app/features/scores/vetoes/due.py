"""What waits for the second word of a committee member: vetoes and liftings; and of the committee above."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.features.members.actor import Actor
from app.features.scores.vetoes.queries import number_below, waiting
from app.features.stream import Queue


def queues(session: Session, actor: Actor, _today: date) -> Iterator[Queue]:
    """One row, where there are any."""
    if number := waiting(session, actor):
        yield Queue(_("Vetoes, to confirm"), number, "/sheets/vetoes")
    if actor.leads and (number := number_below(session, actor)):
        yield Queue(_("Vetoes of branches, to confirm"), number, "/sheets/vetoes/above")
