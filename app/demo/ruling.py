"""Next year's rules, as they wait for the second person."""

from datetime import date, datetime, time
from typing import Final

from sqlalchemy.orm import Session

from app.core import clock
from app.demo.people import Branch
from app.features.members.rules import Role
from app.features.scores.drafts import editing, queries, service
from app.features.scores.versions import digest

AT: Final = time(10)


def propose_rules(session: Session, branch: Branch, today: date) -> None:
    """The business administrator proposes that coming late costs a whole point next year."""
    keeper = next((person for person in branch.everybody if Role.BUSINESS_ADMINISTRATOR in person.roles), None)
    if keeper is None:
        return
    with clock.standing_at(datetime.combine(today, AT, clock.zone())):
        actor = branch.actor(keeper)
        draft_id = service.copy(session, actor, base="2026.1")
        row = queries.draft(session, actor, draft_id)
        piece = queries.piece(row.text)
        _section, rule = editing.rule_of(piece, "B1") or ({}, {})
        typed = {field.path: field.value for fields in editing.rule_fields(rule) for field in fields}
        typed |= {"parts.2.each": "-1", "counted": typed["counted"].replace("−0.5", "−1")}
        seen = digest(editing.of_form(piece, "B1"))
        service.edit(session, actor, draft_id=draft_id, rule_id="B1", typed=typed, seen=seen)
        service.propose(session, actor, draft_id=draft_id, year=today.year + 1)
