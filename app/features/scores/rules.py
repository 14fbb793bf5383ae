"""From facts to points: the same totals and rule set give the same sheet on any machine."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice

from app.features.ledger.rules import FactType, Total
from app.features.scores.parts import Part
from app.features.scores.parts.exact import Exact, half_up, within
from app.features.scores.parts.tally import Tally
from app.features.scores.remembering import lines_of
from app.features.scores.rule_set import Rule, RuleSet, Section
from app.features.scores.sheet import (
    Advice,
    DoubleGoodResult,
    LineResult,
    More,
    ScoreStanding,
    SectionResult,
    Sheet,
    Veto,
    share_of,
)


def evaluate(
    rule_set: RuleSet,
    totals: Iterable[Total],
    *,
    through: date,
    standing: ScoreStanding = ScoreStanding.FULL,
    vetoes: Collection[Veto] = (),
    to_come: Mapping[FactType, int] | None = None,
    kept: Collection[FactType] = tuple(FactType),
    closed: bool = False,
    takes_facts: bool = True,
) -> Sheet:
    """The sheet of one member for the year to date.

    Args:
        rule_set: What counts, and how much.
        totals: The member's totals in any order and any division; other years and later months are left out.
        through: A day of the last month that counts; a quarter's sheet names the quarter's last day.
        standing: An exempt member gets no score, a probationary one no advice.
        vetoes: What the committee confirmed. It takes away the double good and sets the advice.
        to_come: Facts that are due in the year and not there yet, by the type they become when all goes well.
        kept: What can be recorded here. A line of which nothing can is no loss: it leaves the maximum.
        closed: True once the year is over for good: nothing is possible or awaited any more.
        takes_facts: False once facts of single days count in the next year: only results can still come.
    """
    confirmed = tuple(sorted(set(vetoes)))
    if standing is ScoreStanding.EXEMPT:
        return _without_score(rule_set, through, confirmed)
    known = frozenset(kept)
    compute = partial(_line, kept=known, closed=closed, takes_facts=takes_facts)
    remembered = lines_of(rule_set, through.replace(day=1), known, closed, takes_facts)
    lines = iter(remembered.of(totals, through=through, to_come=to_come, compute=compute))
    base_sections = tuple(_section(section, lines) for section in rule_set.sections)
    base = sum(section.points for section in base_sections)
    base_possible = sum(section.possible for section in base_sections)
    extra = _extra(rule_set, lines, (base, base_possible))
    total = base + extra.points
    awaited = sum(line.awaited for section in base_sections for line in section.lines)
    maximum = sum(section.maximum for section in base_sections)
    graded = standing is ScoreStanding.FULL and maximum > 0
    double_good_lines = _double_good_lines(rule_set, base_sections) if graded else ()
    return Sheet(
        version=rule_set.version,
        through=through,
        standing=standing,
        sections=(*base_sections, extra),
        base=base,
        total=total,
        maximum=maximum,
        whole=rule_set.maximum,
        base_possible=base_possible,
        possible=base_possible + extra.possible,
        awaited=awaited,
        advice=_advice(rule_set, total, base_sections, vetoed=bool(confirmed), awaited=awaited) if graded else None,
        double_good=graded and not confirmed and all(line.reached for line in double_good_lines),
        double_good_lines=double_good_lines,
        vetoes=confirmed,
    )


def _without_score(rule_set: RuleSet, through: date, vetoes: tuple[Veto, ...]) -> Sheet:
    return Sheet(
        version=rule_set.version,
        through=through,
        standing=ScoreStanding.EXEMPT,
        sections=(),
        base=None,
        total=None,
        maximum=rule_set.maximum,
        whole=rule_set.maximum,
        base_possible=None,
        possible=None,
        awaited=0,
        advice=None,
        double_good=False,
        double_good_lines=(),
        vetoes=vetoes,
    )


def _section(section: Section, of_all: Iterator[LineResult]) -> SectionResult:
    """The section whose lines are the next ones ``of_all``."""
    lines = tuple(islice(of_all, len(section.rules)))
    maximum = points = possible = 0
    for line in lines:  # one loop: of 100,000 sheets three sums were a tenth
        maximum += line.maximum
        points += line.points
        possible += line.possible
    maximum = min(section.maximum, maximum)
    return SectionResult(section.id, section.title, min(maximum, points), maximum, min(maximum, possible), lines)


def _extra(rule_set: RuleSet, of_all: Iterator[LineResult], bases: tuple[int, int]) -> SectionResult:
    """The additional section: its lines always show their points, which count once the base is high enough.

    That height is not shared out like the lines of advice where something is left out: it stays as the rule set has it.
    """
    section = _section(rule_set.extra, of_all)
    counts, may_count = (reached >= rule_set.extra.needs for reached in bases)
    if counts and may_count:
        return section
    return SectionResult(
        id=section.id,
        title=section.title,
        points=section.points if counts else 0,
        maximum=section.maximum,
        possible=section.possible if may_count else 0,
        lines=section.lines,
        withheld=0 if counts else section.points,
    )


def _line(rule: Rule, tally: Tally, *, kept: frozenset[FactType], closed: bool, takes_facts: bool) -> LineResult:
    """One rule: its start and its parts, within 0 and its maximum, rounded half up once."""
    parts = [part for part in rule.parts if not kept.isdisjoint(part.fact_types)]
    is_kept = any(part.counts for part in parts)
    if not is_kept:
        parts = []
    outcomes = [part.outcome(tally) for part in parts]
    maximum = _maximum(rule, parts) if is_kept else 0
    value: Exact = (rule.start if is_kept else 0) + sum(outcome.value for outcome in outcomes)
    points = half_up(within(value, 0, maximum))
    bounds = [one.possible if takes_facts or one.awaited else one.value for one in outcomes]
    possible = points if closed or not is_kept else max(points, _possible(rule, bounds, maximum))
    awaited = sum(outcome.awaited for outcome in outcomes)
    more = (
        More(part.label, half_up(within(value + gain, 0, maximum)) - points)
        for part, outcome in zip(parts, outcomes, strict=True)
        if takes_facts and possible > points and (fact := part.one_more(tally.month))
        for gain in [part.outcome(tally.with_one(fact)).value - outcome.value]
    )
    return LineResult(
        rule_id=rule.id,
        title=rule.title,
        counted=rule.counted,
        source=rule.source,
        start=rule.start if is_kept else 0,
        reached=half_up(value),
        points=points,
        maximum=maximum,
        possible=possible,
        awaited=0 if closed else awaited,
        missing=awaited if closed else 0,
        to_come=0 if closed else sum(outcome.to_come for outcome in outcomes),
        more=tuple(one for one in more if one.points > 0),
        is_kept=is_kept,
        left_out=tuple(part.label for part in rule.parts if part.counts and part not in parts) if is_kept else (),
        steps=tuple(step for outcome in outcomes for step in outcome.steps),
        fact_types=rule.fact_types,
    )


def _maximum(rule: Rule, parts: Sequence[Part]) -> int:
    """The maximum of a rule, or what those of its ``parts`` that can have facts come to at the most."""
    return _possible(rule, [part.top for part in parts], rule.maximum)


def _possible(rule: Rule, bounds: Sequence[Exact | None], maximum: int) -> int:
    if None in bounds:
        return maximum
    reach: Exact = rule.start + sum(bound for bound in bounds if bound is not None)
    return half_up(within(reach, 0, maximum))


def _advice(
    rule_set: RuleSet, total: int, sections: Sequence[SectionResult], *, vetoed: bool, awaited: int
) -> Advice | None:
    if vetoed:
        return rule_set.advice_with_veto
    if awaited:  # a review not yet held is no loss, so nothing can be said before it
        return None
    maximum = sum(section.maximum for section in sections)
    for band in rule_set.advice:
        whole = all(section.points * 100 >= section.maximum * band.each_section_percent for section in sections)
        if total >= share_of(band.at_least, maximum, rule_set.maximum) and whole:
            return band.advice
    return rule_set.advice[-1].advice


def _double_good_lines(rule_set: RuleSet, sections: Sequence[SectionResult]) -> tuple[DoubleGoodResult, ...]:
    found = {section.id: section for section in sections}
    whole = {section.id: section.maximum for section in rule_set.sections}
    return tuple(
        DoubleGoodResult(
            line.title,
            sum(found[name].points for name in line.sections),
            share_of(
                line.at_least,
                sum(found[name].maximum for name in line.sections),
                sum(whole[name] for name in line.sections),
            ),
        )
        for line in rule_set.double_good
    )
