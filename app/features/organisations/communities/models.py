"""Which branches look after which community, and how that came about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member, Organisation
from app.features.organisations.communities.rules import PairingChangeKind


class CommunityPairing(Base):
    """A branch looks after the wishes of a community; exactly one of its branches leads."""

    __tablename__ = "community_pairings"
    __table_args__ = (
        CheckConstraint("branch_id <> community_id", name="two_places"),
        Index(
            "uq_community_pairings_one_leads",
            "community_id",
            unique=True,
            sqlite_where=text("leads"),
            postgresql_where=text("leads"),
        ),
    )
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True, index=True)
    leads: Mapped[bool] = mapped_column(default=False, comment="answers for the community's wishes")


class PairingChange(Base):
    """What somebody changed about a pairing. Triggers let nobody change or remove it."""

    __tablename__ = "pairing_changes"
    __table_args__ = (Index("ix_pairing_changes_community", "community_id", "id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: a command on the server")
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    change: Mapped[PairingChangeKind]
