"""What a sheet is made of: whose it is, the rules of its year, the totals; and the facts behind each line.

Everybody reads the own sheet, officers those of their branch. For everybody else there is none: committee
officers see no persons, and a stranger learns not even that there is one.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Row, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.clock import first_of_month
from app.core.errors import NotFoundError
from app.core.rows import IDS
from app.features.ledger import fact_sources
from app.features.ledger import queries as ledger
from app.features.ledger.models import LedgerTotal
from app.features.ledger.rules import FactType, Total
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Exemption, Member, Organisation
from app.features.members.rules import ExemptionKind, MemberStatus, Permission
from app.features.reviews import kinds
from app.features.scores.errors import NoSheetOfYearError
from app.features.scores.models import RulePeriod
from app.features.scores.periods import Period, period_of
from app.features.scores.rule_set import Rule, RuleSet, newest_for, rule_set
from app.features.scores.rules import evaluate
from app.features.scores.sheet import LineResult, SectionResult, Sheet, Standing

AnyRow = Row[*tuple[Any, ...]]
_Due = Mapping[FactType, Mapping[UUID, int]]
_Group = aliased(Organisation)
_DAY: Final = bindparam("day", type_=Date())
_EXEMPTION: Final = (
    select(Exemption.kind)
    .where(
        Exemption.member_id == Member.id,
        Exemption.starts_on <= _DAY,
        or_(Exemption.ends_on.is_(None), Exemption.ends_on >= _DAY),
    )
    .order_by(Exemption.starts_on, Exemption.id)
    .limit(1)
    .scalar_subquery()
)
_PINNED: Final = (
    select(RulePeriod.version).where(RulePeriod.year == bindparam("year", type_=Integer())).scalar_subquery()
)
_FIRST_MONTH: Final = select(func.min(LedgerTotal.month)).where(LedgerTotal.member_id == Member.id).scalar_subquery()
_SUBJECTS: Final = (
    select(
        Member.id,
        Member.name,
        Member.status,
        Member.post,
        Organisation.name.label("branch_name"),
        Organisation.is_demo,
        _Group.name.label("group_name"),
        _EXEMPTION.label("exemption"),
        _PINNED.label("pinned"),
        _FIRST_MONTH.label("first_month"),
    )
    .join(Organisation, Organisation.id == Member.branch_id)
    .outerjoin(_Group, _Group.id == Member.group_id)
)
_SUBJECT: Final = _SUBJECTS.where(
    Member.id == bindparam("member"),
    or_(Member.id == bindparam("me"), Member.branch_id == bindparam("officer_of", type_=Uuid())),
)
_SEVERAL: Final = _SUBJECTS.where(Member.id.in_(IDS))


@dataclass(frozen=True, slots=True)
class MemberSheet:
    """One person's sheet of one period, and what the page says around it."""

    member_id: UUID
    name: str
    branch_name: str
    group_name: str | None
    post: str | None
    """The working post."""
    exemption: ExemptionKind | None
    period: Period
    rules: RuleSet
    is_pinned: bool
    """Whether the year keeps its rule set; if not, it has the newest one that suits it."""
    first_year: int
    """The earliest year of which there is a sheet."""
    sheet: Sheet
    numbers: Mapping[FactType, int]
    """How many facts of each type count."""

    @property
    def is_before_all(self) -> bool:
        """Whether nothing was recorded yet in its year: no number of it means anything."""
        return self.period.year < self.first_year

    @property
    def number_of_facts(self) -> int:
        """All facts of the period."""
        return sum(self.numbers.values())

    def facts_behind(self, kinds: Collection[FactType]) -> int:
        """How many facts of these types count."""
        return sum(self.numbers.get(kind, 0) for kind in kinds)

    def section(self, section_id: str) -> SectionResult | None:
        """One section of the sheet; None for a member without a score."""
        return next((section for section in self.sheet.sections if section.id == section_id), None)

    def section_of(self, rule_id: str) -> SectionResult | None:
        """The section in which a line stands; None for a member without a score."""
        return next((one for one in self.sheet.sections if rule_id in {line.rule_id for line in one.lines}), None)

    def line(self, rule_id: str) -> LineResult | None:
        """One line of the sheet; None for a member without a score."""
        lines = (line for section in self.sheet.sections for line in section.lines)
        return next((line for line in lines if line.rule_id == rule_id), None)

    def check_kept(self) -> None:
        """Let only a year through of which there are numbers.

        Raises:
            NoSheetOfYearError: nothing was recorded yet.
        """
        if self.is_before_all:
            raise NoSheetOfYearError(year=self.period.year, first=self.first_year)

    def rule(self, rule_id: str) -> Rule:
        """One rule of the sheet.

        Raises:
            NotFoundError: the rule set has no such rule, or the year no sheet.
        """
        self.check_kept()
        for rule in self.rules.rules():
            if rule.id == rule_id:
                return rule
        raise NotFoundError


def member_sheet(session: Session, actor: Actor, member_id: UUID, period: Period) -> MemberSheet:
    """The sheet of a member for a period, in a handful of statements.

    Raises:
        NotFoundError: no such member in the actor's sight.
        NoSheetOfYearError: nothing was recorded that early; the year before this one has an empty sheet then.
    """
    asked = {
        "member": member_id,
        "me": actor.member_id,
        "officer_of": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None,
        "day": period.through,
        "year": period.year,
    }
    subject = session.execute(_SUBJECT, asked).one_or_none()
    if subject is None:
        raise NotFoundError
    if period.year < min(first := _first_year(subject), clock.today().year - 1):
        raise NoSheetOfYearError(year=period.year, first=first)
    totals = ledger.totals(session, [member_id], since=period.since, until=period.since.replace(month=12))
    due = _due(session, [member_id], period)
    return _sheet(subject, period, totals[member_id], due, kept_types(session, is_demo=subject.is_demo))


def kept_types(session: Session, *, is_demo: bool) -> frozenset[FactType]:
    """What can be recorded in this installation: what its streams bring, and what its ledger holds from elsewhere.

    Invented people live with everything, also with what comes once a year.
    """
    if is_demo:
        return frozenset(FactType)
    return kinds.fact_types() | fact_sources.fact_types() | ledger.recorded_types(session)


def _due(session: Session, ids: Collection[UUID], period: Period) -> _Due:
    """What is still to come for these members; nothing in a period that is closed."""
    return {} if period.is_closed else kinds.to_come(session, ids, period.year)


def _sheet(
    subject: AnyRow, period: Period, totals: Sequence[Total], due: _Due, kept: Collection[FactType]
) -> MemberSheet:
    """One sheet; what was settled after a quarter was still to come in it."""
    rules = rule_set(subject.pinned or newest_for(period.year))
    numbers: Counter[FactType] = Counter()
    to_come = Counter({fact_type: of_all.get(subject.id, 0) for fact_type, of_all in due.items()})
    for total in totals:
        counter = numbers if total.month <= period.through else to_come
        counter[total.fact_type] += total.count
    return MemberSheet(
        member_id=subject.id,
        name=subject.name,
        branch_name=subject.branch_name,
        group_name=subject.group_name,
        post=subject.post,
        exemption=subject.exemption,
        period=period,
        rules=rules,
        is_pinned=subject.pinned is not None,
        first_year=_first_year(subject),
        sheet=evaluate(
            rules,
            totals,
            through=period.through,
            standing=_standing(subject),
            to_come=to_come,
            kept=kept,
            closed=period.is_closed,
        ),
        numbers=numbers,
    )


def _first_year(subject: AnyRow) -> int:
    this_year = clock.today().year
    return min(subject.first_month.year, this_year) if subject.first_month else this_year


def sheet_card(session: Session, actor: Actor) -> MemberSheet:
    """The actor's own year to date, for the page of today."""
    return member_sheet(session, actor, actor.member_id, period_of(clock.today()))


def facts_of(session: Session, shown: MemberSheet, kinds: Collection[FactType] = tuple(FactType)) -> Sequence[AnyRow]:
    """The facts of these types behind a sheet, by day, also those taken back.

    ``shown`` is the proof that the asking person may see them.
    """
    return ledger.facts(
        session,
        shown.member_id,
        since=shown.period.since,
        until=first_of_month(shown.period.through),
        kinds=kinds,
        with_reversed=True,
    )


def sheets_of_branch(session: Session, actor: Actor, period: Period) -> Iterator[MemberSheet]:
    """Everybody's sheet of the branch, one after the other, by group and pinyin: for paper and for the file.

    Who has none for that time is left out.

    Raises:
        NoSheetOfYearError: nobody has one.
    """
    ids = [member.id for member in members.branch_members(session, actor.branch_id)]
    asked = {"ids": ids, "day": period.through, "year": period.year}
    subjects = {row.id: row for row in session.execute(_SEVERAL, asked)}
    totals = ledger.totals(session, ids, since=period.since, until=period.since.replace(month=12))
    kept = kept_types(session, is_demo=any(row.is_demo for row in subjects.values()))
    here = [one for one in ids if period.year >= _first_year(subjects[one])]
    if ids and not here:
        raise NoSheetOfYearError(year=period.year, first=min(map(_first_year, subjects.values())))
    due = _due(session, here, period)
    return (_sheet(subjects[one], period, totals[one], due, kept) for one in here)


def branch_sheets(session: Session, actor: Actor) -> tuple[Sequence[AnyRow], Mapping[UUID, ExemptionKind]]:
    """Whose sheets an officer may open: the branch by group and pinyin, and who is exempt. Never with points."""
    return members.branch_members(session, actor.branch_id), members.exempt_on(session, actor.branch_id)


def _standing(subject: AnyRow) -> Standing:
    if subject.exemption is not None:
        return Standing.EXEMPT
    return Standing.PROBATIONARY if subject.status is MemberStatus.PROBATIONARY else Standing.FULL
