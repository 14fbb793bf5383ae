"""A spot check, step by step: promise, reveal, look one by one, draw a second time or let the rest follow."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.reviews import service as reviews
from app.features.reviews.outcomes import TapOutcome
from app.features.reviews.rules import BATCH
from app.features.study.quiz.rules import Next, sample_size
from app.features.study.spot import queries
from app.features.study.spot.models import SpotDraw

MOST: Final = 10 * BATCH
"""Records in one pool: a longer span is checked in parts."""


class NothingWaitsError(ConflictError):
    """An empty pool."""

    code = "nothing_to_draw"
    message = _("No study record of these days waits for you without a note that asks for a look.")


class TooManyError(BadInputError):
    """A pool that no one tap should decide."""

    code = "pool_too_large"
    message = _("More than %(most)s records of these days wait. Choose fewer days.")
    field = "last"


class DrawnAlreadyError(ConflictError):
    """One pool is drawn once."""

    code = "drawn_already"
    message = _("From these very records you have drawn before. Go on with that draw, or draw again with a reason.")


class DaysError(BadInputError):
    """A span that ends before it begins."""

    code = "days_in_order"
    message = _("The last day lies before the first one.")
    field = "last"


class NotYetError(ConflictError):
    """Another step comes first."""

    code = "spot_check_not_yet"
    message = _("Another step of this check comes first. Look again.")


def promise(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    first: date,
    last: date,
    percent: int,
) -> SpotDraw:
    """Fix the pool and promise a seed by its digest, before anybody sees what it draws. The same form twice is one.

    Raises:
        NotFoundError: the actor decides nothing.
        ImpossibleError: outside 1 to 100 percent.
        DaysError: the days end before they begin.
        NothingWaitsError, TooManyError: nothing can be drawn from, or too much.
        DrawnAlreadyError: the actor has drawn from the same records.
    """
    sample_size(0, percent)
    if last < first:
        raise DaysError
    if (there := session.get(SpotDraw, id)) and there.drawn_by_id == actor.member_id:
        return there
    pool = sorted(str(review.id) for review in queries.pool(session, actor, first, last))
    if not pool:
        raise NothingWaitsError
    if len(pool) > MOST:
        raise TooManyError(most=MOST)
    draw = _draw(actor, pool, sample_size(len(pool), percent))
    draw.id, draw.first_day, draw.last_day, draw.percent = id, first, last, percent
    with refusing(session, {"uq_spot_draws_one_of_a_pool": DrawnAlreadyError}):
        session.add(draw)
    return draw


def reveal(session: Session, actor: Actor, *, draw_id: UUID) -> None:
    """Show the seed of a draw, or of its second one, and with it what is drawn. Twice is once.

    Raises:
        NotFoundError: it is not the actor's.
    """
    queries.held(session, actor, draw_id)
    found = queries.checked(session, actor, draw_id)
    if found.waits_for:
        found.waits_for.revealed_at = clock.now()
        session.flush()


def redraw(session: Session, actor: Actor, *, id: UUID, draw_id: UUID, reason: str) -> SpotDraw:  # noqa: A002
    """Promise another seed for the same records, with a reason; the earlier draw stays to be seen.

    Raises:
        NotFoundError: it is not the actor's.
        NotYetError: one of the records is decided, or it was drawn again before.
    """
    before = queries.held(session, actor, draw_id)
    if (there := session.get(SpotDraw, id)) and there.replaces_id == draw_id:
        return there
    if before.pool != sorted(str(one.id) for one in queries.pool(session, actor, before.first_day, before.last_day)):
        raise NotYetError
    draw = _draw(actor, before.pool, before.take)
    draw.id, draw.first_day, draw.last_day, draw.percent = id, before.first_day, before.last_day, before.percent
    draw.replaces_id, draw.reason = draw_id, reason
    with refusing(session, {"uq_spot_draws_one_redraw": NotYetError}):
        session.add(draw)
    return draw


def draw_again(session: Session, actor: Actor, *, draw_id: UUID) -> None:
    """Promise the second draw, of the same number from what was not drawn, after one was returned. Twice is once.

    Raises:
        NotFoundError: it is not the actor's.
        NotYetError: no second draw follows.
    """
    first = queries.held(session, actor, draw_id)
    found = queries.checked(session, actor, draw_id)
    if len(found.samples) > 1 or (found.waits_for and found.waits_for.follows_id):
        return
    if found.next is not Next.SECOND_DRAW:
        raise NotYetError
    rest = sorted(str(one) for one in found.rest)
    draw = _draw(actor, rest, min(first.take, len(rest)))
    draw.first_day, draw.last_day, draw.percent = first.first_day, first.last_day, first.percent
    draw.follows_id = first.id
    session.add(draw)
    session.flush()


def approve_rest(session: Session, actor: Actor, *, draw_id: UUID) -> TapOutcome:
    """Approve what was not drawn, after a sample of which none was returned. The log says how it came about.

    Raises:
        NotFoundError: it is not the actor's.
        NotYetError: nothing follows together.
    """
    queries.held(session, actor, draw_id)
    found = queries.checked(session, actor, draw_id)
    if found.next is not Next.BULK:
        raise NotYetError
    outcomes = [reviews.approve(session, actor, part) for part in _portions(found.rest)]
    about = audit.Subject(str(found.draw.id), None, actor.branch_id)
    said = audit.changed({}, queries.record_of(found))
    audit.record(session, actor.member_id, AuditAction.SPOT_CHECKED, about, said)
    return TapOutcome(
        done=tuple(review for outcome in outcomes for review in outcome.done),
        refused=tuple(refused for outcome in outcomes for refused in outcome.refused),
        decision_id=outcomes[-1].decision_id,
    )


def _draw(actor: Actor, pool: Sequence[str], take: int) -> SpotDraw:
    seed = secrets.token_hex(16)
    return SpotDraw(
        branch_id=actor.branch_id,
        drawn_by_id=actor.member_id,
        pool=list(pool),
        pool_digest=hashlib.sha256("\n".join(pool).encode()).hexdigest(),
        take=take,
        seed=seed,
        commitment=hashlib.sha256(seed.encode()).hexdigest(),
    )


def _portions(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]
