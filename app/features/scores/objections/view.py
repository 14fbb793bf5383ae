"""An objection in words: what it is about, its days, what can be done with it now; and the register 异议登记表."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from app.core import formats
from app.core.clock import local_day
from app.core.i18n import gettext as _
from app.core.tables import Table
from app.features.ledger.rules import GRADES, FactType, shape
from app.features.members.queries import AnyRow
from app.features.scores import fact_words
from app.features.scores.objections import queries
from app.features.scores.objections.filing import said
from app.features.scores.objections.rules import About, ObjectionOutcome, State, Step, called
from app.features.scores.rule_set import RuleSet

STEPS_OF_A_MEMBER: Final = (Step.ACCEPT, Step.ESCALATE)


def period(year: int, quarter: int | None) -> str:
    """The time that was objected to."""
    if quarter is None:
        return _("Year %(year)s") % {"year": year}
    return _("Quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}


def what(row: AnyRow, rules: RuleSet | None = None) -> str:
    """What it is about: the fact, the line under which one is missing, or which standing."""
    match row.about:
        case About.FACT:
            return f"{formats.short_day(row.occurred_on)} · {fact_words.kind(row) or row.fact_type.label}"
        case About.MISSING:
            titles = {rule.id: rule.title for rule in rules.rules()} if rules else {}
            line = _("Missing: %(line)s") % {"line": titles.get(row.rule_id, row.rule_id)}
            return f"{formats.short_day(row.day)} · {line}" if row.day else line
        case _:
            return str(row.matter.label)


def by(row: AnyRow) -> str:
    """The day that matters now; empty where nobody waits."""
    day = queries.day_of(row)
    if day is None:
        return ""
    words = _("To be taken further until %(day)s") if row.state is State.ANSWERED else _("Answer by %(day)s")
    return words % {"day": formats.short_day(day)}


def told(row: AnyRow) -> list[tuple[str, str, str]]:
    """What happened, in its order: what, the person and the day, the words."""
    steps = [(_("Filed"), _who(row.name, row.filed_at), row.words)]
    if row.taken_at:
        steps.append(
            (
                _("Late, taken up") if row.answer_by else _("Late, not taken up"),
                _who(row.taken_by, row.taken_at),
                row.declined_because or "",
            )
        )
    if row.outcome:
        steps.append(
            (
                _("Answer: %(outcome)s") % {"outcome": row.outcome.label},
                _who(row.answered_by, row.answered_at),
                row.reasons,
            )
        )
    if row.escalated_at:
        steps.append((_("Taken further"), _who(row.name, row.escalated_at), ""))
    if row.decision:
        steps.append(
            (
                _("Final decision: %(outcome)s") % {"outcome": row.decision.label},
                _who(row.decided_by, row.decided_at),
                row.decision_reasons,
            )
        )
    if row.ended_at:
        steps.append((str(row.state.label), _who(row.name, row.ended_at), ""))
    return steps


def member_steps(row: AnyRow, today: date) -> list[tuple[str, str]]:
    """What the member can do with the answer, or without one once the branch's day is over: values and words."""
    if row.state is State.ANSWERED and today <= row.escalate_until:
        return [(step.value, str(step.label)) for step in STEPS_OF_A_MEMBER]
    is_silent = row.state is State.FILED and today > row.answer_by
    return [(Step.ESCALATE.value, str(Step.ESCALATE.label))] if is_silent else []


def entries(types: Iterable[FactType]) -> list[tuple[str, str]]:
    """What can be entered under a line, each with its grade: values and words."""
    return [
        (f"{kind}:{grade}", f"{kind.label} · {GRADES[grade].label}" if grade else str(kind.label))
        for kind in types
        for grade in (shape(kind).grades or ("",))
    ]


def register(rows: Sequence[AnyRow], rules: RuleSet) -> Table:
    """The usual form, for the officers of the branch: it does not go upward."""
    headings = (
        _("Number of the objection"),
        _("Filed by"),
        _("Day"),
        _("Matter"),
        _("Kind of objection"),
        _("Answered by"),
        _("Answered on"),
        _("Outcome"),
        _("Reasons"),
        _("Taken further or not"),
        _("Final decision"),
    )
    return Table(_("Register of objections"), headings, [_line(row, rules) for row in rows])


def numbers(rows: Sequence[AnyRow]) -> Table:
    """How many in which branch and what came of them."""
    outcomes = tuple(ObjectionOutcome)
    headings = (_("Branch"), _("Filed"), _("Waiting"), *(str(one.label) for one in outcomes), _("Taken further"))
    return Table(_("Objections in the branches"), headings, [tuple(row) for row in rows])


def _line(row: AnyRow, rules: RuleSet) -> tuple[Any, ...]:
    return (
        called(row.year, row.number),
        row.name,
        local_day(row.filed_at),
        what(row, rules),
        str(row.about.label),
        row.answered_by or row.taken_by or "",
        _day(row.answered_at or row.taken_at),
        str((row.outcome or row.state).label),
        row.reasons or row.declined_because or "",
        _("yes") if row.escalated_at else _("no"),
        said(row) if row.decision else "",
    )


def _day(moment: Any) -> date | None:
    return local_day(moment) if moment else None


def _who(name: str | None, moment: Any) -> str:
    return f"{name} · {formats.short_day(local_day(moment))}"
