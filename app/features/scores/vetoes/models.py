"""A veto over a year, and its lifting: a row each, and two people behind each row."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.rows import only
from app.features.members.two_people import DOCUMENT_LENGTH, TwoPeople, two_people
from app.features.scores.sheet import Veto

BASIS_LENGTH: Final = 300
_LIFTS: Final = "stands <> 'declined' AND lifts_id IS NOT NULL"
_WAITS: Final = "stands = 'waiting' AND lifts_id IS NULL"


class MemberVeto(TwoPeople, Base):
    """What takes away a year's double good. It is lifted by another row that says why, and never changed."""

    __tablename__ = "vetoes"
    __table_args__ = (
        *two_people(),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint(f"length(trim(basis)) BETWEEN 1 AND {BASIS_LENGTH}", name="has_basis"),
        CheckConstraint(f"length(trim(document)) BETWEEN 1 AND {DOCUMENT_LENGTH}", name="has_document"),
        CheckConstraint("lifts_id <> id", name="lifts_another"),
        Index("ix_vetoes_year", "member_id", "year"),
        Index("ix_vetoes_lifts", "lifts_id"),
        Index("ix_vetoes_stands", "stands", "member_id"),
        Index("uq_vetoes_lifted_once", "lifts_id", unique=True, **only(_LIFTS)),
        Index("uq_vetoes_one_waits", "member_id", "year", "kind", unique=True, **only(_WAITS)),
    )
    year: Mapped[int] = mapped_column(comment="of the sheet it stands on")
    kind: Mapped[Veto]
    basis: Mapped[str] = mapped_column(String(BASIS_LENGTH), comment="what it rests on; of a lifting, why")
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH), comment="number of the decision")
    dated: Mapped[date] = mapped_column(comment="day of the document")
    lifts_id: Mapped[UUID | None] = mapped_column(ForeignKey("vetoes.id"), comment="the veto that this one lifts")
