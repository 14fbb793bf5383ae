"""Attachments: who takes part where beside the own branch. What was decided about one is its review's."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.meetings.attachments.rules import AttachmentKind
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review


class Attachment(Base):
    """One person, the own branch, and the host in which that person takes part for a time; never a vote, never twice.

    An officer of one branch entered it, and its review waits in the other.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("home_id <> host_id", name="of_two_branches"),
        CheckConstraint("last_on >= first_on", name="ends_after_it_begins"),
        CheckConstraint("(ended_on IS NULL) = (ended_by_id IS NULL)", name="by_whom_iff_ended"),
        CheckConstraint("ended_by_id <> member_id", name="not_ended_by_oneself"),
        CheckConstraint("entered_by_id <> member_id", name="not_entered_by_oneself"),
        Index("ix_attachments_member", "member_id", "first_on"),
        Index("ix_attachments_home", "home_id", "first_on"),
        Index("ix_attachments_host", "host_id", "first_on"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    home_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the own branch when it was entered")
    host_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    kind: Mapped[AttachmentKind]
    first_on: Mapped[date] = mapped_column(comment="branch-local day")
    last_on: Mapped[date | None] = mapped_column(comment="its last day, inclusive; NULL: until somebody ends it")
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    ended_on: Mapped[date | None] = mapped_column(comment="its last day, where an officer of either branch ended it")
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
