"""Who is known outside by what, and who has gone there just now. Subjects and secrets are kept only as digests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.sign_in.models import SignInSession
from app.features.sign_in.outside.rules import LABEL_LENGTH, NEXT_LENGTH, MadeBy, Purpose, Way


class OutsideLink(Base):
    """One member as somebody outside knows it. It is deleted when it ends; the audit log says that it was."""

    __tablename__ = "outside_links"
    __table_args__ = (
        UniqueConstraint("subject_digest", name="uq_outside_links_subject_digest"),
        UniqueConstraint("member_id", "way", name="uq_outside_links_member_way"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    way: Mapped[Way]
    subject_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of way, place and subject")
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH), comment="what the person is called there")
    made_by: Mapped[MadeBy]
    linked_at: Mapped[datetime] = mapped_column(default=clock.now)


class OutsideSession(Base):
    """Which sessions were opened by the word of somebody outside, and not by a password or a slip."""

    __tablename__ = "outside_sessions"
    session_id: Mapped[UUID] = mapped_column(ForeignKey(SignInSession.id, ondelete="CASCADE"), primary_key=True)
    way: Mapped[Way]
    subject_digest: Mapped[str] = mapped_column(String(64), comment="as in outside_links")


class OutsideTrip(Base):
    """Somebody who went outside from one browser and has not come back yet: good for one way back."""

    __tablename__ = "outside_trips"
    __table_args__ = (
        UniqueConstraint("state_digest", name="uq_outside_trips_state_digest"),
        CheckConstraint("(purpose = 'enter') = (member_id IS NULL)", name="whose_it_is"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    state_digest: Mapped[str] = mapped_column(String(64))
    browser_digest: Mapped[str] = mapped_column(String(64), comment="of what the browser keeps meanwhile")
    way: Mapped[Way]
    purpose: Mapped[Purpose]
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), index=True)
    lands_on: Mapped[str] = mapped_column(String(NEXT_LENGTH), comment="the page to go to then")
    is_shared: Mapped[bool] = mapped_column(comment="others use this phone too")
    begun_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
