"""The sheet of one person as plain values: sections, lines, the steps of each calculation. Points in hundredths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.rules import FactType
from app.features.scores.parts.exact import half_up, quotient


class ScoreStanding(Word):
    """How a member stands towards the score. Source: docs/domain.md §6."""

    FULL = "full", _("scored and graded")
    PROBATIONARY = "probationary", _("scored, not graded")
    """Scored, not graded: no advice, no double good."""
    EXEMPT = "exempt", _("exempt, without a score")
    """A sheet without a score."""


class Veto(Word):
    """Kinds of veto 一票否决: entered with a document number, confirmed by the committee; never computed."""

    LIABILITY = "liability", _("discipline or criminal liability")
    """Discipline or criminal liability."""
    INACTIVE = "inactive", _("six months without organisation life, dues or assigned work")
    """Six months without organisation life, dues or assigned work."""
    NOT_QUALIFIED = "not_qualified", _("review grade not qualified")
    """Review grade 不合格."""
    FALSIFIED = "falsified", _("falsified records")
    """Falsified records."""


class Advice(Word):
    """What the points suggest. A person's grade is always entered by people (red line 8)."""

    EXCELLENT_SUGGESTED = "excellent_suggested", _("excellent suggested")
    QUALIFIED = "qualified", _("qualified")
    TALK_SUGGESTED = "talk_suggested", _("qualified, a talk suggested")
    HELP = "help", _("talk and help")


class FactMark(Word):
    """How a fact behind a line is marked (the marks of ``ui.verdict``)."""

    KEPT = "kept", _("counted")
    MISSED = "miss", _("missed")
    NEUTRAL = "flat", _("without points")


class FactKey(NamedTuple):
    """Which facts of the member fed a step."""

    fact_type: FactType
    grade: str


class LimitKind(StrEnum):
    """Why a step counts less than was found."""

    PER_MONTH = "per_month"
    PER_YEAR = "per_year"
    POINTS = "points"
    FIRST = "first"
    HIGHEST = "highest"
    SHOWN = "shown"
    NOT_GRADED = "not_graded"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that made a difference. ``most`` is a number of facts, for ``POINTS`` hundredths with their sign.

    For ``NOT_GRADED`` it is what is left of the facts that were expected.
    """

    kind: LimitKind
    most: int


@dataclass(frozen=True, slots=True)
class SheetStep:
    """One step of a calculation, such as "Absent without excuse: 3 × −2 = −6"."""

    label: LazyText
    found: int
    """Facts there are, reversed ones taken off."""
    counted: int
    """Of these, how many make the points."""
    points: int
    """What the step gives; rounded for showing only, the rule rounds its sum once."""
    formula: str
    """Figures and signs alone, the same in every language; empty where nothing is computed."""
    keys: tuple[FactKey, ...]
    limits: tuple[Limit, ...] = ()
    grade: str = ""
    matter: str = ""


class More(NamedTuple):
    """What one more fact of a part would add to its line."""

    label: LazyText
    points: int


@dataclass(frozen=True, slots=True)
class LineResult:
    """One rule applied to one person."""

    rule_id: str
    title: LazyText
    counted: LazyText
    """How this is counted, in words."""
    source: str
    start: int
    reached: int
    """What start and steps come to, before it is held within 0 and the maximum."""
    points: int
    """Rounded half up once, here."""
    maximum: int
    """Of what is kept here; 0 where nothing of the line is."""
    possible: int
    """The most this line can still reach in the year; an upper bound, never below ``points``."""
    awaited: int
    """Results that come by themselves and are not in yet: appraisals to come, a review not yet held."""
    missing: int
    """The same once the year is over for good: results that never came. People say what that means."""
    to_come: int
    """Facts that are due and not there yet; with all of them kept the line has ``possible``."""
    more: tuple[More, ...]
    """What one more fact gives now, part by part; only what gives something."""
    is_kept: bool
    """False where nothing in this installation can record a fact of the line: it then counts nowhere."""
    steps: tuple[SheetStep, ...]
    fact_types: tuple[FactType, ...]
    """All types the rule reads or shows; the page lists these facts."""
    left_out: tuple[LazyText, ...] = ()
    """Parts of a line that is kept of which nothing here can record a fact."""

    @property
    def has_no_result(self) -> bool:
        """Whether it stands on results of which none came: its 0 is then no number to be read."""
        return bool(self.awaited or self.missing) and not self.steps and not self.start


@dataclass(frozen=True, slots=True)
class SectionResult:
    """One section of the sheet, within 0 and its maximum."""

    id: str
    title: LazyText
    points: int
    """What counts in the total."""
    maximum: int
    possible: int
    lines: tuple[LineResult, ...]
    withheld: int = 0
    """Additional points that do not count because the base is too low."""

    def reach(self, line: LineResult) -> int:
        """The most that ``line`` can still come to here: what its neighbours leave it of what they share."""
        return min(line.possible, line.points + max(0, self.maximum - sum(one.points for one in self.lines)))


@dataclass(frozen=True, slots=True)
class DoubleGoodResult:
    """One line of the double good 双好: what it asks of some sections together, and what they have."""

    title: LazyText
    points: int
    at_least: int

    @property
    def reached(self) -> bool:
        """Whether the points are enough."""
        return self.points >= self.at_least


@dataclass(frozen=True, slots=True)
class Sheet:
    """The year to date of one person. Without a score (exempt) there are no sections and no numbers."""

    version: str
    through: date
    standing: ScoreStanding
    sections: tuple[SectionResult, ...]
    """The base sections in the order of the rule set, then the additional one."""
    base: int | None
    total: int | None
    maximum: int
    """Of the base as far as it is kept here; additional points lie outside."""
    whole: int
    """Of the base of the rule set."""
    base_possible: int | None
    """The most the base can still become in the year."""
    possible: int | None
    """The same with the additional points."""
    awaited: int
    advice: Advice | None
    """None while results are awaited in an open year, and for everybody who is not graded."""
    double_good: bool
    """Every line below is reached and there is no veto; never for who is not graded."""
    double_good_lines: tuple[DoubleGoodResult, ...]
    vetoes: tuple[Veto, ...]

    @property
    def extra(self) -> SectionResult | None:
        """The additional section; None without a score."""
        return self.sections[-1] if self.sections else None

    @property
    def is_whole(self) -> bool:
        """Whether every part of the base is kept here, so that the lines of the rule set stand as they are written."""
        return self.maximum == self.whole

    def asks(self, at_least: int) -> int:
        """What a line of advice at ``at_least`` asks here."""
        return share_of(at_least, self.maximum, self.whole)

    @property
    def missing(self) -> int:
        """Results that never came."""
        return sum(line.missing for section in self.sections[:-1] for line in section.lines)

    @property
    def not_kept(self) -> tuple[LineResult, ...]:
        """Lines of the base that nothing here can fill."""
        return tuple(line for section in self.sections[:-1] for line in section.lines if not line.is_kept)


def share_of(at_least: int, maximum: int, whole: int) -> int:
    """What a line at ``at_least`` of ``whole`` asks where only ``maximum`` can be had: the same share, half up.

    What nobody here can earn is asked of nobody (decision 0033). Hundredths.
    """
    return at_least if maximum == whole else half_up(quotient(at_least * maximum, whole))


@dataclass(frozen=True, slots=True)
class ArchivedExtras:
    """What an archived sheet says beyond the sheet (``archive/``): all of it as it was."""

    version: int
    sha256: str
    archived_at: datetime
    content: Mapping[str, Any]
    facts: Sequence[Any]
    reopened: Any
    """What opened it again, if anything did: reason, document, moment."""
    reopened_by: str | None
    versions: Sequence[int]
    """All there are."""
