"""A review held by a host branch 流入地: its letter is entered at home and confirmed by another officer."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.i18n import lazy_gettext as _
from app.core.rows import locked, one
from app.features.ballots import queries
from app.features.ballots.life import PreparedAlreadyError
from app.features.ballots.models import ReviewLetter
from app.features.ledger import closings
from app.features.ledger import service as ledger
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import Second, Stands, decide, enter

BY_LETTER: Final = FactSource(
    "reviews.letter", _("Democratic review in a host branch"), "/ballots#letter-{id}", (FactType.REVIEW_RESULT,)
)
_HELD: Final = locked(
    select(ReviewLetter).where(ReviewLetter.id == bindparam("letter"), ReviewLetter.branch_id == bindparam("branch"))
)


def enter_letter(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    member_id: UUID,
    year: int,
    host: str,
    document: str,
    mean: int,
) -> None:
    """Enter what a host branch wrote of a member. ``mean`` is in hundredths of a point, 0 to 1000.

    Raises:
        PreparedAlreadyError: the member has a result of that year, or one waits.
        YearClosedError: the sheet of that year takes nothing any more.
        ContentDiffersError: from the same form another one came.
    """
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    members.colleague(session, actor, member_id)
    if session.get(ReviewLetter, id) is None:
        if queries.with_result(session, [member_id], year):
            raise PreparedAlreadyError
        closings.check_open(session, [member_id], year)
    said = {"member_id": member_id, "year": year, "host": host, "document": document, "mean": mean}
    letter = ReviewLetter(id=id, branch_id=actor.branch_id, **said)
    enter(session, actor, letter, {"uq_review_letters_once": PreparedAlreadyError})


def decide_letter(session: Session, actor: Actor, *, letter_id: UUID, second: Second) -> None:
    """Confirm it, which brings the fact of the year, or not.

    Raises:
        PreparedAlreadyError: the own branch's review was confirmed meanwhile.
        YearClosedError: it is confirmed, and the sheet of that year was closed meanwhile.
    """
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    letter = one(session, _HELD, {"letter": letter_id, "branch": actor.branch_id})
    decide(session, actor, letter, second)
    if letter.stands is not Stands.CONFIRMED:
        return
    ledger.hold(session, [letter.branch_id])  # so that the own review, confirmed at this moment, is seen
    if queries.with_result(session, [letter.member_id], letter.year):
        raise PreparedAlreadyError
    closings.check_open(session, [letter.member_id], letter.year)
    fact = NewFact(
        branch_id=letter.branch_id,
        member_id=letter.member_id,
        fact_type=FactType.REVIEW_RESULT,
        occurred_on=date(letter.year, 12, 31),
        of_period=True,
        source=BY_LETTER.name,
        source_id=str(letter.id),
        recorded_by_id=letter.entered_by_id,
        confirmed_by_id=actor.member_id,
        quantity=letter.mean,
        note=f"{letter.host} {letter.document}",
    )
    ledger.append(session, [fact])
