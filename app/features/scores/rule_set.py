"""A rule set: versioned data that says what counts and how much, checked before it is ever used."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from app.core.i18n import gettext as _
from app.features.ledger.rules import ONE, FactType
from app.features.scores.errors import RuleSetRefusedError, UnknownRuleSetError
from app.features.scores.parts import AnyPart
from app.features.scores.parts.exact import Exact, figure
from app.features.scores.parts.fields import Frozen, Points, PositivePoints, Words, refuse
from app.features.scores.sheet import Advice

RULE_SETS_DIR: Final = Path(__file__).parent / "rule_sets"
WHOLE: Final = 100 * ONE
"""What the base sections of every rule set make together, in hundredths. Source: domain, quantified §6."""

Identifier = Annotated[str, Field(pattern=r"^[A-Z][0-9]{0,2}$")]


class Rule(Frozen):
    """One line of the sheet: a start, the parts that add to it or take from it, and a maximum."""

    id: Identifier
    title: Words
    counted: Words
    """How this is counted, in words."""
    source: str = Field(min_length=1)
    """The document or custom the rule comes from."""
    start: Points = 0
    maximum: PositivePoints
    parts: tuple[AnyPart, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not 0 <= self.start <= self.maximum:
            refuse(_("%s starts outside 0 and its maximum.") % self.id)
        tops = [part.top for part in self.parts]
        reach: Exact = self.start + sum(top for top in tops if top is not None)
        if None not in tops and reach < self.maximum:
            refuse(
                _("%(rule)s can never reach its maximum of %(maximum)s: its parts give at most %(reach)s.")
                % {"rule": self.id, "maximum": figure(self.maximum), "reach": figure(reach)}
            )
        return self

    @property
    def fact_types(self) -> tuple[FactType, ...]:
        """The types this rule reads or shows."""
        return tuple(kind for part in self.parts for kind in part.fact_types)


class Section(Frozen):
    """Rules that share a maximum."""

    id: Identifier
    title: Words
    maximum: PositivePoints
    rules: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for rule in self.rules:
            if rule.maximum > self.maximum:
                refuse(
                    _("%(rule)s may give more than its section %(section)s.") % {"rule": rule.id, "section": self.id}
                )
        if sum(rule.maximum for rule in self.rules) < self.maximum:
            refuse(_("Section %s can never reach its maximum.") % self.id)
        return self


class ExtraSection(Section):
    """Additional points outside the base, which count once the base has reached ``needs``."""

    needs: Points


class AdviceBand(Frozen):
    """From how many points on, and with which share of every base section, an advice is given."""

    advice: Advice
    at_least: Points
    each_section_percent: int = Field(default=0, ge=0, le=100)


class DoubleGoodLine(Frozen):
    """Sections that must reach a number of points together."""

    title: Words
    sections: tuple[Identifier, ...] = Field(min_length=1)
    at_least: PositivePoints


class RuleSet(Frozen):
    """Everything that turns facts into a sheet, for one version."""

    version: str = Field(pattern=r"^[0-9]{4}\.[0-9]{1,3}$")
    title: Words
    maximum: PositivePoints
    sections: tuple[Section, ...] = Field(min_length=1)
    extra: ExtraSection
    advice: tuple[AdviceBand, ...] = Field(min_length=1)
    advice_with_veto: Advice
    double_good: tuple[DoubleGoodLine, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        together = sum(section.maximum for section in self.sections)
        if wrong := {self.maximum, together} - {WHOLE}:
            refuse(
                _("The sections make %(together)s together, not %(maximum)s.")
                % {"together": figure(together), "maximum": figure(WHOLE if together in wrong else self.maximum)}
            )
        names = [section.id for section in self.all_sections] + [rule.id for rule in self.rules()]
        if twice := _twice(names):
            refuse(_("“%s” is the name of two things.") % twice)
        if twice := _twice([kind.value for rule in self.rules() for kind in rule.fact_types]):
            refuse(_("“%s” is counted in two places; every fact counts once.") % twice)
        if not 0 <= self.extra.needs <= self.maximum:
            refuse(_("Additional points would never count."))
        self._check_advice()
        return self

    def _check_advice(self) -> None:
        lines = [band.at_least for band in self.advice]
        if lines != sorted(set(lines), reverse=True) or lines[-1] != 0 or lines[0] > self.maximum:
            refuse(_("The lines of advice fall step by step and end at 0."))
        maxima = {section.id: section.maximum for section in self.sections}
        for line in self.double_good:
            if set(line.sections) - maxima.keys() or _twice(line.sections):
                refuse(_("“Double good” names a section that is not there, or twice."))
            if line.at_least > sum(maxima[name] for name in line.sections):
                refuse(_("“Double good” asks for more points than its sections have."))

    @property
    def all_sections(self) -> tuple[Section, ...]:
        """The base sections, then the additional one."""
        return (*self.sections, self.extra)

    def rules(self) -> Iterator[Rule]:
        """All rules in the order of the sheet."""
        for section in self.all_sections:
            yield from section.rules


def _twice(names: Sequence[str]) -> str | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)


def read_rule_set(text: str) -> RuleSet:
    """A rule set from its JSON text.

    Raises:
        RuleSetRefusedError: one sentence for each thing that cannot stand, a forbidden fact type with its clause.
    """
    try:
        piece = json.loads(text)
    except json.JSONDecodeError as error:
        refusal = _("Line %(line)s is not JSON: %(problem)s.") % {"line": error.lineno, "problem": error.msg}
        raise RuleSetRefusedError([refusal]) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists in lists in lists
        raise RuleSetRefusedError([_("This text is larger or deeper than any rule set.")]) from error
    try:
        return RuleSet.model_validate(piece)
    except ValidationError as error:
        raise RuleSetRefusedError(_refusals(error)) from error


def problems(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    """Place and sentence of each problem; a list that lacks what was refused inside it is no problem of its own."""
    found = error.errors(include_url=False)
    places = [problem["loc"] for problem in found]
    return [
        (problem["loc"], _sentence(problem))
        for problem in found
        if not any(place != problem["loc"] and place[: len(problem["loc"])] == problem["loc"] for place in places)
    ]


def _refusals(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, place))}: {sentence}" if place else sentence for place, sentence in problems(error)]


def _sentence(problem: ErrorDetails) -> str:
    """What is wrong; what Pydantic finds by itself gets words of ours."""
    sentences = {
        "missing": _("is missing"),
        "extra_forbidden": _("is not known here"),
        "union_tag_not_found": _("needs a kind of counting"),
        "union_tag_invalid": _("is not a kind of counting that exists"),
        "enum": _("is not one of the known values"),
        "too_short": _("needs at least one"),
        "too_long": _("takes only one"),
        "string_pattern_mismatch": _("is not written as expected"),
        "string_too_short": _("needs a few words"),
        "greater_than": _("must be more than 0"),
        "greater_than_equal": _("must not be below 0"),
        "less_than_equal": _("is too large"),
        "int_parsing": _("must be a whole number"),
        "int_from_float": _("must be a whole number"),
        "int_type": _("must be a whole number"),
        "string_type": _("must be words in quotation marks"),
        "tuple_type": _("must be a list"),
        "dict_type": _("must have named fields"),
        "mapping_type": _("must have named fields"),
        "model_type": _("must have named fields"),
        "model_attributes_type": _("must have named fields"),
    }
    return sentences.get(problem["type"], problem["msg"])


def versions() -> tuple[str, ...]:
    """The versions that come with the product, oldest first."""
    return _versions_in(RULE_SETS_DIR)


@cache
def _versions_in(folder: Path) -> tuple[str, ...]:
    found = (path.stem for path in folder.glob("*.json"))
    return tuple(sorted(found, key=lambda version: [int(number) for number in version.split(".")]))


def newest_for(year: int) -> str:
    """The version that suits a year nobody has pinned: the newest one not meant for a later year, else the oldest."""
    known = versions()
    suitable = [version for version in known if int(version.split(".")[0]) <= year]
    return (suitable or known[:1])[-1]


@lru_cache(maxsize=8)
def rule_set(version: str) -> RuleSet:
    """The rule set of this version, read once and checked.

    Raises:
        UnknownRuleSetError: it does not come with the product.
        RuleSetRefusedError: the file holds something that cannot stand, or another version.
    """
    if version not in versions():
        raise UnknownRuleSetError(version=version, known=", ".join(versions()))
    rules = read_rule_set((RULE_SETS_DIR / f"{version}.json").read_text(encoding="utf-8"))
    if rules.version != version:
        raise RuleSetRefusedError([_("The file says it is version %s.") % rules.version])
    return rules
