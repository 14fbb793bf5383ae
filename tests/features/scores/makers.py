"""The worked examples as people with facts in the ledger, and the words of an element."""

import csv
from datetime import date
from pathlib import Path
from typing import Any, Final

from bs4 import Tag
from sqlalchemy.orm import Session

from app.features.ledger.chain import Entry
from app.features.ledger.new_facts import NewFact
from app.features.ledger.quantities import parse_hundredths
from app.features.ledger.rules import ONE, FactType
from app.features.ledger.service import append
from tests.makers import Person, Place, make_member

EXAMPLES: Final = Path(__file__).parent / "examples"


def make_examples(session: Session, branch: Place, recorder: Person, confirmer: Person) -> dict[str, Person]:
    """The eight members of the worked examples, with all their facts of 2026."""
    with (EXAMPLES / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    people = {name: make_member(session, branch, name) for name in dict.fromkeys(row["member"] for row in rows)}
    facts = []
    for number, row in enumerate(rows):
        day = date.fromisoformat(row["occurred_on"])
        facts.append(
            NewFact(
                branch_id=branch.id,
                member_id=people[row["member"]].id,
                fact_type=FactType(row["fact"]),
                occurred_on=day,
                counts_in=day.replace(day=1),
                grade=row["grade"],
                quantity=parse_hundredths(row["quantity"]) if row["quantity"] else ONE,
                matter=row["matter"],
                source="example",
                source_id=str(number),
                recorded_by_id=recorder.id,
                confirmed_by_id=confirmer.id,
            )
        )
    append(session, facts)
    return people


def make_facts(session: Session, member: Person, fact_type: FactType, *days: date, **values: Any) -> list[Entry]:
    """One fact of ``member`` on each of ``days``, each in its own month."""
    return append(
        session,
        [
            NewFact(
                **{
                    "branch_id": member.branch_id,
                    "member_id": member.id,
                    "fact_type": fact_type,
                    "occurred_on": day,
                    "counts_in": day.replace(day=1),
                    "source": "test",
                    "source_id": f"{fact_type} {member.id} {day} {number}",
                    "recorded_by_id": member.id,
                    **values,
                }
            )
            for number, day in enumerate(days)
        ],
    )


def words(element: Tag) -> str:
    """The text of ``element`` in one line."""
    return " ".join(element.get_text(" ").split())
