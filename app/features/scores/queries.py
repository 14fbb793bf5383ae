"""What a sheet is made of: whose it is, the rules of its year, the totals; and the facts behind each line.

Everybody reads the own sheet, officers those of their branch. For everybody else there is none: committee
officers see no persons, and a stranger learns not even that there is one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, func, or_, select
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
from app.features.members.models import Member, Organisation
from app.features.members.rules import ExemptionKind, Permission
from app.features.reviews import kinds
from app.features.scores import standings
from app.features.scores.errors import NoSheetOfYearError
from app.features.scores.periods import Period, period_of
from app.features.scores.rule_set import Rule, RuleSet
from app.features.scores.rules import evaluate
from app.features.scores.sheet import ArchivedExtras, LineResult, ScoreStanding, SectionResult, Sheet
from app.features.scores.versions import BEFORE, HAS_OWN, PINNED, rules_of, version_for, version_of
from app.features.scores.vetoes.queries import confirmed

AnyRow = Row[*tuple[Any, ...]]
_Group = aliased(Organisation)
_FIRST_MONTH: Final = select(func.min(LedgerTotal.month)).where(LedgerTotal.member_id == Member.id).scalar_subquery()
_SUBJECTS: Final = (
    select(
        Member.id,
        Member.name,
        Member.status,
        Member.confirmed,
        Member.post,
        Organisation.name.label("branch_name"),
        _Group.name.label("group_name"),
        PINNED.label("pinned"),
        BEFORE.label("before"),
        HAS_OWN.label("has_own"),
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
    """Why there is no score; None where there is one."""
    period: Period
    rules: RuleSet
    is_pinned: bool
    """Whether the year keeps its rule set; if not, it has the newest one that suits it."""
    first_year: int
    """The earliest year of which there is a sheet."""
    sheet: Sheet
    numbers: Mapping[FactType, int]
    """How many facts of each type count."""
    vetoes: Sequence[Any]
    """With their documents; the committee of the branch and the person alone read them."""
    elsewhere: Mapping[FactType, Sequence[str]]
    """The branches from which facts come, other than the present one: of who was transferred."""
    kept: ArchivedExtras | None = None
    """Where it is archived: nothing of it is read from the present."""

    @property
    def is_before_all(self) -> bool:
        """Whether nothing was recorded yet in its year: no number of it means anything."""
        return self.period.year < self.first_year

    @property
    def number_of_facts(self) -> int:
        """All facts of the period."""
        return sum(self.numbers.values())

    def from_elsewhere(self, kinds: Collection[FactType]) -> list[str]:
        """The other branches from which facts of these types come."""
        return sorted({name for kind in kinds for name in self.elsewhere.get(kind, ())})

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
        """Let only a year through of which there are numbers. ``NoSheetOfYearError``: nothing was recorded yet."""
        if self.is_before_all:
            raise NoSheetOfYearError(year=self.period.year, first=self.first_year)

    def rule(self, rule_id: str) -> Rule:
        """One rule of the sheet."""
        self.check_kept()
        for rule in self.rules.rules():
            if rule.id == rule_id:
                return rule
        raise NotFoundError


def member_sheet(
    session: Session, actor: Actor, member_id: UUID, period: Period, *, says_where: bool = True
) -> MemberSheet:
    """The sheet of a member for a period, in a handful of statements; ``says_where`` facts of other branches are from.

    Raises:
        NoSheetOfYearError: nothing was recorded that early; the year before this one has an empty sheet then.
    """
    asked = {
        "member": member_id,
        "me": actor.member_id,
        "officer_of": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None,
        "year": period.year,
    }
    subject = session.execute(_SUBJECT, asked).one_or_none()
    if subject is None:
        raise NotFoundError
    this_year = clock.today().year
    if period.year < min(first := _first_year(subject, this_year), this_year - 1):
        raise NoSheetOfYearError(year=period.year, first=first)
    rules = rules_of(session, version_for(period.year, subject.pinned, subject.before), has_own=subject.has_own)
    return _sheet(subject, period, _read(session, [member_id], period, rules=rules, says_where=says_where))


def kept_types(session: Session, year: int) -> frozenset[FactType]:
    """What can be recorded in this installation: what its streams bring, and what its ledger holds of the year else.

    What was recorded of a stream before it was switched off counts in its year, and raises no other year's maximum.
    """
    written = (kinds.fact_types() | fact_sources.fact_types()) - fact_sources.not_expected()
    return written | ledger.recorded_types(session, frozenset(FactType) - written, year)


class _Read(NamedTuple):
    """What the sheets of some people are made of, read at once."""

    rules: RuleSet
    kept: frozenset[FactType]
    totals: Mapping[UUID, Sequence[Total]]
    due: Mapping[FactType, Mapping[UUID, int]]
    vetoes: Mapping[UUID, Sequence[AnyRow]]
    exempt: Mapping[UUID, Sequence[AnyRow]]
    elsewhere: Mapping[UUID, Mapping[FactType, Sequence[str]]]
    this_year: int


def _read(session: Session, ids: Sequence[UUID], period: Period, *, rules: RuleSet, says_where: bool = True) -> _Read:
    """All of it; nothing is due once the year takes no facts."""
    until = first_of_month(period.through)
    return _Read(
        rules=rules,
        kept=kept_types(session, period.year),
        totals=ledger.totals(session, ids, since=period.since, until=period.since.replace(month=12)),
        due=kinds.to_come(session, ids, period.year) if period.takes_facts else {},
        vetoes=confirmed(session, ids, period.year),
        exempt=standings.exemptions(session, ids, period),
        elsewhere=ledger.elsewhere(session, ids, since=period.since, until=until) if says_where else {},
        this_year=clock.today().year,
    )


def _sheet(subject: AnyRow, period: Period, read: _Read) -> MemberSheet:
    """One sheet; what was settled after a quarter was still to come in it."""
    numbers: dict[FactType, int] = {}
    to_come = {fact_type: of_all.get(subject.id, 0) for fact_type, of_all in read.due.items()}
    totals, vetoes = read.totals.get(subject.id, ()), read.vetoes.get(subject.id, ())
    exemption = standings.exemption(period, read.exempt.get(subject.id, ()))
    for month, fact_type, _grade, _matter, count, _quantity in totals:
        counter = numbers if month <= period.through else to_come
        counter[fact_type] = counter.get(fact_type, 0) + count
    sheet = evaluate(
        read.rules,
        totals,
        through=period.through,
        standing=ScoreStanding.EXEMPT if exemption else standings.standing(period, subject.status, subject.confirmed),
        vetoes=[veto.kind for veto in vetoes],
        to_come=to_come,
        kept=read.kept,
        closed=period.is_closed,
        takes_facts=period.takes_facts,
    )
    if sheet.missing and not vetoes:  # nobody is advised for want of a result: people say what that means
        sheet = replace(sheet, advice=None)
    return MemberSheet(
        member_id=subject.id,
        name=subject.name,
        branch_name=subject.branch_name,
        group_name=subject.group_name,
        post=subject.post,
        exemption=exemption,
        period=period,
        rules=read.rules,
        is_pinned=subject.pinned is not None,
        first_year=_first_year(subject, read.this_year),
        sheet=sheet,
        numbers=numbers,
        vetoes=vetoes,
        elsewhere=read.elsewhere.get(subject.id, {}),
    )


def _first_year(subject: AnyRow, this_year: int) -> int:
    return min(subject.first_month.year, this_year) if subject.first_month else this_year


def sheet_card(session: Session, actor: Actor) -> MemberSheet:
    """The actor's own year to date, for the page of today."""
    return member_sheet(session, actor, actor.member_id, period_of(clock.today()), says_where=False)


def facts_of(session: Session, shown: MemberSheet, kinds: Collection[FactType] = tuple(FactType)) -> Sequence[AnyRow]:
    """The facts of these types behind a sheet, by day, also those taken back.

    ``shown`` is the proof that the asking person may see them.
    """
    if shown.kept is not None:
        return [fact for fact in shown.kept.facts if fact.fact_type in kinds]
    since, until = shown.period.since, first_of_month(shown.period.through)
    return ledger.facts(session, shown.member_id, since=since, until=until, kinds=kinds, with_reversed=True)


def sheets_of_branch(session: Session, actor: Actor, period: Period) -> Iterator[MemberSheet]:
    """Everybody's sheet of the branch, one after the other, by group and pinyin: for paper and for the file.

    Who has none for that time is left out.
    """
    ids = [member.id for member in members.branch_members(session, actor.branch_id)]
    subjects = {row.id: row for row in session.execute(_SEVERAL, {"ids": ids, "year": period.year})}
    first_years = {one: _first_year(subject, clock.today().year) for one, subject in subjects.items()}
    if not (here := [one for one in ids if period.year >= first_years[one]]) and ids:
        raise NoSheetOfYearError(year=period.year, first=min(first_years.values()))
    read = _read(session, here, period, rules=rules_of(session, version_of(session, period.year)))
    return (_sheet(subjects[one], period, read) for one in here)


def sheets_of(
    session: Session, ids: Sequence[UUID], period: Period
) -> Iterator[tuple[MemberSheet, frozenset[FactType]]]:
    """The sheets of these people, in their order, and what is kept here: for callers that know whose they may read."""
    subjects = {row.id: row for row in session.execute(_SEVERAL, {"ids": ids, "year": period.year})}
    read = _read(session, ids, period, rules=rules_of(session, version_of(session, period.year)))
    return ((_sheet(subjects[one], period, read), read.kept) for one in ids if one in subjects)


def branch_sheets(
    session: Session, actor: Actor, period: Period
) -> tuple[Sequence[AnyRow], Mapping[UUID, ExemptionKind]]:
    """Whose sheets an officer may open: the branch by group and pinyin, and who is exempt. Never with points."""
    return members.branch_members(session, actor.branch_id), members.exempt_on(session, actor.branch_id, period.through)
