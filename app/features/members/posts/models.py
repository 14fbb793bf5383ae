"""Posts that wait for a second person's word."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member, Organisation
from app.features.members.rules import ProposalState, Role


class PostProposal(Base):
    """A post that somebody would give or end, and that waits for a second person's word."""

    __tablename__ = "post_proposals"
    __table_args__ = (
        CheckConstraint("proposed_by_id <> member_id", name="not_for_oneself"),
        CheckConstraint("decided_by_id <> member_id OR state <> 'confirmed'", name="not_confirmed_for_oneself"),
        CheckConstraint("decided_by_id <> proposed_by_id OR state <> 'confirmed'", name="confirmed_by_another"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="time_iff_decided"),
        CheckConstraint("(decided_by_id IS NULL) = (state IN ('waiting', 'lapsed'))", name="decider_iff_decided"),
        CheckConstraint("ends OR starts_on IS NOT NULL", name="a_post_given_has_a_first_day"),
        Index(
            "uq_post_proposals_waiting",
            "member_id",
            "organisation_id",
            "role",
            unique=True,
            **only("state = 'waiting'"),
        ),
        Index("ix_post_proposals_state", "state", "proposed_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    role: Mapped[Role]
    ends: Mapped[bool] = mapped_column(comment="whether the post is to end; else it is to be given")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(comment="NULL: open, or at once where the post ends")
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.WAITING)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime | None]
