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
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.wishes import queries as wishes
from app.features.wishes import rules as wish_rules
from app.features.wishes import service as life
from app.features.wishes.claims import queries as claims
from app.features.wishes.claims.models import WishClaim
from app.features.wishes.claims.rules import ClaimEnd
from app.features.wishes.claims.service import end
from app.features.wishes.contacts.sentences import check_sentence
from app.features.wishes.errors import StepRefusedError
from app.features.wishes.models import Wish
from app.features.wishes.revisits import queries, rules
from app.features.wishes.revisits.errors import OwnRevisitError, TakenByOtherError
from app.features.wishes.revisits.models import WishRevisit
from app.features.wishes.revisits.rules import Helped
from app.features.wishes.rules import STATUS_LABELS, Step

WISH: Final = FactSource(name="wish", label=_("Micro-wishes"), found_at="/wishes/{id}")
"""The stream of the facts; what they are there is the wish and the member."""


def take_over(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """The actor will look back at a realised wish. Twice is once.

    Raises:
        NotFoundError: no such wish in the actor's sight.
        OwnRevisitError: the actor took part in it.
        TakenByOtherError: somebody else was first.
        StepRefusedError: it is not realised, or closed already.
    """
    _wish, held = _realised(session, actor, wish_id)
    taken = queries.of_claim(session, held)
    if taken is None:
        session.add(_taken(held, actor))
        session.flush()
    elif taken.taken_by_id != actor.member_id:
        raise TakenByOtherError(name=members.member_card(session, taken.taken_by_id).name)


def let_go(session: Session, actor: Actor, *, wish_id: UUID) -> None:
    """The actor will not look back after all; somebody else may. Twice is once.

    Raises:
        NotFoundError, OwnRevisitError, StepRefusedError: as ``take_over``.
    """
    _wish, held = _realised(session, actor, wish_id)
    taken = queries.of_claim(session, held)
    if taken is not None and taken.taken_by_id == actor.member_id:
        session.delete(taken)
        session.flush()


def revisit(session: Session, actor: Actor, *, wish_id: UUID, helped: Helped, sentence: str = "") -> None:
    """Say whether it really helped. ``no`` gives the wish back to those who held it, and brings no fact.

    Who answers for the wish may look back although somebody else has taken it over.

    Raises:
        NotFoundError, OwnRevisitError, StepRefusedError: as ``take_over``.
        TakenByOtherError: another member has taken it over.
        TooEarlyError: two weeks have not passed since it was handed over.
        NamesSomebodyError: the sentence carries a number, or says who wishes.
    """
    wish, held = _realised(session, actor, wish_id)
    today = clock.today()
    if held.fulfilled_on is None:
        raise StepRefusedError(state=STATUS_LABELS[wish.status])
    rules.check_day(today, fulfilled_on=held.fulfilled_on)
    check_sentence(session, wish_id, sentence)
    found = queries.of_claim(session, held)
    if found is not None and found.taken_by_id != actor.member_id:
        if not wishes.answers_for(session, actor, wish_id):
            raise TakenByOtherError(name=members.member_card(session, found.taken_by_id).name)
        found.taken_by_id, found.taken_at = actor.member_id, clock.now()
    if found is None:
        found = _taken(held, actor)
        session.add(found)
    found.made_on, found.helped, found.sentence = today, helped, sentence or None
    session.flush()
    if helped is Helped.NO:
        _give_back(session, held)
    else:
        _post_facts(session, wish, held, done_on=held.fulfilled_on, revisited_by_id=actor.member_id)
        end(session, held, ClaimEnd.CLOSED)
    life.take(session, wish, rules.STEPS[helped], by_id=actor.member_id, note=sentence)


def _give_back(session: Session, held: WishClaim) -> None:
    """Those who held the wish have new days to fulfil it; they may give it back like any other."""
    held.attempt += 1
    held.fulfil_from, held.extended_at = clock.today(), None
    held.fulfilled_on = held.fulfilled_by_id = held.sentence = None
    held.confirmed_at = held.confirmed_how = held.confirmed_by_id = None
    session.flush()


def _post_facts(session: Session, wish: Wish, held: WishClaim, *, done_on: date, revisited_by_id: UUID) -> None:
    """One fact for each who took part, in the own branch's ledger.

    Whoever confirmed has recorded it; where the wisher did, who has no account, it is who looked back.
    """
    taking_part = [row for row in claims.people(session, held.id) if row.joined_at is not None]
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
                recorded_by_id=held.confirmed_by_id or revisited_by_id,
                confirmed_by_id=revisited_by_id,
                note=f"{wish.code} {wish.title}",
            )
            for row in sorted(taking_part, key=lambda row: (row.branch_id, row.member_id))
        ],
    )


def _realised(session: Session, actor: Actor, wish_id: UUID) -> tuple[Wish, WishClaim]:
    wishes.wish(session, actor, wish_id)
    wish = life.hold(session, wish_id)
    wish_rules.after(wish.status, Step.REVISIT)
    held = claims.current(session, wish_id)
    if held is None:
        raise StepRefusedError(state=STATUS_LABELS[wish.status])
    if claims.took_part(session, held.id, actor.member_id):
        raise OwnRevisitError
    return wish, held


def _taken(held: WishClaim, actor: Actor) -> WishRevisit:
    return WishRevisit(claim_id=held.id, attempt=held.attempt, taken_by_id=actor.member_id)
