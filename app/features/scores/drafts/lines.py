"""Lines that a rule set gains or loses while it is edited. What does not fit together then is said by ``checking``."""

from collections.abc import Iterator
from copy import deepcopy

from app.core.errors import ConflictError, NotFoundError
from app.core.formats import hundredths
from app.core.i18n import lazy_gettext as _
from app.features.ledger.rules import AppraisalGrade, FactType, shape
from app.features.scores.drafts import editing
from app.features.scores.drafts.editing import Piece


class LastLineError(ConflictError):
    """A section without lines, or a line without facts, is none."""

    message = _("This is the last one here: change it instead, or add another one first.")


def free_facts(draft: Piece) -> list[FactType]:
    """The types of facts that no line counts or shows."""
    taken = {fact for _section, rule in editing.rules(draft) for fact in _counted(rule)}
    return [one for one in FactType if one.value not in taken]


def with_line(draft: Piece, section_id: str, fact: FactType) -> tuple[Piece, str]:
    """A copy of ``draft`` with one more line in a section, and the line's name. It gives one point until it is edited.

    Where a line counts these facts already, that one stays.
    """
    counts = (rule["id"] for _section, rule in editing.rules(draft) if fact in _counted(rule))
    if there := next(counts, None):
        return draft, there
    new = deepcopy(draft)
    section = next((one for one in editing.sections(new) if one["id"] == section_id), None)
    if section is None:
        raise NotFoundError
    taken = {rule["id"] for _section, rule in editing.rules(new)}
    name = next(name for number in range(1, 100) if (name := f"{section_id}{number}") not in taken)
    label = str(fact.label)
    rule = {"id": name, "title": label, "counted": label, "source": str(_("Rule of this unit")), "maximum": "1"}
    section["rules"].append(rule | {"parts": [_part(fact)]})
    return new, name


def without(draft: Piece, rule_id: str, part: int | None = None) -> Piece:
    """A copy of ``draft`` without a line, or without one part of it."""
    new = deepcopy(draft)
    found = editing.rule_of(new, rule_id)
    if found is None or (part is not None and not 0 <= part < len(found[1]["parts"])):
        raise NotFoundError
    section, rule = found
    here = section["rules"] if part is None else rule["parts"]
    if len(here) == 1:
        raise LastLineError
    here.pop(here.index(rule) if part is None else part)
    return new


def _counted(rule: Piece) -> Iterator[str]:
    for part in rule["parts"]:
        for name in ("facts", "kept", "missed"):
            yield from part.get(name, ())


def _part(fact: FactType) -> Piece:
    """The way of counting that suits what a fact of this type says."""
    of = shape(fact)
    part = {"label": str(fact.label), "facts": [fact.value]}
    points = {grade: "1" for grade in of.grades if grade != AppraisalGrade.NOT_GRADED}
    if of.by_matter:
        return part | {"kind": "highest_per_matter", "points": points}
    if points:
        return part | {"kind": "grades", "points": points, "expected": 4}
    if of.lowest == 0:
        return part | {"kind": "mean", "points": "1", "full": hundredths(of.highest)}
    return part | {"kind": "quantity" if of.measured else "count", "each": "1", "cap": "1"}
