"""Facts for tests."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.features.ledger.chain import Entry
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType
from app.features.ledger.service import append
from tests.makers import Person

_numbers = count(1)


def new_fact(member: Person, **values: Any) -> NewFact:
    """One approved study item of ``member`` on 9 March 2026, unless said otherwise."""
    return NewFact(
        **{
            "branch_id": member.branch_id,
            "member_id": member.id,
            "fact_type": FactType.STUDY_ITEM,
            "occurred_on": date(2026, 3, 9),
            "counts_in": date(2026, 3, 1),
            "source": "test",
            "source_id": str(next(_numbers)),
            "recorded_by_id": member.id,
            **values,
        }
    )


def make_fact(session: Session, member: Person, **values: Any) -> Entry:
    """``new_fact``, posted."""
    return append(session, [new_fact(member, **values)])[0]
