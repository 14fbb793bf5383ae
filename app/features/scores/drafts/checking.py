"""Whether a rule set that is edited can stand, each refusal at its field; and what is different in it."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final, NamedTuple

from pydantic import BaseModel, ValidationError

from app.core.i18n import gettext as _
from app.features.ledger.quantities import parse_hundredths
from app.features.ledger.rules import FactType
from app.features.scores.drafts import editing
from app.features.scores.drafts.editing import Piece, Sort
from app.features.scores.rule_set import Rule, RuleSet, problems


def rule_refusals(rule: Piece) -> dict[str, str]:
    """What cannot stand in a rule, by its field: start and maximum, where its parts do not make them."""
    found = _refused(Rule, rule, {field.path for fields in editing.rule_fields(rule) for field in fields})
    if whole := found.pop("form", None):
        start, most = (parse_hundredths(rule.get(name, "0")) for name in ("start", "maximum"))
        found["maximum" if 0 <= start <= most else "start"] = whole
    return found


def frame_refusals(draft: Piece) -> dict[str, str]:
    """What cannot stand in the sections' maxima and the lines, whatever the rules inside the sections give."""
    bare = deepcopy(draft)
    for kind, section in zip(FactType, editing.sections(bare), strict=False):
        most = section["maximum"]
        shown = {"kind": "shown", "label": "-", "facts": [kind.value]}
        rule = {"id": f"{section['id']}1", "title": "-", "counted": "-", "source": "-", "start": most, "maximum": most}
        section["rules"] = [rule | {"parts": [shown]}]
    return _refused(RuleSet, bare, {field.path for _name, fields in editing.frame_fields(draft) for field in fields})


def refusals(draft: Piece) -> list[tuple[str, str]]:
    """Everything that cannot stand in the whole: where, as people call it, and why."""
    try:
        RuleSet.model_validate(draft)
    except ValidationError as error:
        return [(_where(draft, place), sentence) for place, sentence in problems(error)]
    return []


def _where(draft: Piece, place: Sequence[int | str]) -> str:
    found, name = draft, ""
    for step in place:
        try:
            found = found[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        name = found.get("id", name) if isinstance(found, dict) else name
    return name


def _refused(model: type[BaseModel], piece: Piece, fields: set[str]) -> dict[str, str]:
    try:
        model.model_validate(piece)
    except ValidationError as error:
        return {_at(place, fields): sentence for place, sentence in reversed(problems(error))}
    return {}


def _at(place: Sequence[int | str], fields: set[str]) -> str:
    """The field a refusal leads to: the one at its place or around it; ``form`` where there is none.

    The name of the way of counting is a step of the place (``parts``, 0, ``count``, ``each``) and of no field.
    """
    steps = [str(step) for n, step in enumerate(place) if not (step in editing.OPTIONAL and n in (0, 2))]
    while steps and ".".join(steps) not in fields:
        if f"{'.'.join(steps)}.label" in fields:
            return f"{'.'.join(steps)}.label"
        steps.pop()
    return ".".join(steps) or "form"


WORDS: Final = frozenset({Sort.WORDS, Sort.LONG})
_Said = tuple[str, str, Sort]
_NOTHING: Final[_Said] = ("", "", Sort.WORDS)


class Difference(NamedTuple):
    """One field that two rule sets say differently."""

    rule_id: str
    """The rule, or the section; empty for the whole."""
    label: str
    before: str
    after: str
    is_text: bool = False
    """Whether only words differ, which change nobody's points."""


def differences(old: Piece, new: Piece) -> list[Difference]:
    """What is typed differently in ``new``: field by field; a part is the same where its facts are."""
    before, after = _flat(old), _flat(new)
    return [
        Difference(key[0], label, *said, is_text=sort in WORDS)
        for key in dict.fromkeys((*before, *after))
        for label, _value, sort in [after.get(key) or before[key]]
        if (said := (before.get(key, _NOTHING)[1], after.get(key, _NOTHING)[1]))[0] != said[1]
    ]


def _flat(draft: Piece) -> dict[tuple[str, ...], _Said]:
    found: dict[tuple[str, ...], _Said] = {}
    for name, fields in editing.frame_fields(draft):
        found |= {(name, field.path): (field.label, field.value, field.sort) for field in fields}
    for _section, rule in editing.rules(draft):
        own, *parts = editing.rule_fields(rule)
        found |= {(rule["id"], field.path): (field.label, field.value, field.sort) for field in own}
        for piece, fields in zip(rule["parts"], parts, strict=True):
            facts = ",".join(piece.get("facts") or (*piece["kept"], *piece["missed"]))
            for field in fields:
                name = field.path.split(".", 2)[2]
                said = {"label": fields[0].value, "sentence": field.label}
                label = field.label if name == "label" else _("%(label)s: %(sentence)s") % said
                found[rule["id"], facts, name] = (label, field.value, field.sort)
    return found
