"""A rule set as a form: its numbers and words by the name of their field, and back; each refusal at its field."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final, NamedTuple

from app.core.formats import hundredths
from app.core.i18n import LazyText, gettext
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.quantities import parse_hundredths
from app.features.ledger.rules import GRADES, FactType
from app.features.scores.sheet import Advice

Piece = dict[str, Any]
"""A part of a rule set's JSON."""


class Sort(Word):
    """What is typed into a field."""

    WORDS = "words", _("Words")
    LONG = "long", _("Words")
    POINTS = "points", _("Points")
    NUMBER = "number", _("Number")
    FACTS = "facts", _("Facts it counts")
    LIST = "list", _("Points")


class Field(NamedTuple):
    """One field of a form."""

    path: str
    """Its place in the JSON, joined with dots: what it is called in the form, and where a refusal leads."""
    label: str
    sort: Sort
    value: str
    """As it is typed."""


_LABELS: Final[Mapping[str, tuple[LazyText, Sort]]] = {
    "title": (_("Title"), Sort.WORDS),
    "counted": (_("How it is counted, in words"), Sort.LONG),
    "source": (_("Document it rests on"), Sort.WORDS),
    "start": (_("Starts at"), Sort.POINTS),
    "maximum": (_("At most"), Sort.POINTS),
    "needs": (_("Count from so many base points on"), Sort.POINTS),
    "label": (_("Called"), Sort.WORDS),
    "facts": (_("Facts it counts"), Sort.FACTS),
    "kept": (_("Facts that keep it"), Sort.FACTS),
    "missed": (_("Facts that miss it"), Sort.FACTS),
    "each": (_("Points for each"), Sort.POINTS),
    "per_month": (_("At most so many a month"), Sort.NUMBER),
    "per_year": (_("At most so many a year"), Sort.NUMBER),
    "cap": (_("At most so many points"), Sort.POINTS),
    "expected": (_("Expected in a year"), Sort.NUMBER),
    "full": (_("Result that gives all points"), Sort.POINTS),
    "points": (_("Points"), Sort.POINTS),
    "at_least": (_("From so many points on"), Sort.POINTS),
    "each_section_percent": (_("Percent of every section"), Sort.NUMBER),
}
OPTIONAL: Final[Mapping[str, Sequence[str]]] = {
    "count": ("each", "per_month", "per_year", "cap"),
    "quantity": ("each", "cap"),
    "sequence": ("points",),
    "shown": (),
    "grades": ("points", "expected"),
    "highest_per_matter": ("points",),
    "ratio": ("points",),
    "mean": ("points", "full"),
}
"""The fields of each way of counting besides its name and its facts."""


def in_words(text: object) -> str:
    """Words of a rule set as people read them: those of the product are translated, others stand as they were typed."""
    return str(LazyText(str(text))) if text else ""


def called(name: str) -> str:
    """A group of fields, or a rule, as a heading."""
    return str(Advice(name).label) if name in set(Advice) else name


def sections(draft: Piece) -> Iterator[Piece]:
    """The base sections, then the additional one."""
    yield from draft["sections"]
    yield draft["extra"]


def rules(draft: Piece) -> Iterator[tuple[Piece, Piece]]:
    """Every rule with its section."""
    for section in sections(draft):
        for rule in section["rules"]:
            yield section, rule


def rule_of(draft: Piece, rule_id: str) -> tuple[Piece, Piece] | None:
    """One rule with its section."""
    return next((found for found in rules(draft) if found[1]["id"] == rule_id), None)


def of_form(draft: Piece, rule_id: str | None) -> str:
    """What a form is of, as text: one rule, or (``None``) all but the rules; empty where there is no such rule."""
    if rule_id is not None:
        found = rule_of(draft, rule_id)
        return as_text(found[1]) if found else ""
    bare = [section | {"rules": []} for section in sections(draft)]
    return as_text(draft | {"sections": bare, "extra": {}})


def rule_fields(rule: Piece) -> list[list[Field]]:
    """The fields of a rule: first its own, then those of each part."""
    own = [_field(rule, "", name) for name in ("title", "counted", "source", "start", "maximum")]
    return [own, *(list(_part_fields(part, f"parts.{n}.")) for n, part in enumerate(rule["parts"]))]


def frame_fields(draft: Piece) -> list[tuple[str, list[Field]]]:
    """What holds for the whole: titles and maxima of the sections, the lines of advice and of the double good."""
    named = [("", [_field(draft, "", "title")])]
    for n, section in enumerate(draft["sections"]):
        named.append((section["id"], [_field(section, f"sections.{n}.", name) for name in ("title", "maximum")]))
    extra = draft["extra"]
    named.append((extra["id"], [_field(extra, "extra.", name) for name in ("title", "maximum", "needs")]))
    for n, band in enumerate(draft["advice"]):
        fields = [_field(band, f"advice.{n}.", name) for name in ("at_least", "each_section_percent")]
        named.append((band["advice"], fields))
    for n, line in enumerate(draft["double_good"]):
        fields = [_field(line, f"double_good.{n}.", name) for name in ("title", "at_least")]
        named.append((" + ".join(line["sections"]), fields))
    return named


def _part_fields(part: Piece, at: str) -> Iterator[Field]:
    yield _field(part, at, "label")
    for name in ("kept", "missed") if part["kind"] == "ratio" else ("facts",):
        yield _field(part, at, name)
    for name in OPTIONAL[part["kind"]]:
        value = part.get(name)
        match value:
            case dict():
                for grade, points in value.items():
                    yield Field(f"{at}points.{grade}", str(GRADES[grade].label), Sort.POINTS, points)
            case list():
                yield Field(f"{at}points", gettext("Points for the first, the second …"), Sort.LIST, ", ".join(value))
            case _:
                yield _field(part, at, name)


def _field(piece: Piece, at: str, name: str) -> Field:
    label, sort = _LABELS[name]
    value = piece.get(name)
    typed: str
    match sort:
        case Sort.FACTS:
            typed = gettext(", ").join(_fact_words(one) for one in value or ())
        case Sort.WORDS | Sort.LONG:
            typed = str(value or "") if name == "source" else in_words(value)
        case _:
            typed = "" if value is None else str(value)
    return Field(at + name, str(label), sort, typed)


def _fact_words(name: str) -> str:
    return str(FactType(name).label) if name in set(FactType) else name


def typed_into(piece: Piece, fields: Sequence[Field], typed: Mapping[str, str]) -> Piece:
    """A copy of ``piece`` with what was typed into ``fields``; an empty number is left out of it."""
    new = deepcopy(piece)
    for field in fields:
        if field.path in typed:
            _put(new, field, typed[field.path].strip())
    return new


def _put(piece: Piece, field: Field, text: str) -> None:
    *way, name = field.path.split(".")
    place: Any = piece
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if text == field.value:
        return
    if not text and field.sort in (Sort.POINTS, Sort.NUMBER) and "points" not in field.path:
        place.pop(name, None)
        return
    place[name] = _read(field.sort, text)


def _read(sort: Sort, text: str) -> Any:
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    match sort:
        case Sort.FACTS:
            return [_fact_named(one) for one in re.split(r"[、,;，；\n]+", text) if one.strip()]
        case Sort.LIST:
            return [_points(one) for one in re.split(r"[、,; ]+", plain) if one]
        case Sort.POINTS:
            return _points(plain)
        case Sort.NUMBER:
            return int(plain) if plain.isdecimal() and len(plain) < 10 else plain
        case _:
            return text


def _points(text: str) -> str:
    try:
        return hundredths(parse_hundredths(text))
    except ValueError:
        return text  # the rule set refuses it with a sentence of its own


def _fact_named(words: str) -> str:
    """The type that is called so; whatever is none stays as it was typed, to be refused with its clause."""
    words = words.strip()
    return next((kind.value for kind in FactType if words == str(kind.label)), words)


def as_text(draft: Piece) -> str:
    """The text that is kept and published."""
    return json.dumps(draft, ensure_ascii=False, indent=2) + "\n"
