"""Which branches look after which community, and how that came about."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.rows import only
from app.features.members.models import Organisation


class CommunityPairing(Base):
    """A branch looks after the wishes of a community; exactly one of its branches leads."""

    __tablename__ = "community_pairings"
    __table_args__ = (
        CheckConstraint("branch_id <> community_id", name="two_places"),
        Index("uq_community_pairings_one_leads", "community_id", unique=True, **only("leads")),
    )
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True, index=True)
    leads: Mapped[bool] = mapped_column(default=False, comment="answers for the community's wishes")
