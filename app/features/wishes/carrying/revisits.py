"""Looking back: by somebody who took no part. What helped is closed, and only then stands in the ledger."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import lazy_gettext as _
from app.features.ledger import service as ledger
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType
from app.features.members import audit
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as wish_service
from app.features.wishes.carrying import fulfilment, queries, rules
from app.features.wishes.carrying.claims import end_claim
from app.features.wishes.carrying.errors import OwnRevisitError, TakenByOtherError
from app.features.wishes.contacts.service import check_sentence
from app.features.wishes.models import Wish, WishClaim, WishRevisit
from app.features.wishes.rules import ClaimEnd, Helped, Step, StepRefusedError

WISH: Final = FactSource(
    name="wish", label=_("Micro-wishes"), found_at="/wishes/{id}", fact_types=(FactType.SERVICE_WISH_REALISED,)
)
"""The stream of the facts; what they are there is the wish and the member."""


def take_over(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """The actor will look back at a realised wish. Twice is once.

    Raises:
        OwnRevisitError: the actor took part in it.
        BoundByAccountError: the actor came in by the hand of somebody who took part.
        TakenByOtherError: somebody else was first.
    """
    _wish, claim = _realised(session, actor, wish_id)
    fulfilment.check_bound_to_nobody(session, claim.id, actor.member_id)
    taken = queries.revisit_of(session, claim)
    if taken is None:
        session.add(_taken(claim, actor))
        session.flush()
    elif taken.taken_by_id != actor.member_id:
        raise TakenByOtherError(name=members.member_card(session, taken.taken_by_id).name)


def let_go(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """The actor will not look back after all; somebody else may. Twice is once.

    Raises:
        NotFoundError, OwnRevisitError, StepRefusedError: as ``take_over``.
    """
    _wish, claim = _realised(session, actor, wish_id)
    taken = queries.revisit_of(session, claim)
    if taken is not None and taken.taken_by_id == actor.member_id:
        session.delete(taken)
        session.flush()


def revisit(session: Session, actor: Actor, *, wish_id: UUID, helped: Helped, sentence: str = "") -> None:
    """Say whether it really helped. ``no`` gives the wish back to those who carried it, and brings no fact.

    Who answers for the wish may look back although somebody else has taken it over.

    Raises:
        NotFoundError, OwnRevisitError, BoundByAccountError, StepRefusedError: as ``take_over``.
        TakenByOtherError: another member has taken it over.
        TooEarlyError: ``REVISIT_FROM`` has not passed since it was handed over.
        NamesSomebodyError: the sentence carries a number, or says who wishes.
    """
    wish, claim = _realised(session, actor, wish_id)
    fulfilment.check_bound_to_nobody(session, claim.id, actor.member_id)
    today = clock.today()
    if claim.fulfilled_on is None:
        raise StepRefusedError(state=wish.status.label)
    rules.check_looked_back_on(today, fulfilled_on=claim.fulfilled_on)
    check_sentence(session, wish_id, sentence)
    found = queries.revisit_of(session, claim)
    if found is not None and found.taken_by_id != actor.member_id:
        if not wishes.answers_for(session, actor, wish_id):
            raise TakenByOtherError(name=members.member_card(session, found.taken_by_id).name)
        found.taken_by_id, found.taken_at = actor.member_id, clock.now()
    if found is None:
        found = _taken(claim, actor)
        session.add(found)
    found.made_on, found.helped, found.sentence = today, helped, sentence or None
    session.flush()
    if helped is Helped.NO:
        _give_back(session, claim)
    else:
        _post_facts(session, wish, claim, done_on=claim.fulfilled_on, revisited_by_id=actor.member_id)
        end_claim(session, claim, ClaimEnd.CLOSED)
    wish_service.advance(session, wish, rules.REVISIT_STEPS[helped], by_id=actor.member_id, note=sentence)


def _give_back(session: Session, claim: WishClaim) -> None:
    """Those who carried the wish have new days to fulfil it; they may give it back like any other."""
    claim.attempt += 1
    claim.fulfil_from, claim.extended_at = clock.today(), None
    claim.fulfilled_on = claim.fulfilled_by_id = claim.sentence = None
    claim.confirmed_at = claim.confirmed_how = claim.confirmed_by_id = None
    session.flush()


def _post_facts(session: Session, wish: Wish, claim: WishClaim, *, done_on: date, revisited_by_id: UUID) -> None:
    """One fact for each who took part, in the own branch's ledger.

    Whoever confirmed has recorded it; where the wisher did, who has no account, it is who looked back.
    """
    taking_part = [row for row in queries.people_of(session, claim.id) if row.joined_at is not None]
    ledger.append(
        session,
        [
            NewFact(
                branch_id=row.branch_id,
                member_id=row.member_id,
                fact_type=FactType.SERVICE_WISH_REALISED,
                occurred_on=done_on,
                source=WISH.name,
                source_id=f"{wish.id}:{row.member_id}",
                recorded_by_id=claim.confirmed_by_id or revisited_by_id,
                confirmed_by_id=revisited_by_id,
                note=f"{wish.code} {wish.title}",
            )
            for row in sorted(taking_part, key=lambda row: (row.branch_id, row.member_id))
        ],
    )
    counted = audit.changed({}, {"people": len(taking_part)})
    audit.record(
        session, revisited_by_id, AuditAction.WISH_COUNTED, audit.Subject(wish.code, wish.id, wish.branch_id), counted
    )


def _realised(session: Session, actor: Actor, wish_id: UUID) -> tuple[Wish, WishClaim]:
    wishes.wish(session, actor, wish_id)
    wish = wish_service.lock_wish(session, wish_id)
    wish_rules.LIFE.check(wish.status, Step.REVISIT)
    claim = queries.current_claim(session, wish_id)
    if claim is None:
        raise StepRefusedError(state=wish.status.label)
    if queries.took_part(session, claim.id, actor.member_id):
        raise OwnRevisitError
    return wish, claim


def _taken(claim: WishClaim, actor: Actor) -> WishRevisit:
    return WishRevisit(claim_id=claim.id, attempt=claim.attempt, taken_by_id=actor.member_id)
