"""What is archived, read as the pages show sheets: the own, or those of the branch for its officers."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFoundError
from app.core.rows import IDS
from app.features.ledger.rules import FactType
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.names import pinyin_key, place_key
from app.features.members.queries import AnyRow
from app.features.members.rules import ExemptionKind, Permission
from app.features.scores.archive.models import ArchivedSheet, Reopening
from app.features.scores.archive.reading import KeptFact, KeptVeto, facts_of, sheet_of
from app.features.scores.archive.snapshot import Content
from app.features.scores.periods import Period
from app.features.scores.queries import MemberSheet
from app.features.scores.sheet import ArchivedExtras
from app.features.scores.versions import rules_of

_YEAR: Final = bindparam("year", type_=Integer())
_BRANCH: Final = bindparam("branch", type_=Uuid())
_By = aliased(Member)
_SHEETS: Final = (
    select(ArchivedSheet, Reopening, _By.name.label("reopened_by"))
    .outerjoin(
        Reopening,
        (Reopening.member_id == ArchivedSheet.member_id)
        & (Reopening.year == ArchivedSheet.year)
        & (Reopening.version == ArchivedSheet.version),
    )
    .outerjoin(_By, _By.id == Reopening.reopened_by_id)
    .where(ArchivedSheet.year == _YEAR)
    .order_by(ArchivedSheet.version)
)
_SHEETS_OF: Final = _SHEETS.join(Member, Member.id == ArchivedSheet.member_id).where(
    ArchivedSheet.member_id == bindparam("member", type_=Uuid()),
    or_(
        Member.id == bindparam("me", type_=Uuid()),
        Member.branch_id == bindparam("officer_of", type_=Uuid()),
        ArchivedSheet.branch_id == bindparam("officer_of", type_=Uuid()),
    ),
)
_SHEETS_IN: Final = _SHEETS.where(ArchivedSheet.branch_id == _BRANCH)
_SHEETS_AROUND: Final = _SHEETS.where(or_(ArchivedSheet.branch_id == _BRANCH, ArchivedSheet.member_id.in_(IDS)))
_YEARS: Final = (
    select(ArchivedSheet.year).where(ArchivedSheet.branch_id == _BRANCH).distinct().order_by(ArchivedSheet.year.desc())
)


def years(session: Session, branch_id: UUID) -> Sequence[int]:
    """The years of which a branch has archived sheets, the newest first."""
    return session.scalars(_YEARS, {"branch": branch_id}).all()


def kept(
    session: Session,
    actor: Actor,
    member_id: UUID,
    year: int,
    version: int | None = None,
    *,
    versions: Sequence[AnyRow] | None = None,
) -> MemberSheet | None:
    """The archived sheet of a member: the one that stands, or a ``version`` of it; None where the year is open.

    ``versions`` are all there are (``versions_of``), where the caller has them.
    """
    rows = versions_of(session, actor, member_id, year) if versions is None else versions
    if version is None:
        return _shown(session, rows[-1], rows) if rows and rows[-1].Reopening is None else None
    for row in rows:
        if row.ArchivedSheet.version == version:
            return _shown(session, row, rows)
    raise NotFoundError


def versions_of(session: Session, actor: Actor, member_id: UUID, year: int) -> Sequence[AnyRow]:
    """The archived versions of a sheet that the actor may read, with what opened each again.

    The member, and the officers of the branch that archived it or to which the member belongs, read it.
    """
    officer_of = actor.branch_id if actor.may(Permission.SEE_BRANCH) else None
    asked = {"member": member_id, "year": year, "me": actor.member_id, "officer_of": officer_of}
    return session.execute(_SHEETS_OF, asked).all()


def of_branch(session: Session, branch_id: UUID, year: int) -> Iterator[MemberSheet]:
    """The archived sheets of a branch that stand, by group and pinyin of then."""
    return iter(_sorted(_standing(session, session.execute(_SHEETS_IN, {"branch": branch_id, "year": year}))))


def in_place_of(session: Session, branch_id: UUID, shown: Iterable[MemberSheet], period: Period) -> list[MemberSheet]:
    """The sheets of a branch with the archived ones in the place of those counted anew, where a whole year is over.

    Whose sheet the branch archived is among them, also who has moved since.
    """
    counted = list(shown)
    if not period.is_whole_year:
        return counted
    asked = {"branch": branch_id, "year": period.year, "ids": [one.member_id for one in counted]}
    archived = _standing(session, session.execute(_SHEETS_AROUND, asked))
    there = {one.member_id for one in archived}
    return _sorted([*archived, *(one for one in counted if one.member_id not in there)]) if archived else counted


def _standing(session: Session, rows: Iterable[AnyRow]) -> list[MemberSheet]:
    """Of each person the last version, unless it was re-opened."""
    last = {row.ArchivedSheet.member_id: row for row in rows}
    return [_shown(session, row, [row]) for row in last.values() if row.Reopening is None]


def _sorted(found: Iterable[MemberSheet]) -> list[MemberSheet]:
    return sorted(found, key=lambda one: (place_key(one.group_name or ""), pinyin_key(one.name), one.member_id))


def _shown(session: Session, row: AnyRow, rows: Sequence[AnyRow]) -> MemberSheet:
    """An archived row as the pages show sheets: all of it from the text, nothing from the present."""
    archived: ArchivedSheet = row.ArchivedSheet
    content: Content = json.loads(archived.content)
    rules = rules_of(session, content["rules"]["version"])
    facts = facts_of(content)
    person, year = content["person"], archived.year
    spans = content["exemptions"]
    sheet = sheet_of(content, rules)
    return MemberSheet(
        member_id=archived.member_id,
        name=person["name"],
        branch_name=content["branches"][content["branch"]],
        group_name=person["group"],
        post=person["post"],
        exemption=ExemptionKind(spans[-1]["kind"]) if sheet.base is None and spans else None,
        period=Period(through=sheet.through, is_running=False, is_closed=True, takes_facts=False),
        rules=rules,
        is_pinned=True,
        first_year=year,
        sheet=sheet,
        numbers=Counter(fact.fact_type for fact in facts),
        vetoes=[KeptVeto.read(one) for one in content["vetoes"]],
        elsewhere=_elsewhere(content, facts),
        kept=ArchivedExtras(
            version=archived.version,
            sha256=archived.sha256,
            archived_at=archived.archived_at,
            content=content,
            facts=facts,
            reopened=row.Reopening,
            reopened_by=row.reopened_by,
            versions=[one.ArchivedSheet.version for one in rows],
        ),
    )


def _elsewhere(content: Content, facts: Sequence[KeptFact]) -> Mapping[FactType, Sequence[str]]:
    """The branches from which facts come, other than the one that archived the sheet."""
    found = defaultdict(set)
    for fact in facts:
        if str(fact.branch_id) != content["branch"]:
            found[fact.fact_type].add(content["branches"][str(fact.branch_id)])
    return {kind: sorted(names) for kind, names in found.items()}


def all_sheets(session: Session, at_once: int = 200) -> Iterator[list[ArchivedSheet]]:
    """Every archived sheet of the installation, some at a time."""
    found = session.scalars(
        select(ArchivedSheet).order_by(ArchivedSheet.year, ArchivedSheet.branch_id, ArchivedSheet.member_id),
        execution_options={"yield_per": at_once},
    )
    while part := list(islice(found, at_once)):
        yield part


def with_code(session: Session, digits: str) -> ArchivedSheet | None:
    """The one whose check code begins with these hexadecimal digits."""
    return session.scalars(select(ArchivedSheet).where(ArchivedSheet.sha256.startswith(digits)).limit(1)).one_or_none()


def number_of_sheets(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(ArchivedSheet)) or 0
