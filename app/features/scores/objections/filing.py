"""Filing an objection: what it is about, under which publicity, in time or late."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.core import clock, holidays
from app.core.db import refusing
from app.core.errors import BadInputError, ContentDiffersError
from app.core.i18n import gettext as _
from app.features.ledger import closings
from app.features.ledger import service as ledger
from app.features.ledger.models import Fact
from app.features.ledger.periods import last_day_of
from app.features.members import homes
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.scores.objections import rules
from app.features.scores.objections.corrections import rules_of
from app.features.scores.objections.models import Objection
from app.features.scores.publicity.models import Publicity

_Reversal = aliased(Fact)
_OWN_FACT: Final = select(
    Fact.id,
    Fact.branch_id,
    Fact.fact_type,
    Fact.grade,
    Fact.quantity,
    Fact.occurred_on,
    Fact.counts_in,
    Fact.matter,
    Fact.note,
    Fact.reversal_of,
    exists().where(_Reversal.reversal_of == Fact.id).label("is_reversed"),
).where(Fact.id == bindparam("fact", type_=Uuid()), Fact.member_id == bindparam("me", type_=Uuid()))
_EARLIER: Final = select(Objection).where(
    Objection.fact_id == bindparam("fact", type_=Uuid()), Objection.state != rules.State.WITHDRAWN
)
_OPENED: Final = (
    select(Publicity)
    .where(
        Publicity.branch_id.in_(bindparam("branches", type_=Uuid(), expanding=True)),
        Publicity.year == bindparam("year", type_=Integer()),
        Publicity.opened_on <= bindparam("day", type_=Date()),
        Publicity.withdrawn_at.is_(None),
    )
    .order_by(Publicity.opened_on.desc(), Publicity.id)
)
_LAST: Final = select(func.coalesce(func.max(Objection.number), 0)).where(
    Objection.branch_id == bindparam("branch"), Objection.year == bindparam("year")
)
_ONCE: Final = {"uq_objections_one_of_a_fact": rules.DecidedBeforeError}


def own_fact(session: Session, actor: Actor, fact_id: UUID) -> AnyRow | None:
    """A fact of the actor; None where it is somebody else's, or nobody's."""
    return session.execute(_OWN_FACT, {"fact": fact_id, "me": actor.member_id}).one_or_none()


def earlier(session: Session, fact_id: UUID) -> Objection | None:
    """What was filed about a fact and not withdrawn."""
    return session.scalars(_EARLIER, {"fact": fact_id}).one_or_none()


def branches_of(
    session: Session, actor: Actor, fact: AnyRow | None, *, year: int, quarter: int | None
) -> Sequence[UUID]:
    """Whose publicities show it: the branch of the period's last day, the present one, the fact's."""
    day = min(last_day_of(year, quarter), clock.today())
    then = homes.branches_on(session, day, {actor.member_id: actor.branch_id})
    return sorted({actor.branch_id, *then.values()} | ({fact.branch_id} if fact else set()))


def opened(
    session: Session, branches: Sequence[UUID], *, year: int, quarter: int | None, today: date
) -> Publicity | None:
    """The publicity under which something of a year, or of its ``quarter``, is objected to.

    One that still takes objections comes before one whose days are over, a later one before an earlier one.
    """
    rows = session.scalars(_OPENED, {"branches": sorted(branches), "year": year, "day": today})
    found = [row for row in rows if quarter is None or row.quarter in (None, quarter)]
    return next((row for row in found if row.objections_until and today <= row.objections_until), None) or next(
        iter(found), None
    )


def file_objection(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    about: rules.About,
    words: str,
    year: int,
    quarter: int | None = None,
    matter: rules.Matter | None = None,
    fact: UUID | None = None,
    rule: str | None = None,
    day: date | None = None,
) -> UUID | None:
    """Object to an own fact, an own missing fact or the own standing; None where the fact is not one's own.

    The fact itself says of which year and quarter it is. The same from the same form twice is one objection.

    Raises:
        NotOpenYetError: no publicity of that time was opened.
        BadInputError: something is missing, or no such line.
    """
    if about is rules.About.FACT:
        found = own_fact(session, actor, fact) if fact else None
        if found is None:
            return None
        year, quarter = found.counts_in.year, (found.counts_in.month + 2) // 3
        lines = {kind: line.id for line in rules_of(session, year).rules() for kind in line.fact_types}
        fact, rule = found.id, lines.get(found.fact_type)
    else:
        found, fact = None, None
    if about is not rules.About.STANDING and rule not in {line.id for line in rules_of(session, year).rules()}:
        raise BadInputError
    today = clock.today()
    branches = branches_of(session, actor, found, year=year, quarter=quarter)
    publicity = opened(session, branches, year=year, quarter=quarter, today=today)
    if publicity is None or publicity.objections_until is None:
        raise rules.NotOpenYetError
    ledger.hold(session, [publicity.branch_id])  # who archives holds it too, and numbers are given in turn
    if (there := session.get(Objection, id)) is not None:
        if there.member_id == actor.member_id and (there.words, there.fact_id) == (words, fact):
            return there.id
        raise ContentDiffersError
    _check_open(session, actor.member_id, year)
    if found is not None and (before := earlier(session, found.id)):
        raise rules.DecidedBeforeError(number=rules.called(before.year, before.number), said=said(before))
    if found is not None and (found.is_reversed or found.reversal_of):
        raise rules.TakenBackError
    late = today > publicity.objections_until
    with refusing(session, _ONCE):
        session.add(
            Objection(
                id=id,
                branch_id=publicity.branch_id,
                number=1 + (session.scalar(_LAST, {"branch": publicity.branch_id, "year": year}) or 0),
                member_id=actor.member_id,
                year=year,
                quarter=publicity.quarter,
                about=about,
                matter=matter if about is rules.About.STANDING else None,
                fact_id=fact,
                rule_id=rule,
                day=day if about is rules.About.MISSING else None,
                words=words,
                state=rules.State.LATE if late else rules.State.FILED,
                is_late=late,
                answer_by=None if late else rules.days_from(today, holidays.calendar(session)).branch_answers_by,
            )
        )
    return id


def said(objection: Objection | AnyRow) -> str:
    """How it stands, in one sentence: the last word with its reasons, where there is one."""
    outcome, reasons = objection.decision or objection.outcome, objection.decision_reasons or objection.reasons
    if outcome is None or reasons is None:
        return str(objection.state.label)
    return _("%(state)s: %(outcome)s. %(reasons)s") % {
        "state": objection.state.label,
        "outcome": outcome.label,
        "reasons": reasons,
    }


def _check_open(session: Session, member_id: UUID, year: int) -> None:
    if closings.closed(session, [member_id], [year]):
        raise rules.ArchivedError(year=year)
