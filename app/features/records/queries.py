"""The lists and cards of one kind of record, its statements built once."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Date, Uuid, and_, bindparam, case, exists, or_, select
from sqlalchemy import inspect as mapped
from sqlalchemy.orm import QueryableAttribute, Session, aliased

from app.core.months import last_of_month
from app.core.rows import IDS, AnyRow, one_row
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.names import ESCAPE, contains
from app.features.records.models import Recorded
from app.features.records.rules import NewRecord
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

PAGE: Final = 30
"""Records on one page."""


def own_columns(model: type[Recorded]) -> list[QueryableAttribute[Any]]:
    """The columns that only this kind has, and the title: what the record says."""
    names = mapped(model).columns.keys()
    return [getattr(model, name) for name in names if name not in NewRecord.__slots__]


class Lists:
    """What is read of one kind of record: cards are its own columns with where the record stands and who said so."""

    def __init__(self, model: type[Recorded]) -> None:
        """Of the records in the table of ``model``."""
        own = own_columns(model)
        decider, recorder, correction = aliased(Member), aliased(Member), aliased(Review)
        columns = (model.id, *own, model.occurred_on, model.received_at, model.made_offline)
        me: BindParameter[Any] = bindparam("me")
        mine = model.member_id == me
        cards = (
            select(
                *columns,
                Review.status,
                Review.reason,
                Review.flags,
                Review.corrects_id,
                decider.name.label("decided_by"),
                case((Review.recorded_by_id != Review.member_id, recorder.name)).label("entered_by"),
                case((Review.member_id != me, Member.name)).label("entered_for"),
                exists()
                .where(correction.corrects_id == model.id, correction.status != ReviewStatus.WITHDRAWN)
                .label("is_corrected"),
            )
            .join(Review, Review.id == model.id)
            .join(Member, Member.id == Review.member_id)
            .join(recorder, recorder.id == Review.recorded_by_id)
            .outerjoin(decider, decider.id == Review.decided_by_id)
        )
        self._newest = (
            cards.where(
                mine,
                model.occurred_on.between(bindparam("since"), bindparam("until")),
                Review.title.ilike(bindparam("pattern"), escape=ESCAPE),
            )
            .order_by(model.occurred_on.desc(), model.id.desc())
            .limit(PAGE + 1)
        )
        day: BindParameter[Any] = bindparam("before_day")
        self._older = self._newest.where(
            or_(model.occurred_on < day, and_(model.occurred_on == day, model.id < bindparam("before_id")))
        )
        self._entered = cards.where(
            Review.branch_id == bindparam("branch"),
            Review.status == ReviewStatus.PENDING,
            Review.recorded_by_id == me,
            Review.member_id != me,
        ).order_by(Review.submitted_at.desc(), Review.id.desc())
        self._card = cards.where(model.id == bindparam("record"), or_(mine, Review.recorded_by_id == me))
        self._neighbours = (
            select(model.id, model.member_id, model.occurred_on, *own)
            .join(Review, Review.id == model.id)
            .where(
                model.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
                model.occurred_on.in_(bindparam("days", type_=Date(), expanding=True)),
                Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
            )
        )
        self._whole = select(*columns, model.occurred_at, model.device_time).where(model.id.in_(IDS))

    def newest(
        self,
        session: Session,
        actor: Actor,
        *,
        before: tuple[date, UUID] | None = None,
        month: date | None = None,
        typed: str = "",
    ) -> Sequence[AnyRow]:
        """The actor's own, newest day first: at most ``PAGE``, and one more if there are older ones.

        ``before`` is the day and id of the last one of the page before, ``month`` a day of the only month that is
        shown, ``typed`` a part of the titles.
        """
        first, last = (month.replace(day=1), last_of_month(month.year, month.month)) if month else (date.min, date.max)
        asked = {"me": actor.member_id, "since": first, "until": last, "pattern": contains(typed)}
        if before is None:
            return session.execute(self._newest, asked).all()
        return session.execute(self._older, asked | {"before_day": before[0], "before_id": before[1]}).all()

    def entered(self, session: Session, actor: Actor) -> Sequence[AnyRow]:
        """What the actor entered for others and nobody has decided on, newest first."""
        return session.execute(self._entered, {"me": actor.member_id, "branch": actor.branch_id}).all()

    def card(self, session: Session, actor: Actor, record_id: UUID) -> AnyRow:
        """A record that the actor made, or entered for somebody.

        Raises:
            NotFoundError: there is none with this id.
        """
        return one_row(session, self._card, {"me": actor.member_id, "record": record_id})

    def whole(self, session: Session, ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
        """These records with everything that was captured; for services and officers, who may see them already."""
        return {row.id: row for row in session.execute(self._whole, {"ids": list(ids)})}

    def neighbours(
        self, session: Session, members: Collection[UUID], days: Collection[date]
    ) -> dict[tuple[UUID, date], dict[UUID, Any]]:
        """What these members recorded on these days and was not returned or withdrawn, by member and day, then id."""
        found: dict[tuple[UUID, date], dict[UUID, Any]] = {}
        for row in session.execute(self._neighbours, {"members": sorted(members), "days": sorted(days)}):
            found.setdefault((row.member_id, row.occurred_on), {})[row.id] = row
        return found
