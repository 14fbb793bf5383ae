"""What an upheld objection brings into the ledger, and what stands at the end of a publicity."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, String, Uuid, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.errors import BadInputError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.rows import IDS
from app.features.ledger import service as ledger
from app.features.ledger.fact_sources import FactSource
from app.features.ledger.models import Fact
from app.features.ledger.new_facts import NewFact
from app.features.ledger.periods import last_day_of
from app.features.ledger.rules import OBJECTION, ONE, FactType
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.scores import versions
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import ObjectionOutcome, called, check_correction, check_day
from app.features.scores.rule_set import RuleSet

STAGES: Final = ("answer", "decision")
"""Who entered a fact: the branch, or the committee that decided."""
_BRANCH_AND_DAY: Final = select(Fact.branch_id, Fact.occurred_on).where(Fact.id == bindparam("fact"))
_Undone, _Group = aliased(Fact), aliased(Organisation)
_GIVES: Final = func.coalesce(Objection.decision, Objection.outcome).in_(
    [ObjectionOutcome.UPHELD.value, ObjectionOutcome.PARTLY.value]
)
_UPHELD: Final = (
    select(Objection.id, Objection.fact_id, Member.name, _Group.name.label("group_name"))
    .join(Member, Member.id == Objection.member_id)
    .outerjoin(_Group, _Group.id == Member.group_id)
    .where(
        Objection.branch_id == bindparam("branch", type_=Uuid()),
        Objection.year == bindparam("year", type_=Integer()),
        func.coalesce(Objection.quarter, 0) == func.coalesce(bindparam("quarter", type_=Integer()), 0),
        _GIVES,
    )
    .order_by(_Group.pinyin, Member.pinyin, Member.id, Objection.number)
)
_POSTED: Final = (
    select(Fact.fact_type, Fact.occurred_on, Fact.source_id, Fact.reversal_of)
    .where(
        or_(Fact.reversal_of.in_(IDS), Fact.source_id.in_(bindparam("names", type_=String(), expanding=True))),
        Fact.source == OBJECTION,
        Fact.posted_at >= bindparam("since", type_=Fact.posted_at.type),
        ~exists().where(_Undone.reversal_of == Fact.id),
    )
    .order_by(Fact.occurred_on, Fact.posted_at, Fact.seq)
)


class Corrected(NamedTuple):
    """One line at the end of a publicity."""

    name: str
    group_name: str | None
    fact_type: FactType
    occurred_on: date
    is_taken_back: bool
    """Else it was entered."""


FACTS: Final = FactSource(OBJECTION, lazy_gettext("Objection"), "/objections/{id}", fact_types=())
"""Corrections bring no type of fact that is not recorded elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is put right: the fact objected to is taken back, another one is entered, or both."""

    take_back: bool = False
    fact_type: FactType | None = None
    grade: str = ""
    quantity: int = ONE
    """Hundredths."""
    day: date | None = None
    matter: str = ""


class SignedWords(NamedTuple):
    """An answer, or a decision."""

    outcome: ObjectionOutcome
    reasons: str
    correction: Correction = Correction()


def rules_of(session: Session, year: int) -> RuleSet:
    """The rule set by which a year is computed."""
    return versions.rules_of(session, versions.version_of(session, year))


def types_of(session: Session, year: int, rule_id: str | None) -> tuple[FactType, ...]:
    """What can be entered under a line."""
    return next((rule.fact_types for rule in rules_of(session, year).rules() if rule.id == rule_id), ())


def correct(session: Session, actor: Actor, objection: Objection, said: SignedWords, *, stage: str) -> None:
    """Post what the answer of the actor brings, under the objection's id. The caller holds the objection.

    What the branch had entered gives way to what the committee enters (``stage``: ``answer`` or ``decision``). A fact
    keeps its day and counts in its year until that is archived.

    Raises:
        BadInputError: a fact that does not stand under the line objected to.
        FactShapeError: a grade or quantity that the fact cannot have.
    """
    new = said.correction
    check_correction(objection.about, said.outcome, take_back=new.take_back, adds=new.fact_type is not None)
    branch_id, day = objection.branch_id, None
    if objection.fact_id:
        branch_id, day = session.execute(_BRANCH_AND_DAY, {"fact": objection.fact_id}).one()
    back = [objection.fact_id] if new.take_back and objection.fact_id else []
    if new.fact_type is not None and stage == "decision":
        back += [row.id for row in ledger.facts_of(session, OBJECTION, [f"{objection.id}:answer"])]
    note = _("Objection %(number)s") % {"number": called(objection.year, objection.number)}
    if back:
        ledger.reverse(session, back, recorded_by_id=actor.member_id, note=note, objection=objection.id)
    if new.fact_type is None:
        return
    if new.fact_type not in types_of(session, objection.year, objection.rule_id):
        raise BadInputError
    ledger.append(
        session,
        [
            NewFact(
                branch_id=branch_id,
                member_id=objection.member_id,
                fact_type=new.fact_type,
                grade=new.grade,
                quantity=new.quantity,
                matter=new.matter,
                occurred_on=_day(objection, new, same_as=day),
                of_period=True,
                source=OBJECTION,
                source_id=f"{objection.id}:{stage}",
                recorded_by_id=objection.member_id,
                confirmed_by_id=actor.member_id,
                note=note,
            )
        ],
    )


def corrections(
    session: Session, branch_id: UUID, year: int, quarter: int | None, *, since: datetime | None = None
) -> list[Corrected]:
    """What objections of a period have corrected, for the end of its publicity: by group and pinyin, then by day.

    Only what was posted after it was published (``since``) is not in it yet. Facts, no reasons; who may see the branch
    is for the caller to know.
    """
    upheld = session.execute(_UPHELD, {"branch": branch_id, "year": year, "quarter": quarter}).all()
    of = {row.id: row for row in upheld}
    if not of:
        return []
    about = sorted(row.fact_id for row in upheld if row.fact_id)
    facts: dict[UUID, list[AnyRow]] = {objection_id: [] for objection_id in of}
    names = [f"{objection_id}:{stage}" for objection_id in of for stage in STAGES]
    asked = {"ids": about, "names": sorted(names), "since": since or clock.midnight(date(year, 1, 1))}
    for fact in session.execute(_POSTED, asked):
        facts.get(UUID(fact.source_id.partition(":")[0]), []).append(fact)
    return [
        Corrected(of[one].name, of[one].group_name, fact.fact_type, fact.occurred_on, fact.reversal_of is not None)
        for one, posted in facts.items()
        for fact in posted
    ]


def _day(objection: Objection, new: Correction, *, same_as: date | None) -> date:
    """The day of a new fact; what is about a quarter or a year has its last one."""
    day = new.day or objection.day or same_as or last_day_of(objection.year, objection.quarter)
    check_day(day, year=objection.year, quarter=objection.quarter, today=clock.today(), same_as=same_as)
    if new.fact_type is FactType.APPRAISAL_QUARTER:
        return last_day_of(day.year, (day.month + 2) // 3)
    return last_day_of(day.year) if new.fact_type is FactType.REVIEW_RESULT else day
