"""What a branch or a committee plans to study in a month. A month is its items; one without any has no plan."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.meetings.events.models import MeetingEvent
from app.features.members.models import Member, Organisation
from app.features.records.rules import TITLE_LENGTH
from app.features.study.materials.models import Material
from app.features.study.plan.rules import SPEAKER_LENGTH, Expected
from app.features.study.rules import StudyKind


class PlanItem(Base):
    """One line of a month's plan. What became of it stands with its meeting; who did not study it stands nowhere."""

    __tablename__ = "plan_items"
    __table_args__ = (
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}", name="has_title"),
        CheckConstraint(f"length(trim(speaker)) BETWEEN 1 AND {SPEAKER_LENGTH}", name="speaker_not_blank"),
        CheckConstraint("event_id IS NULL OR kind <> 'self_study'", name="self_study_has_no_meeting"),
        CheckConstraint("adopted_from_id <> id", name="not_adopted_from_itself"),
        UniqueConstraint("owner_id", "month", "adopted_from_id", name="uq_plan_items_adopted_once"),
        Index("ix_plan_items_owner", "owner_id", "month", "place"),
        Index("ix_plan_items_adopted", "adopted_from_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the branch or committee that plans")
    month: Mapped[date] = mapped_column(comment="its first day")
    place: Mapped[int] = mapped_column(comment="in the month; equal ones in the order of their ids")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    kind: Mapped[StudyKind]
    expected: Mapped[Expected] = mapped_column(default=Expected.ALL)
    speaker: Mapped[str | None] = mapped_column(String(SPEAKER_LENGTH), comment="NULL: whom the meeting names, if any")
    event_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(MeetingEvent.id), comment="the meeting at which it is studied; NULL: in the course of the month"
    )
    adopted_from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("plan_items.id", ondelete="SET NULL"), comment="the item of a committee above that was taken over"
    )
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class PlanItemMaterial(Base):
    """A material of an item: the owner's own, or one of a committee above."""

    __tablename__ = "plan_item_materials"
    __table_args__ = (Index("ix_plan_item_materials_material", "material_id"),)
    item_id: Mapped[UUID] = mapped_column(ForeignKey(PlanItem.id, ondelete="CASCADE"), primary_key=True)
    material_id: Mapped[UUID] = mapped_column(ForeignKey(Material.id, ondelete="CASCADE"), primary_key=True)
