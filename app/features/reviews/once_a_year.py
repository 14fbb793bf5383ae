"""What everybody hands in once a year: who has not yet, and how they are asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Date, Integer, Select, Uuid, bindparam, exists, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from app.core import clock, formats
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.core.months import last_of_month
from app.features.members.actor import Actor
from app.features.members.models import Exemption, Member, Organisation
from app.features.members.rules import OrganisationKind
from app.features.notices.sources import DueLine, Reminder
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

TODAY: Final = bindparam("today", type_=Date())
YEAR: Final = bindparam("year", type_=Integer())


@dataclass(frozen=True, kw_only=True)
class OnceAYear:
    """Something of which everybody hands in one a year, at least, in one ``month`` of it.

    Its functions are those of a ``ReminderSource`` of the same names.
    """

    name: str
    """Of what is asked; the year comes to it, so that the next one is asked for again."""
    theirs: Sequence[ColumnElement[bool]]
    """Which ``Review`` is of a ``Member`` and of ``YEAR``: ``Review.kind == …, Review.member_id == Member.id, …``."""
    month: int
    title: LazyText
    """What is asked for: ``Write this year's pledges``."""
    about: LazyText
    """What kind of thing it is."""
    act: LazyText
    """As the words of a button."""
    page: str
    """Where it is done, with ``{year}`` where its address names that."""

    @cached_property
    def missing(self) -> tuple[ColumnElement[bool], ...]:
        """Of a ``Member``, ``TODAY``: here, not exempt, and nothing of ``YEAR`` handed in."""
        return (
            Member.is_here(TODAY),
            ~exists().where(
                Exemption.member_id == Member.id,
                Exemption.starts_on <= TODAY,
                or_(Exemption.ends_on.is_(None), Exemption.ends_on >= TODAY),
            ),
            ~exists().where(*self.theirs, Review.status != ReviewStatus.WITHDRAWN),
        )

    def asked(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        """Those who are asked on a day of the month, as ``columns`` of them."""
        in_branch = (Organisation.id == Member.branch_id, Organisation.kind == OrganisationKind.BRANCH)
        return select(*columns).select_from(Member).where(*in_branch, *self.missing)

    @cached_property
    def _everybody(self) -> Select[*tuple[Any, ...]]:
        return self.asked(Member.id).order_by(Member.id)

    @cached_property
    def _one(self) -> Select[*tuple[Any, ...]]:
        return self.asked(Member.id).where(Member.id == bindparam("me", type_=Uuid()))

    def until(self, year: int) -> date:
        """The last day on which it is asked for."""
        return last_of_month(year, self.month)

    def subject_id(self, member_id: UUID, until: date) -> UUID:
        """Names this very matter of a member: the same on every day of the month, another in the next year."""
        return uuid5(member_id, f"{self.name}/{until}")

    def due(self, session: Session, now: datetime) -> Sequence[Reminder]:
        """Everybody who is asked; one statement, and none in other months."""
        today = clock.local_day(now)
        until, address = self.until(today.year), self.page.format(year=today.year)
        rows = session.execute(self._everybody, _on(today)) if today.month == self.month else ()
        return [
            Reminder(member_id=row.id, subject_id=self.subject_id(row.id, until), address=address, until=until)
            for row in rows
        ]

    def lines(self, session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
        """The same for one, on the page of today; one statement."""
        if today.month == self.month and session.scalar(self._one, _on(today) | {"me": actor.member_id}):
            until, address = self.until(today.year), self.page.format(year=today.year)
            said = _("until %(day)s") % {"day": formats.short_day(until)}
            yield DueLine(until, str(self.title), said, address, is_late=False, about=self.about, act=self.act)

    def words(self, _details: Mapping[str, Any]) -> str:
        """The sentence of a reminder."""
        return str(self.title)


def _on(today: date) -> dict[str, Any]:
    return {"today": today, "year": today.year}
