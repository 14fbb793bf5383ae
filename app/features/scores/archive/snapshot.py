"""An archived sheet as text: composed from what was known of the person, the facts of the ledger and the rule set.

The same three give the same bytes again. Numbers are hundredths; what people read of a rule stands as in its file, in
the language it was written in. A key that is added later, or a sheet that says more, belongs to another ``FORMAT``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from app.core.chain import Head
from app.features.ledger.chain import Entry, sums
from app.features.ledger.rules import FactType, Total, shape
from app.features.scores.rule_set import RuleSet
from app.features.scores.rules import evaluate
from app.features.scores.sheet import FactKey, LineResult, ScoreStanding, SectionResult, Sheet, SheetStep, Veto

FORMAT: Final = 2
"""1: where an installation leaves something out there was neither advice nor a double good (decision 0033)."""
COMPOSED: Final = ("facts", "sheet")
"""The keys that follow from the others, the ledger and the rule set."""
SIGNED: Final = ("exemptions", "facts", "grade", "rules", "sheet", "standing", "vetoes")
"""The keys that somebody signs: what the person counts as, what was counted, what the committee said."""
Content = dict[str, Any]


def canonical(content: Mapping[str, Any]) -> str:
    """The one text of ``content``: keys in order, no spaces, every sign as it is."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal: the code that is printed."""
    return sha256(text.encode()).hexdigest()


def signed_digest(content: Content) -> str:
    """The digest of what is signed; where the chains end, and what was said, is not part of it."""
    return digest(canonical({key: content[key] for key in SIGNED}))


def as_text(moment: datetime) -> str:
    """A moment in UTC."""
    return moment.astimezone(UTC).isoformat()


def standing_facts(rows: Iterable[Entry], ends: Mapping[UUID, int]) -> list[Entry]:
    """Of all rows of one person and year, those that counted when the chains ended at ``ends``, by day and place.

    What was taken back by then does not stand; what came later is not there yet.
    """
    there = [row for row in rows if row.seq <= ends.get(row.branch_id, 0)]
    gone = {row.reversal_of for row in there}
    found = [row for row in there if row.reversal_of is None and row.id not in gone]
    return sorted(found, key=lambda row: (row.occurred_on, str(row.branch_id), row.seq))


def compose(given: Content, rows: Iterable[Entry], rules: RuleSet) -> Content:
    """The whole content: ``given`` (everything but ``COMPOSED``), the facts that count, and the sheet they give."""
    ends = {UUID(branch): head["seq"] for branch, head in given["heads"].items()}
    facts = standing_facts(rows, ends)
    totals = [
        Total(key.month, key.fact_type, key.grade, key.matter, count, quantity)
        for key, (count, quantity) in sums(facts)
    ]
    sheet = evaluate(
        rules,
        totals,
        through=date(given["year"], 12, 31),
        standing=ScoreStanding(given["standing"]),
        vetoes=[Veto(veto["kind"]) for veto in given["vetoes"]],
        kept=[FactType(kind) for kind in given["kept"]],
        closed=True,
        takes_facts=False,
    )
    if sheet.missing and not sheet.vetoes:  # nobody is advised for want of a result
        sheet = replace(sheet, advice=None)
    if given["format"] == 1 and not sheet.is_whole:
        sheet = replace(sheet, advice=None, double_good=False, double_good_lines=())
    return given | {"facts": [_fact(fact) for fact in facts], "sheet": _sheet(sheet, facts)}


def heads_as_given(heads: Mapping[UUID, Head]) -> Content:
    """Where the chains of these branches end, by branch."""
    return {str(branch): {"seq": head.seq, "digest": head.digest} for branch, head in heads.items()}


def _fact(fact: Entry) -> Content:
    return {
        "id": str(fact.id),
        "branch": str(fact.branch_id),
        "seq": fact.seq,
        "type": str(fact.fact_type),
        "grade": fact.grade,
        "quantity": fact.quantity,
        "occurred_on": fact.occurred_on.isoformat(),
        "counts_in": fact.counts_in.isoformat(),
        "matter": fact.matter,
        "note": fact.note,
        "source": fact.source,
        "source_id": fact.source_id,
        "posted_at": as_text(fact.posted_at),
    }


def _sheet(sheet: Sheet, facts: Sequence[Entry]) -> Content:
    return {
        "sections": [_section(section, facts) for section in sheet.sections],
        "base": sheet.base,
        "total": sheet.total,
        "maximum": sheet.maximum,
        "whole": sheet.whole,
        "advice": sheet.advice and str(sheet.advice),
        "double_good": sheet.double_good,
        "double_good_lines": [
            {"title": line.title.message, "points": line.points, "at_least": line.at_least}
            for line in sheet.double_good_lines
        ],
    }


def _section(section: SectionResult, facts: Sequence[Entry]) -> Content:
    return {
        "id": section.id,
        "title": section.title.message,
        "points": section.points,
        "maximum": section.maximum,
        "withheld": section.withheld,
        "lines": [_line(line, facts) for line in section.lines],
    }


def _line(line: LineResult, facts: Sequence[Entry]) -> Content:
    return {
        "id": line.rule_id,
        "title": line.title.message,
        "counted": line.counted.message,
        "source": line.source,
        "start": line.start,
        "reached": line.reached,
        "points": line.points,
        "maximum": line.maximum,
        "missing": line.missing,
        "is_kept": line.is_kept,
        "steps": [_step(step, facts) for step in line.steps],
    }


def _step(step: SheetStep, facts: Sequence[Entry]) -> Content:
    return {
        "label": step.label.message,
        "found": step.found,
        "counted": step.counted,
        "points": step.points,
        "formula": step.formula,
        "grade": step.grade,
        "matter": step.matter,
        "limits": [[str(limit.kind), limit.most] for limit in step.limits],
        "keys": [[str(key.fact_type), key.grade] for key in step.keys],
        "facts": [str(fact.id) for fact in facts if _fed(step, fact)],
    }


def _fed(step: SheetStep, fact: Entry) -> bool:
    if FactKey(fact.fact_type, fact.grade) not in step.keys:
        return False
    return not shape(fact.fact_type).by_matter or fact.matter == step.matter
