"""An objection: who filed it about what, the days that were given, and each step with its person and moment."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.enum_columns import words_under
from app.core.ids import new_id
from app.core.rows import only
from app.features.ledger.models import Fact
from app.features.members.models import Member, Organisation
from app.features.scores.objections.rules import REASONS_LENGTH, WORDS_LENGTH, About, Matter, ObjectionOutcome, State

_OF_A_FACT: Final = "fact_id IS NOT NULL AND state <> 'withdrawn'"


def _iff_answered(column: str) -> str:
    return f"(outcome IS NULL) = ({column} IS NULL)"


def _iff_decided(column: str) -> str:
    return f"(decision IS NULL) = ({column} IS NULL)"


class Objection(Base):
    """One objection. A quarter is 1 to 4; none is the year. All days were computed when their step opened."""

    __tablename__ = "objections"
    __table_args__ = (
        UniqueConstraint("branch_id", "year", "number", name="uq_objections_number"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_of_four"),
        CheckConstraint("number > 0", name="number_from_one"),
        CheckConstraint("(about = 'fact') = (fact_id IS NOT NULL)", name="fact_iff_about_one"),
        CheckConstraint("(about = 'standing') = (matter IS NOT NULL)", name="matter_iff_about_standing"),
        CheckConstraint("about = 'standing' OR rule_id IS NOT NULL", name="facts_have_a_line"),
        CheckConstraint(f"length(trim(words)) BETWEEN 1 AND {WORDS_LENGTH}", name="has_words"),
        CheckConstraint(
            "answer_by IS NOT NULL OR state IN ('late', 'declined', 'withdrawn')", name="answer_by_unless_late"
        ),
        CheckConstraint("is_late OR (taken_by_id IS NULL AND state NOT IN ('late', 'declined'))", name="taken_if_late"),
        CheckConstraint(
            "NOT is_late OR state = 'declined' OR (taken_by_id IS NULL) = (answer_by IS NULL)",
            name="late_days_from_taking_up",
        ),
        CheckConstraint(
            "state <> 'declined' OR (taken_by_id IS NOT NULL AND answer_by IS NULL)", name="declined_by_somebody"
        ),
        CheckConstraint("(taken_by_id IS NULL) = (taken_at IS NULL)", name="taken_at_iff_taken"),
        CheckConstraint("(state = 'declined') = (declined_because IS NOT NULL)", name="declined_with_reasons"),
        CheckConstraint(
            f"length(trim(declined_because)) BETWEEN 1 AND {REASONS_LENGTH}", name="declined_because_has_words"
        ),
        CheckConstraint(_iff_answered("reasons"), name="answered_with_reasons"),
        CheckConstraint(_iff_answered("answered_by_id"), name="answered_by_somebody"),
        CheckConstraint(_iff_answered("answered_at"), name="answered_at_a_moment"),
        CheckConstraint(_iff_answered("escalate_until"), name="escalate_until_iff_answered"),
        CheckConstraint(f"length(trim(reasons)) BETWEEN 1 AND {REASONS_LENGTH}", name="reasons_have_words"),
        CheckConstraint("state NOT IN ('answered', 'accepted') OR outcome IS NOT NULL", name="answered_is_answered"),
        CheckConstraint(
            "state NOT IN ('late', 'declined', 'filed', 'withdrawn') OR outcome IS NULL", name="open_is_not_answered"
        ),
        CheckConstraint("(state IN ('escalated', 'decided')) = (escalated_at IS NOT NULL)", name="escalated_iff_state"),
        CheckConstraint("(escalated_at IS NULL) = (decide_by IS NULL)", name="decide_by_iff_escalated"),
        CheckConstraint("(state = 'decided') = (decision IS NOT NULL)", name="decided_iff_state"),
        CheckConstraint(_iff_decided("decision_reasons"), name="decided_with_reasons"),
        CheckConstraint(_iff_decided("decided_by_id"), name="decided_by_somebody"),
        CheckConstraint(_iff_decided("decided_at"), name="decided_at_a_moment"),
        CheckConstraint(
            f"length(trim(decision_reasons)) BETWEEN 1 AND {REASONS_LENGTH}", name="decision_reasons_have_words"
        ),
        CheckConstraint("(state IN ('withdrawn', 'accepted')) = (ended_at IS NOT NULL)", name="ended_iff_by_member"),
        CheckConstraint("taken_by_id <> member_id", name="not_taken_up_by_oneself"),
        CheckConstraint("answered_by_id <> member_id", name="not_answered_by_oneself"),
        CheckConstraint("decided_by_id <> member_id", name="not_decided_by_oneself"),
        CheckConstraint("decided_by_id <> answered_by_id", name="decided_by_another"),
        Index("ix_objections_member", "member_id", "year"),
        Index("ix_objections_state", "state", "branch_id"),
        Index("uq_objections_one_of_a_fact", "fact_id", unique=True, **only(_OF_A_FACT)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="that answers")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … of the branch and the year")
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    year: Mapped[int]
    quarter: Mapped[int | None] = mapped_column(comment="NULL: the year")
    about: Mapped[About]
    matter: Mapped[Matter | None] = mapped_column(comment="which standing")
    fact_id: Mapped[UUID | None] = mapped_column(ForeignKey(Fact.id))
    rule_id: Mapped[str | None] = mapped_column(String(4), comment="the line of the sheet")
    day: Mapped[date | None] = mapped_column(comment="of what is missing, as the member says")
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[State] = mapped_column(default=State.FILED)
    is_late: Mapped[bool] = mapped_column(comment="filed after the last day of the publicity's objections")
    filed_at: Mapped[datetime] = mapped_column(default=clock.now)
    answer_by: Mapped[date | None] = mapped_column(comment="last day of the branch; NULL while a late one waits")
    taken_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    taken_at: Mapped[datetime | None]
    declined_because: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[ObjectionOutcome | None] = mapped_column(words_under("outcome", ObjectionOutcome))
    reasons: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    answered_at: Mapped[datetime | None]
    escalate_until: Mapped[date | None] = mapped_column(comment="last day to take the answer further")
    escalated_at: Mapped[datetime | None]
    decide_by: Mapped[date | None] = mapped_column(comment="last day of the committee")
    decision: Mapped[ObjectionOutcome | None] = mapped_column(words_under("decision", ObjectionOutcome))
    decision_reasons: Mapped[str | None] = mapped_column(Text)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(comment="withdrawn or accepted by the member")
