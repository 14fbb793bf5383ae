"""The sheets that several rule sets give the same people, side by side; nothing of them is kept."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.core.rows import IDS
from app.features.ledger import queries as ledger
from app.features.members.models import Member
from app.features.scores import standings
from app.features.scores.periods import Period
from app.features.scores.queries import kept_types
from app.features.scores.rule_set import RuleSet
from app.features.scores.rules import evaluate
from app.features.scores.sheet import Sheet, Standing
from app.features.scores.vetoes.queries import confirmed

_PEOPLE: Final = select(Member.id, Member.branch_id, Member.status, Member.confirmed).where(Member.id.in_(IDS))


def compared(
    session: Session, ids: Sequence[UUID], period: Period, rule_sets: Sequence[RuleSet]
) -> Iterator[tuple[Row[*tuple[Any, ...]], list[Sheet]]]:
    """Each of these members with the sheet of each rule set, as if the period had ended for good.

    Who may see whom is for the caller to know.
    """
    people = {row.id: row for row in session.execute(_PEOPLE, {"ids": ids})}
    totals = ledger.totals(session, ids, since=period.since, until=period.through)
    kept = kept_types(session)
    over, exempt = confirmed(session, ids, period.year), standings.exemptions(session, ids, period)
    for person in (people[one] for one in ids):
        is_exempt = standings.exemption(period, exempt.get(person.id, ()))
        standing = Standing.EXEMPT if is_exempt else standings.standing(period, person.status, person.confirmed)
        said: dict[str, Any] = {"standing": standing, "vetoes": [veto.kind for veto in over.get(person.id, ())]}
        of_year = totals[person.id]
        yield (
            person,
            [evaluate(one, of_year, through=period.through, kept=kept, closed=True, **said) for one in rule_sets],
        )
