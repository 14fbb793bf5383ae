"""An organised session that two streams tell of, a member's own record and a meeting's list, counts once.

Source: domain, study §6. Under equal titles it is one session; under others an officer looks, and both may count.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, select
from sqlalchemy.orm import Session

from app.core.i18n import gettext as _
from app.features.ledger import queries as facts
from app.features.ledger import service as ledger
from app.features.reviews.kinds import Alike, kind_called
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus, plain

_THERE: Final = (
    Review.member_id.in_(bindparam("members", type_=Uuid(), expanding=True)),
    Review.occurred_on.in_(bindparam("days", type_=Date(), expanding=True)),
    Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
)
_SAME_DAYS: Final = select(Review).where(*_THERE).order_by(Review.id)
_BRANCHES: Final = select(Review.counts_in_id).where(*_THERE).distinct()
Said = tuple[UUID, date, str]
"""A session: whose, of which day, and its title."""


class Told(Protocol):
    """What is asked of a record, new or stored."""

    @property
    def id(self) -> UUID:
        """Of the record."""

    @property
    def kind(self) -> str:
        """Its kind of review."""

    @property
    def member_id(self) -> UUID:
        """Whose it is."""

    @property
    def title(self) -> str:
        """What it is called in lists."""

    @property
    def detail(self) -> Any:
        """What its kind needs to describe it."""

    @property
    def occurred_on(self) -> date:
        """Its day."""


def _sessions(records: Iterable[Any]) -> list[Any]:
    return [one for one in records if kind_called(one.kind).is_session(one.detail)]


def hold(session: Session, reviews: Collection[Review]) -> None:
    """Hold the chains in which sessions are to count, so that of two officers the second sees what the first posted.

    Of who moved, the old branch's meeting and the new branch's record lie in two chains: both are held, with all others
    that this decision needs, in their one order.
    """
    branches = {review.counts_in_id for review in reviews}
    if told := _sessions(reviews):
        branches.update(session.scalars(_BRANCHES, _asked(told)))
    if told or len(branches) > 1:
        ledger.hold(session, branches)


def _asked(told: Collection[Told]) -> dict[str, object]:
    return {"members": sorted({one.member_id for one in told}), "days": sorted({one.occurred_on for one in told})}


def beside(session: Session, records: Iterable[Any]) -> dict[UUID, list[Review]]:
    """What another stream tells of the days of those ``records`` that are sessions, by the id of the record.

    It waits or is approved. One statement; none where there is no session among them.
    """
    told: Sequence[Told] = _sessions(records)
    if not told:
        return {}
    there = defaultdict(list)
    for review in _sessions(session.scalars(_SAME_DAYS, _asked(told))):
        there[review.member_id, review.occurred_on].append(review)
    found = {one.id: [o for o in there[one.member_id, one.occurred_on] if o.kind != one.kind] for one in told}
    return {record_id: others for record_id, others in found.items() if others}


def alike(session: Session, record: Any) -> list[Alike]:
    """The same for the officer who looks at one of them."""
    return [
        Alike(other.id, other.title, " · ".join(_words(record, other)))
        for other in beside(session, [record]).get(record.id, ())
    ]


def counted(session: Session, source: str, wanted: Collection[Said]) -> set[Said]:
    """Those of the ``wanted`` that stand in the ledger already, from another source and under an equal title."""
    if not wanted:
        return set()
    standing = {
        (row.member_id, row.occurred_on, plain(row.note))
        for row in facts.sessions(session, {one[0] for one in wanted}, {one[1] for one in wanted})
        if row.source != source
    }
    return {one for one in wanted if (one[0], one[1], plain(one[2])) in standing}


def _words(record: Told, other: Review) -> Iterable[str]:
    kind = kind_called(other.kind)
    yield str(kind.label)
    yield kind.describe(other.detail)
    if plain(other.title) == plain(record.title):
        yield _("the same title: both together count once")
